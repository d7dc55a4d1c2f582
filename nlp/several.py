"""Tells whether a message speaks of two problems, and where the second begins.

Being two takes two parts that each surely are a report, of categories that the other part does not even suspect,
and both named by known words outside of place phrases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import NamedTuple

from nlp.wording import table

LEAST_PART, LONGEST_TEXT = 10, 1000
"""Characters of a part that can be a problem of its own; and of a text that is looked at."""
MOST_CUTS = 12
LEAST_SECOND = {"between": 0.005, "gaps": 0.1}
"""Probability of a text's second category from which on it may be two problems, by what stands between them."""
SURE, SUSPECTED = 0.9, 0.05
"""A part is sure of its category, or suspects one, with these probabilities or more."""


Categories = Sequence[tuple[str, float]]
"""Categories with their probabilities, best first."""


class Said(NamedTuple):
    """What a part says; ``plain``: it is a report and names its category with a known word."""

    categories: Categories
    plain: bool


@cache
def _between(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(table("several")[kind]))


def parts(text: str, whole: Categories, say: Callable[[str], Said]) -> tuple[str, ...]:
    """The two problems of a normalised text, in its own words; () when it has one, or one cannot be sure.

    ``whole`` are the categories of the whole text, best first: both problems are among its first three.
    """
    if not 2 * LEAST_PART <= len(text) <= LONGEST_TEXT or len(whole) < 2:
        return ()
    for kind, least in LEAST_SECOND.items():
        if whole[1][1] >= least:
            pairs = _pairs(text, kind)
            weights = [_weight(say(one), say(two), [category for category, _ in whole[:3]]) for one, two in pairs]
            if max(weights, default=0.0) > 0:
                return pairs[weights.index(max(weights))]
    return ()


def _pairs(text: str, kind: str) -> list[tuple[str, str]]:
    """The ways to cut a text in two."""
    cuts = list(_between(kind).finditer(text))[:MOST_CUTS]
    pairs = [(text[: cut.start()].strip(), text[cut.end() :].strip()) for cut in cuts]
    return [pair for pair in pairs if min(map(len, pair)) >= LEAST_PART and not _follows(*pair)]


def _follows(one: str, two: str) -> bool:
    """True when the second part is what the first one does, why it is there, or where."""
    data = table("several")
    return two.lower().startswith(tuple(data["effects"])) or one.lower().endswith(tuple(data["causes"]))


def _weight(one: Said, two: Said, known: Collection[str]) -> float:
    """How surely two parts are two problems; 0 when not."""
    for said, other in ((one, two), (two, one)):
        category, chance = said.categories[0]
        if not said.plain or category == "other" or category not in known or chance < SURE:
            return 0.0
        if dict(other.categories).get(category, 0.0) >= SUSPECTED:
            return 0.0
    return min(one.categories[0][1], two.categories[0][1])
