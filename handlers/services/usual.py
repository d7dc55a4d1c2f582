"""How long cases of a kind really take, computed once a day from what was closed in the last year."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from handlers.rules.deadlines import usual_days
from handlers.talk import Scene
from store.city_data import EVERYWHERE
from store.models import UsualTime
from store.queries import routing as rows

YEAR = timedelta(days=365)


def compute(scene: Scene) -> int:
    """Put today's figures in place of yesterday's; gives how many, 0 when today's are there."""
    day = scene.now.astimezone(scene.book.zone).date().isoformat()
    if rows.usual_times_are_of(scene.unit, day):
        return 0
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    for category, area, opened, done in rows.finished_since(scene.unit, scene.now - YEAR):
        days = (done - opened) / timedelta(days=1)
        for key in {(category, area or EVERYWHERE), (category, EVERYWHERE)}:
            took[key].append(days)
    found = [
        UsualTime(category=category, area=area, n=len(days), low_days=usual[0], high_days=usual[1], day=day)
        for (category, area), days in sorted(took.items())
        if (usual := usual_days(days))
    ]
    rows.replace_usual_times(scene.unit, found)
    return len(found)
