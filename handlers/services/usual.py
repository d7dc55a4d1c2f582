"""How long cases of a kind really take: our own of the last year where there are enough, else the city's imported past.

Both are worked out ahead (our own once a day, the past when it is read in), so that a card only looks a row up.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import datetime, timedelta
from statistics import quantiles

from handlers.rules.deadlines import usual_days
from handlers.talk import Scene
from store import Unit
from store.city_data import EVERYWHERE
from store.models import UsualTime
from store.queries import learning as past_rows
from store.queries import routing as rows
from store.queries.cases import usual_time

YEAR = timedelta(days=365)
LEAST_OF_THE_PAST = 20
"""Fewer finished past cases of a category say nothing about the next one."""
_DAY = timedelta(days=1)


def days(unit: Unit, category: str, area: str | None) -> tuple[int, int] | None:
    """In how many days (lower and upper quartile) such cases are done there; None while nothing can be said."""
    own = usual_time(unit, category, area)
    if own is not None:
        return own.low_days, own.high_days
    past = past_rows.usual(unit, category)
    return (max(round(past.low), 1), max(round(past.high), 1)) if past else None


def compute(scene: Scene) -> int:
    """Put today's figures of our own cases in place of yesterday's; gives how many, 0 when today's are there."""
    day = scene.now.astimezone(scene.book.zone).date().isoformat()
    if rows.usual_times_are_of(scene.unit, day):
        return 0
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    for category, area, opened, done in rows.finished_since(scene.unit, scene.now - YEAR):
        for key in {(category, area or EVERYWHERE), (category, EVERYWHERE)}:
            took[key].append(_days(opened, done))
    found = [
        UsualTime(
            category=category, area=area, n=len(took_days), low_days=usual[0], high_days=usual[1], day=day
        )
        for (category, area), took_days in sorted(took.items())
        if (usual := usual_days(took_days))
    ]
    rows.replace_usual_times(scene.unit, found)
    return len(found)


def compute_past(unit: Unit) -> int:
    """Work out anew how long finished past cases took; gives for how many categories that can be said."""
    took: dict[str, array[float]] = {}
    for category, opened, moved in past_rows.finished_past(unit):
        took.setdefault(category, array("f")).append(_days(opened, moved))
    found = [
        {"category": category, "cases": len(took_days), "low": low, "high": high}
        for category, took_days in sorted(took.items())
        if len(took_days) >= LEAST_OF_THE_PAST
        for low, _, high in [quantiles(took_days, n=4, method="inclusive")]
    ]
    past_rows.save_usual(unit, found)
    return len(found)


def _days(opened: datetime, done: datetime) -> float:
    return (done - opened) / _DAY
