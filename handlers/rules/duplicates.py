"""Whether a report speaks of a problem that is known already, or of one that has come back.

Pure: facts in, matches out. Distances are metres.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.rules.grid import distance_m
from nlp import alike, telling
from store.issues import Issues

LIVE_DAYS = 30
"""Days after closing in which a new report may still mean the closed case: as long as it can be reopened."""
RECURS_DAYS = 180
"""Days after closing in which the same problem at the same spot is one that came back."""
RECURS_M = 50.0
MOST_SHOWN = 3

HERE_M = 10.0
"""Nearer than a pin is exact: the same spot."""
SAME_ISSUE, CONFUSED = 0.2, 0.35
"""How alike words must be at the edge of the reach, or at a wide place; and for issues that are taken for each other."""
VERY_ALIKE, NO_AREA = 0.5, 0.65
"""How alike words must be where only the area is known, and where nothing of the place is."""


@dataclass(frozen=True)
class Problem:
    """What is known of a problem. ``words`` hold the place too; ``wide``: the point stands for a road or a village."""

    category: str
    words: str
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    wide: bool = False


@dataclass(frozen=True)
class Known:
    """A case to compare with; ``closed_at`` is None while it is open."""

    case_id: int
    code: str
    problem: Problem
    opened_at: datetime
    closed_at: datetime | None = None
    earlier: tuple[str, ...] = ()
    """Codes of the cases it came back from."""


@dataclass(frozen=True)
class Match:
    """A known case that is probably the same: how far, how long ago, and how sure from 0 to 1."""

    known: Known
    distance_m: float | None
    age: timedelta
    score: float


def probable(
    new: Problem, known: Iterable[Known], now: datetime, issues: Issues, most: int = MOST_SHOWN
) -> list[Match]:
    """The cases that ``new`` probably means, the likeliest first. Private issues never match."""
    live = [k for k in known if k.closed_at is None or now - k.closed_at <= timedelta(days=LIVE_DAYS)]
    found = [match for k in live if (match := _match(new, k, now, issues))]
    return sorted(found, key=lambda m: (-m.score, m.age))[:most]


def recurrences(new: Problem, known: Iterable[Known], now: datetime, issues: Issues) -> list[Known]:
    """Closed cases of the same problem at the same spot, oldest first."""
    if not issues.public(new.category):
        return []
    limit = timedelta(days=RECURS_DAYS)
    closed = [k for k in known if k.closed_at is not None and now - k.closed_at <= limit]
    found = [k for k in closed if k.problem.category == new.category and _same_spot(new, k.problem)]
    return sorted(found, key=lambda k: (k.opened_at, k.case_id))


def times_reported(known: Iterable[Known]) -> tuple[str, ...]:
    """Codes of all cases in which a problem was reported before, through the cases they came back from."""
    known = list(known)
    return tuple(dict.fromkeys(code for k in known for code in (*k.earlier, k.code)))


def worth_telling(people: int) -> bool:
    """Whether the agency hears at this number of reporters: the 2nd, 5th, 10th, 25th, 50th, 100th, 250th …"""
    while people >= 100 and people % 10 == 0:
        people //= 10
    return people in (2, 5, 10, 25, 50)


def _match(new: Problem, k: Known, now: datetime, issues: Issues) -> Match | None:
    old = k.problem
    if not issues.akin(new.category, old.category):
        return None
    same = new.category == old.category
    metres = _metres(new, old)
    reach = min(issues.reach[new.category], issues.reach[old.category])
    if metres is not None and metres > reach:
        return None  # before the words are looked at, which takes longest
    likeness = alike(new.words, old.words)
    if metres is None:
        score = _by_words(new, old, likeness, same)
    else:
        score = _by_place(new, old, metres / reach, likeness, same)
    return Match(k, metres, now - k.opened_at, score) if score > 0 else None


def _metres(new: Problem, old: Problem) -> float | None:
    if new.lat is None or new.lon is None or old.lat is None or old.lon is None:
        return None
    return distance_m(new.lat, new.lon, old.lat, old.lon)


def _by_place(new: Problem, old: Problem, part: float, likeness: float, same: bool) -> float:
    """``part``: the distance as a part of the reach. Near is enough for one issue; farther off the words must agree too."""
    exact = not (new.wide or old.wide)
    needed = CONFUSED if not same else 0.0 if exact and part <= 0.7 else SAME_ISSUE
    if likeness < needed:
        return 0.0
    return (0.55 if exact else 0.35) * (1 - part / 2) + 0.45 * likeness


def _by_words(new: Problem, old: Problem, likeness: float, same: bool) -> float:
    """Without two points: the same area and very alike words, enough of them to mean something."""
    needed = (VERY_ALIKE if new.area else NO_AREA) + (0.0 if same else 0.15)
    if new.area != old.area or likeness < needed or not (telling(new.words) and telling(old.words)):
        return 0.0
    return likeness / 2


def _same_spot(new: Problem, old: Problem) -> bool:
    metres = _metres(new, old)
    if metres is None:
        return _by_words(new, old, alike(new.words, old.words), True) > 0
    wide = new.wide or old.wide
    return metres <= RECURS_M and (not wide or alike(new.words, old.words) >= CONFUSED)
