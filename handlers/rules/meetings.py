"""Which pairs should meet: active on the same issue in the same area, and never yet together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from handlers.rules.ties import Ties, is_agency

MOST = 3
"""Introductions offered a month: what a representative can really make."""


@dataclass(frozen=True)
class Work:
    """How often an actor worked on each (category, area) of late."""

    places: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def categories(self) -> Counter[str]:
        return _sum(self.places, 0)

    @property
    def areas(self) -> Counter[str]:
        return _sum(self.places, 1)


def _sum(places: Counter[tuple[str, str]], part: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, n in places.items():
        found[key[part]] += n
    return found


@dataclass(frozen=True)
class Pair:
    """Two actors, ``a`` before ``b``; what both work on ("" where it differs), and whom both know."""

    a: str
    b: str
    score: float
    category: str
    area: str
    friends: int


def choose(
    work: Mapping[str, Work], ties: Ties, known: Collection[tuple[str, str]] = (), most: int = MOST
) -> list[Pair]:
    """The best pairs, each actor in one only. ``known``: pairs that were proposed before.

    Score: 2 for each common case place (same issue in the same area, the smaller of both counts), 1 for a common
    area, ½ for a common issue, plus Adamic–Adar of common partners (Adamic & Adar, "Friends and neighbors on the
    web", 2003), which says how likely a tie would hold.
    """
    partners = _partners(ties)
    found = []
    for a, b in combinations(sorted(work), 2):
        if (a, b) not in ties and (a, b) not in known and is_agency(a) == is_agency(b):
            pair = _pair(a, b, work, partners)
            if pair.score > 0 and (pair.category or pair.area):
                found.append(pair)
    taken: set[str] = set()
    chosen: list[Pair] = []
    for pair in sorted(found, key=lambda p: (-p.score, p.a, p.b)):
        if len(chosen) < most and not {pair.a, pair.b} & taken:
            taken |= {pair.a, pair.b}
            chosen.append(pair)
    return chosen


def _partners(ties: Ties) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in ties:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _pair(a: str, b: str, work: Mapping[str, Work], partners: Mapping[str, set[str]]) -> Pair:
    one, other = work[a], work[b]
    same = one.places & other.places
    areas = Counter({k: n for k, n in (one.areas & other.areas).items() if k})
    categories = one.categories & other.categories
    friends = partners.get(a, set()) & partners.get(b, set())
    likely = sum(1.0 / math.log(len(partners[f])) for f in friends if len(partners[f]) > 1)
    here = Counter({k: n for k, n in same.items() if k[1]})
    score = 2.0 * here.total() + areas.total() + 0.5 * categories.total()
    category, area = here.most_common(1)[0][0] if here else (_top(categories), _top(areas))
    return Pair(a, b, score + likely if score else 0.0, category, area, len(friends))


def _top(found: Counter[str]) -> str:
    return min(found, key=lambda key: (-found[key], key)) if found else ""
