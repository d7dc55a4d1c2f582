"""`saan cases`, `case`, `networks`, `network`, `outbox`, `inbox` and `quota`: what an installation knows."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, account, city_book, opened, print_json, print_table

if TYPE_CHECKING:
    from store import Unit

Row = dict[str, Any]


def cases(args: argparse.Namespace) -> int:
    from handlers.services import reports
    from store.words import Status

    if args.status is not None and args.status not in set(Status):
        raise Fault(f"unknown status {args.status!r}; there are {', '.join(Status)}")
    with opened().store.writing() as unit:
        found = reports.cases(unit, args.status)
        noted(unit, "cases")
    return _show(args, found, ("code", "status", "category", "lead", "network", "text"))


def case(args: argparse.Namespace) -> int:
    from handlers.rules.codes import find_code
    from handlers.services import reports

    with opened().store.writing() as unit:
        found = reports.one_case(unit, find_code(args.code) or "")
        if found is not None:
            noted(unit, "case", found["code"])
    if found is None:
        raise Fault(f"there is no case {args.code}")
    return _show_one(args, found)


def noted(unit: Unit, what: str, code: str | None = None) -> None:
    """These commands show the original words, so it is written down who used them."""
    from handlers.services import seeing

    seeing.by_operator(unit, datetime.now(UTC), account(), what, code)


def audit(args: argparse.Namespace) -> int:
    from handlers.rules.codes import find_code
    from handlers.services import reports

    code = find_code(args.case or "")
    if args.case and code is None:
        raise Fault(f"{args.case!r} is no case code")
    with opened().store.reading() as unit:
        found = reports.readings(unit, code, args.person)
    return _show(args, found, ("at", "actor", "person", "what", "case"))


def networks(args: argparse.Namespace) -> int:
    from handlers.services import reports

    wiring = opened()
    with wiring.store.reading() as unit:
        book = city_book(wiring, unit)
        found = reports.networks(unit, book, wiring.clockwork.city_now())
    rows = [{**row, "members": row["metrics"]["members"], "open": row["metrics"]["open"]} for row in found]
    return _show(args, found if args.json else rows, ("code", "name", "members", "open"))


def network(args: argparse.Namespace) -> int:
    from handlers.services import reports

    if args.code == "new" or args.link:
        from bot.commands import founding

        return founding.new(args) if args.code == "new" else founding.link(args)
    wiring = opened()
    with wiring.store.reading() as unit:
        book = city_book(wiring, unit)
        row = book.networks.get(args.code)
        if row is None:
            raise Fault(f"there is no network {args.code}")
        return _show_one(args, reports.network_seen(unit, book, row, wiring.clockwork.city_now()))


def outbox(args: argparse.Namespace) -> int:
    from handlers.services import reports
    from store.queries import outbox as rows

    with opened().store.reading() as unit:
        found = [reports.sent(row) for row in rows.newest(unit, 100_000)]
    return _show(args, found, ("id", "created", "channel", "purpose", "state", "how", "attempts", "reason"))


def inbox(args: argparse.Namespace) -> int:
    from handlers.services import reports
    from store.queries import inbox as rows

    with opened().store.reading() as unit:
        found = [reports.came(row) for row in rows.newest(unit, 100_000)]
    return _show(args, found, ("id", "at", "kind", "state", "attempts", "reason"))


def quota(args: argparse.Namespace) -> int:
    from handlers.rules import quota as rules
    from handlers.services import reports

    wiring = opened()
    allowed, used = wiring.messenger.quota()
    now = datetime.now(UTC).astimezone(wiring.settings.zone)
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    with wiring.store.reading() as unit:
        passed = rules.passed(now.timestamp())
        limit = allowed if allowed is not None else wiring.settings.line_month or None
        return _show_one(args, reports.quota(unit, limit, used, month, passed))


def _show(args: argparse.Namespace, found: list[Row], columns: Sequence[str]) -> int:
    if args.json:
        print_json(found)
    else:
        print_table([columns, *([row[name] for name in columns] for row in found)])
    return 0


def _show_one(args: argparse.Namespace, found: Row) -> int:
    if args.json:
        print_json(found)
    else:
        print_table((name, value) for name, value in found.items() if name not in ("history", "members"))
        print_table(("history", *row.values()) for row in found.get("history", ()))
    return 0
