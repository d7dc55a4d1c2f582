"""`saan … invite`: prints one invite code."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.commands.common import Fault, city_book, opened

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
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
            _check(city_book(wiring, unit), agency, network)
        now = wiring.clockwork.city_now()
        name, until = getattr(args, "name", ""), _end(wiring, getattr(args, "until", None), now)
        print(people.new_invite(unit, now, role, agency=agency, network=network, name=name, until=until))
    return 0


def _end(wiring: Wiring, told: str | None, now: datetime) -> datetime | None:
    """Midnight after the last day of the term, in the city's time."""
    if told is None:
        return None
    try:
        last = date.fromisoformat(told)
    except ValueError:
        raise Fault(f"--until {told}: a day like 2027-09-30") from None
    end = datetime.combine(last + timedelta(days=1), time(0), wiring.settings.zone)
    if end <= now:
        raise Fault(f"--until {told} is over already")
    return end


def _check(book: CityBook, agency: str | None, network: str | None) -> None:
    if agency and agency not in book.agencies:
        raise Fault(f"there is no agency {agency}; there are {', '.join(book.agencies)}")
    if network and network not in book.networks:
        raise Fault(f"there is no network {network}; there are {', '.join(book.networks)}")
