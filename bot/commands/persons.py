"""`saan person`: what the law gives every person, also to somebody who comes to the counter."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bot.commands.common import Fault, opened

if TYPE_CHECKING:
    from store import Unit
    from store.models import Person


def export(args: argparse.Namespace) -> int:
    """Everything kept about a person, as JSON."""
    from handlers.services import privacy

    with opened().store.reading() as unit:
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
        person = _person(unit, args.line_user_id)
        privacy.forget(Scene(wiring.house, unit, now, wiring.clockwork.machine()), person)
    print("forgotten")
    return 0


def _person(unit: Unit, line_id: str) -> Person:
    from store.queries import people

    found = people.by_line_id(unit, line_id)
    if found is None:
        raise Fault(f"nobody is known as {line_id}")
    return found
