"""`saan route` and `saan agencies`: where a message would go and why, how well the rows guess, who keeps promises."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, city_book, opened, print_json, print_table

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from handlers.city import CityBook
    from nlp import Understanding
    from store import Unit

Row = dict[str, Any]


def route(args: argparse.Namespace) -> int:
    """One decision without a case, or what is known about the rows."""
    wiring = opened()
    if args.effect is not None:
        return _effect(args, wiring)
    with wiring.store.reading() as unit:
        book = city_book(wiring, unit)
        if args.stats:
            return _stats(args, wiring, unit, book)
        if args.versions:
            from handlers.services import routing

            return _table(
                args, routing.versions(unit), ("version", "at", "source", "rows", "changed", "moved")
            )
        return _show(args, _forecast(args, wiring, unit, book))


def _forecast(args: argparse.Namespace, wiring: Wiring, unit: Unit, book: CityBook) -> Row:
    from handlers.services import routing
    from store.queries import cases as case_rows

    understood = _understood(args, wiring, unit)
    place = understood.place if understood else None
    category = args.category or (understood.category if understood else "")
    area = _area(args.area, book) if args.area else (place.area if place else None)
    if category not in book.categories:
        raise Fault(f"unknown category {category!r}; there are {', '.join(book.categories)}")
    urgent = args.urgent or bool(understood and understood.urgent)
    usual = case_rows.usual_time(unit, category, area)
    days = {"low": usual.low_days, "high": usual.high_days, "cases": usual.n} if usual else None
    meaning = _meaning(understood) if understood else {}
    return {**meaning, **routing.forecast(book, area, category, urgent), "usual_days": days}


def _understood(args: argparse.Namespace, wiring: Wiring, unit: Unit) -> Understanding | None:
    words = " ".join(part for part in (args.text, args.place) if part)
    if not words and not args.category:
        raise Fault("say --text, or --category (with --area)")
    return wiring.house.understander(unit).understand(words) if words else None


def _meaning(found: Understanding) -> Row:
    return {
        "understood": found.category,
        "confidence": round(found.confidence, 4),
        "decision": found.decision,
        "place": found.place.text if found.place else None,
    }


def _area(code: str, book: CityBook) -> str:
    if code not in book.areas:
        raise Fault(f"unknown area {code!r}; there are {', '.join(a.code for a in book.data.inside)}")
    return code


def _effect(args: argparse.Namespace, wiring: Wiring) -> int:
    from bot.commands.city import effect_lines, previewed

    found = previewed(wiring, Path(args.effect))
    if args.json:
        print_json(found)
    else:
        for line in effect_lines(found):
            print(line)
    return 0


def _stats(args: argparse.Namespace, wiring: Wiring, unit: Unit, book: CityBook) -> int:
    from handlers.services import routing

    since = wiring.clockwork.city_now() - timedelta(days=args.days)
    found = routing.statistics(unit, book, since)
    if args.json:
        print_json(found)
        return 0
    columns = ("row", "lead", "right", "wrong", "share", "went_on", "better")
    print_table([columns, *([row[name] for name in columns] for row in found)])
    for row in found:
        if row["better"] and row["current"]:
            decided = row["right"] + row["wrong"]
            print(
                f"row {row['row']}: {row['went_on'][row['better']]} of {decided} went on to {row['better']}"
            )
    return 0


def agencies(args: argparse.Namespace) -> int:
    """Promises kept and broken, and the usual times, per agency."""
    from handlers.services import agencies as service

    wiring = opened()
    with wiring.store.reading() as unit:
        found = service.report(unit, city_book(wiring, unit))
    columns = ("code", "kept", "broken", "share_kept", "median_ack_hours", "median_finish_days", "name")
    return _table(args, found, columns)


def _table(args: argparse.Namespace, found: list[Row], columns: tuple[str, ...]) -> int:
    if args.json:
        print_json(found)
    else:
        print_table([columns, *([row[name] for name in columns] for row in found)])
    return 0


def _show(args: argparse.Namespace, found: Row) -> int:
    if args.json:
        print_json(found)
        return 0
    plain = {name: value for name, value in found.items() if name not in ("helpers", "next", "targets")}
    print_table(plain.items())
    print_table(("helper", helper["agency"], helper["task"]) for helper in found["helpers"])
    print_table(("then", step["lead"], step["row"] or "integrator", step["reason"]) for step in found["next"])
    print_table((f"hours to {name}", hours) for name, hours in found["targets"].items())
    return 0
