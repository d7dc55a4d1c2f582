"""`saan … invite`: prints one invite code."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.commands.common import Fault, opened
from bot.commands.reports import _book

if TYPE_CHECKING:
    from handlers.city import CityBook


def invite(args: argparse.Namespace) -> int:
    """The code works once, for seven days; only its hash is kept."""
    from handlers.services import people
    from store.words import RoleName

    wiring = opened()
    role = RoleName.HEAD if getattr(args, "head", False) else RoleName(args.role)
    agency, network = getattr(args, "agency", None), getattr(args, "network", None)
    with wiring.store.writing() as unit:
        if agency or network:
            _check(_book(wiring, unit), agency, network)
        now = wiring.clockwork.city_now()
        name = getattr(args, "name", "")
        print(people.new_invite(unit, now, role, agency=agency, network=network, name=name))
    return 0


def _check(book: CityBook, agency: str | None, network: str | None) -> None:
    if agency and agency not in book.agencies:
        raise Fault(f"there is no agency {agency}; there are {', '.join(book.agencies)}")
    if network and network not in book.networks:
        raise Fault(f"there is no network {network}; there are {', '.join(book.networks)}")
