"""`saan export`: data out, as JSON or as a table that a spreadsheet opens."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import Any

from bot.commands.common import opened, print_json
from bot.commands.reports import _book, noted

Row = dict[str, Any]
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run as a formula by a spreadsheet."""


def export(args: argparse.Namespace) -> int:
    """All cases, all networks, or the cases as open data (masked, without exact points)."""
    found = _found(args.what)
    if args.format == "json":
        print_json(found)
        return 0
    columns = list(dict.fromkeys(name for row in found for name in row))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in found)
    return 0


def _found(what: str) -> list[Row]:
    from handlers.services import reports

    wiring = opened()
    if what == "cases":
        with wiring.store.writing() as unit:
            noted(unit, "export")
            return reports.cases(unit)
    with wiring.store.reading() as unit:
        if what == "open-data":
            return reports.open_data(unit)
        return reports.networks(unit, _book(wiring, unit), wiring.clockwork.city_now())


def _cell(value: Any) -> Any:
    """Lists and objects as JSON; words that would be a formula get an apostrophe in front."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value
