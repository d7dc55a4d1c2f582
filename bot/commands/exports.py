"""`saan export`: data out, as JSON or as a table that a spreadsheet opens."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from bot.commands.common import city_book, opened, print_json
from bot.commands.reports import noted

Row = dict[str, Any]
_CASES = [
    "code",
    "kind",
    "status",
    "category",
    "network",
    "text",
    "lead",
    "helpers",
    "routing",
    "reporters",
    "followers",
    "place",
    "deadlines",
    "history",
    "rating",
    "reopened",
    "chronic",
    "recurrence",
    "related",
    "merged_into",
    "reports",
    "assignee",
    "nudges",
    "urgent",
    "opened",
    "changed",
    "expected",
    "overdue",
    "done",
    "closed",
    "closed_how",
    "photos",
    "further_networks",
]
"""Columns of the table of cases; they stand there also while there are none."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run as a formula by a spreadsheet."""


def export(args: argparse.Namespace) -> int:
    """All cases, all networks, or the cases as open data (masked, without people), which are written as they are read."""
    if args.what == "open-data":
        return _open_data(args.format)
    found = _found(args.what)
    if args.format == "json":
        print_json(found)
        return 0
    _table(_CASES if args.what == "cases" else list(found[0]) if found else [], found)
    return 0


def _table(columns: list[str], rows: Iterable[Row]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)


def _open_data(form: str) -> int:
    from bot.web.opendata.fields import FIELDS

    if form == "csv":
        _table(list(FIELDS), _open_records())
        return 0
    between = "["
    for record in _open_records():
        sys.stdout.write(between + json.dumps(record, ensure_ascii=False))
        between = ",\n"
    sys.stdout.write("]\n" if between != "[" else "[]\n")
    return 0


def _open_records() -> Iterator[Row]:
    from bot.web.opendata.fields import Writer
    from handlers.services import open_cases
    from store.queries.open_cases import Wanted

    wiring = opened()
    with wiring.store.reading() as unit:
        writer = Writer(city_book(wiring, unit), wiring.house.pages)
    return (writer.record(case) for case in open_cases.everything(wiring.store, Wanted()))


def _found(what: str) -> list[Row]:
    from handlers.services import reports

    wiring = opened()
    if what == "cases":
        with wiring.store.writing() as unit:
            noted(unit, "export")
            return reports.cases(unit)
    with wiring.store.reading() as unit:
        return reports.networks(unit, city_book(wiring, unit), wiring.clockwork.city_now())


def _cell(value: Any) -> Any:
    """Lists and objects as JSON; words that would be a formula get an apostrophe in front."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value
