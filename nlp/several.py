"""Tells whether a message speaks of two problems, and where the second begins.

Being two takes two parts that each surely are a report, of categories that the other part does not even suspect,
and both named by known words outside of place phrases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import NamedTuple

from nlp.finder import Hit
from nlp.wording import table

LEAST_PART, LONGEST_TEXT = 10, 500
"""Characters of a part that can be a problem of its own; and of a text that is looked at."""
MOST_CUTS = 8
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


def parts(
    text: str, whole: Categories, hits: Sequence[Hit[str]], say: Callable[[str], Said]
) -> tuple[str, ...]:
    """The two problems of a normalised text, in its own words; () when it has one, or one cannot be sure.

    ``whole`` are the categories of the whole text, best first, ``hits`` the known words of it that name one: both
    problems are named and among the first three.
    """
    first = [category for category, _ in whole[:3]]
    hits = [hit for hit in hits if hit.value in first]
    known = {hit.value for hit in hits}
    if len(known) < 2 or not 2 * LEAST_PART <= len(text) <= LONGEST_TEXT:
        return ()
    for kind, least in LEAST_SECOND.items():
        if whole[1][1] >= least:
            pairs = _pairs(text, kind, hits)
            weights = [_weight(one, two, known, say) for one, two in pairs]
            if max(weights, default=0.0) > 0:
                return pairs[weights.index(max(weights))]
    return ()


def _pairs(text: str, kind: str, hits: Sequence[Hit[str]]) -> list[tuple[str, str]]:
    """The ways to cut a text in two parts that name different problems."""
    cuts = [cut for cut in list(_between(kind).finditer(text))[:MOST_CUTS] if _parted(hits, *cut.span())]
    pairs = [(text[: cut.start()].strip(), text[cut.end() :].strip()) for cut in cuts]
    return [pair for pair in pairs if min(map(len, pair)) >= LEAST_PART and not _follows(*pair)]


def _parted(hits: Sequence[Hit[str]], start: int, end: int) -> bool:
    """Whether something is named before ``start`` and something else behind ``end``."""
    before = {hit.value for hit in hits if hit.start < start}
    behind = {hit.value for hit in hits if hit.end > end}
    return bool(before and behind) and len(before | behind) > 1


def _follows(one: str, two: str) -> bool:
    """True when the second part is what the first one does, why it is there, or where."""
    data = table("several")
    return two.lower().startswith(tuple(data["effects"])) or one.lower().endswith(tuple(data["causes"]))


def _weight(one: str, two: str, known: Collection[str], say: Callable[[str], Said]) -> float:
    """How surely two parts are two problems; 0 when not."""
    first = say(one)
    if not _clear(first, known):
        return 0.0
    second = say(two)
    if not _clear(second, known) or _suspects(first, second) or _suspects(second, first):
        return 0.0
    return min(first.categories[0][1], second.categories[0][1])


def _clear(said: Said, known: Collection[str]) -> bool:
    category, chance = said.categories[0]
    return said.plain and category in known and category != "other" and chance >= SURE


def _suspects(said: Said, other: Said) -> bool:
    """Whether a part may be about the other part's problem too."""
    return dict(said.categories).get(other.categories[0][0], 0.0) >= SUSPECTED
