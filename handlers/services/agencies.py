"""How agencies keep their promises, as plain data."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

from handlers.city import CityBook
from handlers.rules import deadlines
from handlers.services.cases import SYSTEM
from store import Unit
from store.queries import routing as rows

Data = dict[str, Any]
_HOUR = timedelta(hours=1)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
KINDS = (*deadlines.LEAD_KINDS, *deadlines.HELP_KINDS)


def report(unit: Unit, book: CityBook) -> list[Data]:
    """Every agency of the city: promises by kind and how they ended, and the usual time to answer and to finish.

    Hours to answer are the agency's working hours, days to finish calendar days as citizens live them; None where
    there is nothing to measure.
    """
    kept: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for agency, kind, state, n in rows.promises(unit):
        kept[agency][kind][state] = n
    times = _times(unit, book)
    return [
        {
            "code": agency.code,
            "name": agency.name_th,
            "sector": agency.sector,
            "parent": agency.parent,
            "promises": {kind: dict(kept[agency.code][kind]) for kind in KINDS if kept[agency.code][kind]},
            "kept": _sum(kept[agency.code], "kept"),
            "broken": _sum(kept[agency.code], "broken"),
            "share_kept": _share(kept[agency.code]),
            "median_ack_hours": _middle(times[agency.code][0]),
            "median_finish_days": _middle(times[agency.code][1]),
        }
        for agency in book.data.agencies
    ]


def _sum(kinds: dict[str, dict[str, int]], state: str) -> int:
    return sum(states.get(state, 0) for states in kinds.values())


def _share(kinds: dict[str, dict[str, int]]) -> float | None:
    kept, broken = _sum(kinds, "kept"), _sum(kinds, "broken")
    return round(kept / (kept + broken), 3) if kept + broken else None


def _middle(values: list[float]) -> float | None:
    return round(median(values), 2) if values else None


def _times(unit: Unit, book: CityBook) -> dict[str, tuple[list[float], list[float]]]:
    """Per agency: working hours from the offer to its answer, days from the report to the finish."""
    found: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for _, history in groupby(rows.routing_steps(unit, _EVER), key=lambda row: row.case_id):
        offered: rows.RoutingStep | None = None
        for row in history:
            if row.kind == "offered":
                offered = row
            elif row.kind == "accepted" and offered is not None and row.role != SYSTEM.role:
                lead = str(offered.data.get("lead"))
                found[lead][0].append(book.calendar(lead).hours_between(offered.at, row.at))
    for lead, opened, done in rows.finished(unit):
        found[lead][1].append((done - opened) / (24 * _HOUR))
    return found
