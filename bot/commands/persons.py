"""`saan person`: what the law gives every person, also to somebody who comes to the counter."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bot.commands.common import Fault, opened

if TYPE_CHECKING:
    from store import Unit
    from store.models import Case, Person


def export(args: argparse.Namespace) -> int:
    """Everything kept about a person, as JSON."""
    from handlers.services import privacy

    with opened().store.reading() as unit:
        case = _case(unit, args.line_user_id)
        if case is not None:
            found = privacy.export_without_line(unit, case)
        else:
            found = privacy.export(unit, _person(unit, args.line_user_id))
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def forget(args: argparse.Namespace) -> int:
    """Delete a person's words, pictures, roles and memberships; the cases stay, without a name."""
    from handlers.services import privacy
    from handlers.talk import Scene

    wiring = opened()
    now = wiring.clockwork.city_now()
    with wiring.store.writing() as unit:
        case = _case(unit, args.line_user_id)
        if case is not None:
            privacy.forget_without_line(unit, case)
        else:
            person = _person(unit, args.line_user_id)
            privacy.forget(Scene(wiring.house, unit, now, wiring.clockwork.machine()), person)
    print("forgotten")
    return 0


def _case(unit: Unit, word: str) -> Case | None:
    """The case whose reporter has no LINE, when it is a case's code that was given."""
    from handlers.services import privacy
    from store.queries import cases

    found = cases.look_up(unit, word.upper()) if word[:1].isalpha() and "-" in word else None
    if found is not None and not privacy.without_line(found):
        raise Fault(f"everybody who reported {found.code} did so on LINE: name the LINE user id")
    return found


def _person(unit: Unit, line_id: str) -> Person:
    from store.queries import people

    found = people.by_line_id(unit, line_id)
    if found is None:
        raise Fault(f"nobody is known as {line_id}")
    return found
