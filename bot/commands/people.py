"""`saan official|coordinator|representative|admin list` and `remove`: who may do what, and taking it away."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, opened, print_json, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from store.models import Role

_COLUMNS = ("line_user_id", "name", "role", "agency", "network", "since", "until", "on_duty")


def listed(args: argparse.Namespace) -> int:
    """Everybody who holds the role now; of one agency or network, or all."""
    from store.queries import people

    wiring = opened()
    now = wiring.clockwork.city_now()
    with wiring.store.reading() as unit:
        roles = people.roles_of(unit, _names(args.role), agency=args.agency, network=args.network)
        found = [_row(role) for role in roles if role.runs(now)]
    if args.json:
        print_json(found)
    else:
        print_table([row[name] if row[name] is not None else "" for name in _COLUMNS] for row in found)
    return 0


def remove(args: argparse.Namespace) -> int:
    """From this moment: no access, and nothing that waits for her is sent."""
    from handlers.services import staff
    from handlers.talk import Scene
    from store.queries import people

    wiring = opened()
    now = wiring.clockwork.city_now()
    with wiring.store.writing() as unit:
        person = people.by_line_id(unit, args.line_user_id)
        roles = [role for role in person.roles if _asked_for(role, args, now)] if person else []
        if not roles:
            raise Fault(f"{args.line_user_id} is no {args.role} here")
        scene = Scene(wiring.house, unit, now, wiring.house.clock())
        left = sum(staff.end_role(scene, role) for role in roles)
    print(f"removed; {left} open cases need somebody new")
    return 0


def _names(role: str) -> tuple[str, ...]:
    return ("official", "head") if role == "official" else (role,)


def _asked_for(role: Role, args: argparse.Namespace, now: datetime) -> bool:
    place = (args.agency in (None, role.agency)) and (args.network in (None, role.network))
    return role.name in _names(args.role) and place and role.runs(now)


def _row(role: Role) -> dict[str, Any]:
    from handlers.services.reports import iso

    return {
        "line_user_id": role.person.line_id,
        "name": role.person.name,
        "role": role.name,
        "agency": role.agency,
        "network": role.network,
        "since": iso(role.since),
        "until": iso(role.until),
        "on_duty": role.person.on_duty,
    }
