"""Reads what the tagger does not: distances along a road, English place phrases, and relations before a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nlp.normalise import lower_alike
from nlp.wording import alternation, table
from nlp.words import edges

_REACH = 16
"""Letters before a place in which a relation may stand."""


_LATIN = re.compile("[a-z]")


@cache
def _distance() -> re.Pattern[str]:
    words = alternation(table("place")["kilometre"]["words"])
    return re.compile(rf"{words} ?\d{{1,4}}(?:\+\d{{1,3}})?", re.ASCII)


@cache
def _english() -> re.Pattern[str]:
    return re.compile(alternation(table("place")["english"]["phrases"]), re.ASCII)


@cache
def _prefixed() -> re.Pattern[str]:
    return re.compile(table("place")["prefixed"]["before"])


@cache
def _relation() -> re.Pattern[str]:
    return re.compile(table("place")["prefixed"]["relation"])


def written_places(text: str) -> list[tuple[int, int]]:
    """Spans of distances ("km 12") and of English places ("behind the market", "soi 5")."""
    lower = lower_alike(text)
    spans = [match.span() for match in _distance().finditer(lower)]
    if _LATIN.search(lower):
        spans += [match.span() for match in _english().finditer(lower)]
    return spans


def inner_edges(text: str) -> Sequence[int]:
    """Where words begin, and also where a kind of place begins inside one ("mouth-of-soi X")."""
    more = [match.end() for match in _prefixed().finditer(text)]
    return sorted({*edges(text), *more}) if more else edges(text)


def with_relation(text: str, start: int) -> int:
    """Where a place that is named at ``start`` begins together with the relation right before it."""
    match = _relation().search(lower_alike(text[max(0, start - _REACH) : start]))
    return start - len(match[0]) if match else start


def joined(text: str, start: int, end: int) -> bool:
    """True for a name that is one end of a road ("X-Y")."""
    dashes = table("place")["districts"]["joined"]
    return (start > 0 and text[start - 1] in dashes) or text[end : end + 1] in tuple(dashes)
