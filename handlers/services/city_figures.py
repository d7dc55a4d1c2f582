"""The city's figures for public pages: counted at once in a small city, counted ahead by the clock in a large one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.house import House
from handlers.rules import city_figures as rules
from handlers.rules.city_figures import CaseFacts, Promised
from handlers.services.intake import city_time
from handlers.talk import Scene
from store import Store, Unit
from store.issues import issues
from store.queries import showcase as rows

JOB = "figures"
NAME = "city"
COUNTED_AT_ONCE = 1_000
"""Up to so many cases the figures are counted while the visitor waits, and are never old."""
FRESH = timedelta(minutes=5)


def count(unit: Unit, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Count everything now: one pass over cases and promises."""
    promised = [Promised(*row) for row in rows.promises(unit, now - rules.YEAR)]
    facts = (CaseFacts(*row) for row in rows.facts(unit, now - rules.YEAR))
    return rules.figures(facts, rows.late(unit, now), promised, now, zone, issues().reach)


def current(unit: Unit, now: datetime, zone: ZoneInfo) -> tuple[datetime, dict[str, Any]]:
    """The figures and when they were counted."""
    if rows.number(unit) > COUNTED_AT_ONCE:
        kept = rows.summary(unit, NAME)
        if kept is not None:
            return kept.at, kept.data
    return now, count(unit, now, zone)


def due(scene: Scene) -> int:
    """1 when the city is large and its figures are old, else 0. Two looks at keys."""
    if rows.number(scene.unit) <= COUNTED_AT_ONCE:
        return 0
    kept = rows.summary(scene.unit, NAME)
    return int(kept is None or scene.now - kept.at >= FRESH)


def count_ahead(store: Store, house: House, _go_on: Callable[[], bool]) -> int:
    """Count without holding anybody up, then put the figures in place of the earlier ones."""
    with store.reading() as unit:
        now = city_time(unit, house.clock())
        found = count(unit, now, house.book(unit).zone)
    with store.writing() as unit:
        rows.keep_summary(unit, NAME, now, found)
    return 1
