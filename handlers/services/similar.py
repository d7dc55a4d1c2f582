"""Cases that may be the same problem: kept findable by place and words, and found in constant time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from handlers.rules import duplicates, grid
from handlers.rules.duplicates import Known, Match, Problem
from handlers.talk import Scene
from nlp import marks
from store.issues import issues
from store.models import Case
from store.queries import traces
from store.words import Status

_AT_ONCE = 500


def problem(
    scene: Scene, category: str, text: str, place: str, area: str | None, lat: float | None, lon: float | None
) -> Problem:
    """A problem from what was said about it; ``text`` without personal data."""
    words = text if place in text else f"{text} {place}"
    return Problem(category, words, area, lat, lon, (lat, lon) in scene.book.wide_points)


def _of_case(scene: Scene, case: Case | traces.Found) -> Problem:
    return problem(scene, case.category, case.public_text, case.place_text, case.area, case.lat, case.lon)


def lay(scene: Scene, case: Case) -> None:
    """Make a new or changed case findable; a private one never is."""
    found = _of_case(scene, case)
    public = issues().public(case.category)
    ends = case.closed_at or traces.FAR
    traces.lay(scene.unit, case, traces.PLACE, place_keys(found, around=False) if public else (), ends)
    traces.lay(scene.unit, case, traces.WORDS, word_keys(found) if public else (), ends)


def lay_missing(scene: Scene) -> None:
    """Make cases findable that are older than the looking itself."""
    since = scene.now - timedelta(days=duplicates.RECURS_DAYS)
    for case in traces.without(scene.unit, issues().reach, since, _AT_ONCE):
        lay(scene, case)


def moved(scene: Scene, case: Case) -> None:
    """After a change of status: a closed case is found for a while, a rejected or merged one no more."""
    if case.status in (Status.REJECTED, Status.MERGED):
        traces.drop(scene.unit, case.id)
    elif case.status == Status.CLOSED:
        traces.end(scene.unit, case.id, scene.now)
    elif case.status == Status.REOPENED:
        traces.end(scene.unit, case.id)


def probable(
    scene: Scene, new: Problem, but: Collection[str] = (), most: int = duplicates.MOST_SHOWN
) -> list[Match]:
    """Cases that a report being written probably means, the likeliest first; ``but``: codes she said no to."""
    known = [k for k in _known(scene, new, duplicates.LIVE_DAYS) if k.code not in but]
    return duplicates.probable(new, known, scene.now, issues(), most)


def came_back(scene: Scene, case: Case) -> list[Known]:
    """Closed cases of the same problem at the same spot, oldest first."""
    new = _of_case(scene, case)
    known = [k for k in _known(scene, new, duplicates.RECURS_DAYS) if k.case_id != case.id]
    return duplicates.recurrences(new, known, scene.now, issues())


def _known(scene: Scene, new: Problem, days: int) -> list[Known]:
    """Cases under the keys of a problem that are open or were closed in the last ``days``."""
    if not issues().public(new.category):
        return []
    keys = (*place_keys(new, around=True), *word_keys(new))
    found = traces.found(scene.unit, keys, scene.now - timedelta(days=days))
    return [
        Known(c.id, c.code, _of_case(scene, c), c.opened_at, c.closed_at, tuple(c.earlier)) for c in found
    ]


def place_keys(found: Problem, *, around: bool) -> tuple[str, ...]:
    if found.lat is None or found.lon is None:
        return ()
    cells = grid.cells_around(found.lat, found.lon) if around else (grid.cell(found.lat, found.lon),)
    return tuple(f"{cell}/{issues().group(found.category)}" for cell in cells)


def word_keys(found: Problem) -> tuple[str, ...]:
    return tuple(
        f"{found.area or '-'}/{issues().group(found.category)}/{mark}" for mark in marks(found.words)
    )
