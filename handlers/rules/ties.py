"""Ties between actors, weighed from what they did together.

An actor is a string: "agency:CODE", "person:ID" or, on public pictures, "area:CODE" (all citizens of an area).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

HALF_LIFE_DAYS = 180.0
"""A tie that is not renewed counts half after half a year: the usual choice between forgetting a season and keeping
ties nobody uses (exponential decay of ties: Burt, "Decay functions", Social Networks 22, 2000)."""

WEIGHTS = {
    "joint": 1.0,  # one led, the other did its part
    "asked": 0.5,  # one led, the other was asked for a part
    "handed": 0.5,  # the case went from one to the other
    "served": 0.5,  # a citizen's report, an agency's work
    "thanked": 0.5,
    "lent": 0.5,  # one lent the other a thing or hands
    "gathered": 0.5,  # came to the same activity
    "decided": 0.25,  # answered the same joint decision
    "met": 0.5,  # introduced, both said yes
    "same_case": 0.25,  # two citizens about one problem
}
"""How much one deed of each kind counts. Work done together counts most, being in one list least."""
MOST_OF_ONE_DEED = 12
"""In a crowd not everybody meets everybody: beyond so many actors each is tied to the first only."""


class Deed(NamedTuple):
    """Something that actors did together."""

    kind: str
    actors: tuple[str, ...]
    at: datetime


Ties = Mapping[tuple[str, str], float]
"""Weight by pair; the pair is sorted."""


def agency(code: str) -> str:
    return f"agency:{code}"


def person(number: int) -> str:
    return f"person:{number}"


def is_person(actor: str) -> bool:
    return actor.startswith("person:")


def is_agency(actor: str) -> bool:
    return actor.startswith("agency:")


def weigh(deeds: Iterable[Deed], now: datetime) -> dict[tuple[str, str], float]:
    """Sum over deeds of weight × 0.5^(age in days / half-life)."""
    found: Counter[tuple[str, str]] = Counter()
    for deed in deeds:
        age = max((now - deed.at).total_seconds() / 86_400, 0.0)
        worth = WEIGHTS[deed.kind] * 0.5 ** (age / HALF_LIFE_DAYS)
        for pair in _pairs(sorted(set(deed.actors)), deed.actors[0] if deed.actors else ""):
            found[pair] += worth
    return dict(found)


def _pairs(actors: list[str], first: str) -> Iterable[tuple[str, str]]:
    if len(actors) <= MOST_OF_ONE_DEED:
        return combinations(actors, 2)
    return ((min(first, other), max(first, other)) for other in actors if other != first)


FEWEST = 5
"""People in the smallest group that may be shown."""


def grouped(ties: Ties, homes: Mapping[str, str]) -> tuple[dict[tuple[str, str], float], dict[str, int]]:
    """Ties in which no person can be recognised, and how many people stand behind each group.

    ``homes``: the area of each person. The people of an area are one actor "area:CODE" if there are at least
    ``FEWEST`` with ties; smaller areas are joined to "area:" (elsewhere), which is left out when it is small too.
    """
    people = {actor for pair in ties for actor in pair if is_person(actor)}
    sizes = Counter(f"area:{homes.get(actor, '')}" for actor in people)
    stays = {group for group, n in sizes.items() if n >= FEWEST and group != "area:"}
    merged = sum(n for group, n in sizes.items() if group not in stays)
    shown = {group: sizes[group] for group in stays} | ({"area:": merged} if merged >= FEWEST else {})

    def stand(actor: str) -> str | None:
        if not is_person(actor):
            return actor
        group = f"area:{homes.get(actor, '')}"
        group = group if group in stays else "area:"
        return group if group in shown else None

    found: Counter[tuple[str, str]] = Counter()
    for (one, other), weight in ties.items():
        a, b = stand(one), stand(other)
        if a and b and a != b:
            found[min(a, b), max(a, b)] += weight  # type: ignore[assignment]
    return dict(found), shown
