"""The city in figures, from facts about its cases. Pure.

Times, stars, promises and what was fixed look back over a year; open and overdue are what they are now.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from store.words import FIXED

YEAR = timedelta(days=365)
FEWEST = 5
"""From how many cases a time, a share or a mean is told: fewer would speak of single people."""
MONTHS = 12
CELL = 0.004
"""Side of a cell of the map in degrees, about 440 m."""
BY = ("category", "area", "lead", "network")
HOUR = timedelta(hours=1)


class CaseFacts(NamedTuple):
    """What figures are made of: one case without words and people."""

    id: int
    status: str
    category: str
    area: str | None
    lead: str | None
    network: str | None
    opened_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    rating: int | None
    lat: float | None
    lon: float | None


class Promised(NamedTuple):
    """A promise of a case's lead that has ended, "kept" or "broken"."""

    case: int
    state: str
    ended_at: datetime | None


@dataclass
class Group:
    """What is gathered about some of the cases."""

    reported: int = 0
    open: int = 0
    overdue: int = 0
    fixed: int = 0
    kept: int = 0
    broken: int = 0
    answer: list[float] = field(default_factory=list)
    """Hours until an agency took it."""
    fix: list[float] = field(default_factory=list)
    """Hours until the agency said that it was done."""
    stars: list[int] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As plain data; None where too few cases stand behind a figure."""
        return {
            "reported": self.reported,
            "open": self.open,
            "overdue": self.overdue,
            "fixed": self.fixed,
            "kept": self.kept,
            "broken": self.broken,
            "kept_share": share(self.kept, self.kept + self.broken),
            "answer": spread(self.answer),
            "fix": spread(self.fix),
            "stars": round(fmean(self.stars), 2) if len(self.stars) >= FEWEST else None,
            "rated": len(self.stars),
        }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole >= FEWEST else None


def spread(hours: Sequence[float]) -> dict[str, float] | None:
    """Median, and the time within which nine of ten were done (nearest rank); None for fewer than ``FEWEST``."""
    if len(hours) < FEWEST:
        return None
    found = sorted(hours)
    ninety = found[math.ceil(0.9 * len(found)) - 1]
    return {"median": round(median(found), 1), "p90": round(ninety, 1), "n": len(found)}


def figures(
    cases: Iterable[CaseFacts],
    late: set[int],
    promised: Iterable[Promised],
    now: datetime,
    zone: ZoneInfo,
    placed: Collection[str],
) -> dict[str, Any]:
    """All figures in one pass over the cases: of the city, by each of ``BY``, by month, by cell of the map.

    ``late``: ids of the overdue. ``placed``: categories whose places may be told.
    """
    counting = _Counting(now, zone, placed)
    for case in cases:
        counting.add(case, case.id in late)
    for promise in promised:
        counting.keep(promise)
    return counting.told()


class _Counting:
    def __init__(self, now: datetime, zone: ZoneInfo, placed: Collection[str]) -> None:
        self._since, self._zone, self._placed = now - YEAR, zone, placed
        self._months = _last_months(now.astimezone(zone))
        self._first = datetime.fromisoformat(f"{self._months[0]}-01T00:00:00").replace(tzinfo=zone)
        self._all = Group()
        self._by: dict[str, dict[str, Group]] = {name: defaultdict(Group) for name in BY}
        self._by_month = {month: Group() for month in self._months}
        self._of_month = {(int(m[:4]), int(m[5:])): group for m, group in self._by_month.items()}
        self._cells: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        self._groups_of: dict[int, list[Group]] = {}

    def add(self, case: CaseFacts, is_late: bool) -> None:
        groups = [self._all, *(self._by[name][code] for name in BY if (code := getattr(case, name)))]
        self._groups_of[case.id] = groups
        fixed = case.status in FIXED and case.done_at is not None
        is_open = case.status not in FIXED
        for group in groups:
            self._count(group, case, is_open, is_late)
        if case.category in self._placed:
            self._place(case, is_open)
        self._month_of(case, fixed)

    def _count(self, group: Group, case: CaseFacts, is_open: bool, is_late: bool) -> None:
        group.open += is_open
        group.overdue += is_open and is_late
        group.reported += case.opened_at >= self._since
        if case.accepted_at and case.accepted_at >= self._since:
            group.answer.append((case.accepted_at - case.opened_at) / HOUR)
        if not is_open and case.done_at and case.done_at >= self._since:
            group.fixed += 1
            group.fix.append((case.done_at - case.opened_at) / HOUR)
            if case.rating:
                group.stars.append(case.rating)

    def _month_of(self, case: CaseFacts, fixed: bool) -> None:
        if case.opened_at >= self._first and (group := self._month(case.opened_at)):
            group.reported += 1
        if fixed and case.done_at and case.done_at >= self._first and (group := self._month(case.done_at)):
            group.fixed += 1
            group.fix.append((case.done_at - case.opened_at) / HOUR)
            if case.rating:
                group.stars.append(case.rating)

    def _month(self, at: datetime) -> Group | None:
        local = at.astimezone(self._zone)
        return self._of_month.get((local.year, local.month))

    def _place(self, case: CaseFacts, is_open: bool) -> None:
        recent = is_open or (case.done_at is not None and case.done_at >= self._since)
        if recent and case.lat is not None and case.lon is not None:
            cell = math.floor(case.lat / CELL), math.floor(case.lon / CELL)
            self._cells[cell]["open" if is_open else "fixed"] += 1

    def keep(self, promise: Promised) -> None:
        month = (
            self._month(promise.ended_at) if promise.ended_at and promise.ended_at >= self._first else None
        )
        for group in [*self._groups_of.get(promise.case, ()), *([month] if month else ())]:
            group.kept += promise.state == "kept"
            group.broken += promise.state == "broken"

    def told(self) -> dict[str, Any]:
        return {
            **self._all.told(),
            "by": {
                name: {code: group.told() for code, group in sorted(found.items())}
                for name, found in self._by.items()
            },
            "months": [{"month": month, **group.told()} for month, group in self._by_month.items()],
            "cells": [
                [round((y + 0.5) * CELL, 5), round((x + 0.5) * CELL, 5), n["open"], n["fixed"]]
                for (y, x), n in sorted(self._cells.items())
            ],
        }


def _last_months(local: datetime) -> list[str]:
    """The names of this month and those before it, the oldest first: "2026-11"."""
    number = local.year * 12 + local.month - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(number - MONTHS + 1, number + 1)]
