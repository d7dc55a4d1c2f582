"""`saan network new …` and `saan network CODE --link OTHER`: an administrator founds and links networks."""

from __future__ import annotations

import argparse
import re
from typing import Any

from bot.commands.common import Fault, city_book, opened

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,19}", re.ASCII)
_NEEDED = ("new_code", "name", "goal")


def new(args: argparse.Namespace) -> int:
    """A network that is not of the city folder; it takes cases and members from this moment."""
    from handlers.services import founding
    from store.city_data import CATEGORY_CODES, EVERYWHERE, NetworkRow

    missing = [f"--{name.replace('new_', '')}" for name in _NEEDED if not getattr(args, name)]
    if missing:
        raise Fault(f"network new needs {', '.join(missing)}")
    if not _CODE.fullmatch(args.new_code) or len(args.name) > 80 or len(args.goal) > 400:
        raise Fault("a code has 2 to 20 capital letters and digits, a name 80 letters, a goal 400 at most")
    wiring = opened()
    with wiring.store.writing() as unit:
        book = city_book(wiring, unit)
        city = book.data.city
        areas, categories = _list(args.areas), _list(args.categories)
        integrator = args.integrator or city.integrator
        _known("area", areas, {EVERYWHERE, *book.areas})
        _known("category", categories, {EVERYWHERE, *CATEGORY_CODES})
        _known("agency", (integrator,), set(book.agencies))
        if args.new_code in book.networks:
            raise Fault(f"there is a network {args.new_code} already")
        kind = "issue" if EVERYWHERE in areas else "area"
        row = NetworkRow(
            code=args.new_code,
            name_th=args.name,
            name_en=args.name_en or args.name,
            goal_th=args.goal,
            goal_en=args.goal_en or args.goal,
            categories=categories,
            areas=areas,
            integrator=integrator,
            conditions_th=founding.conditions("th"),
            conditions_en=founding.conditions("en"),
            level=args.level,
            kind=kind,
            founded=True,
        )
        founding.found(unit, row)
    print(args.new_code)
    return 0


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip()) or ("*",)


def _known(what: str, codes: tuple[str, ...], known: set[str]) -> None:
    for code in codes:
        if code not in known:
            raise Fault(f"unknown {what} {code!r}")


def link(args: argparse.Namespace) -> int:
    """Two networks work together from now on."""
    from store.queries import charters

    wiring: Any = opened()
    with wiring.store.writing() as unit:
        book = city_book(wiring, unit)
        _known("network", (args.code, args.link), set(book.networks))
        if not charters.link(unit, args.code, args.link, wiring.clockwork.city_now()):
            raise Fault(f"{args.code} and {args.link} are linked already, or the same")
    return 0
