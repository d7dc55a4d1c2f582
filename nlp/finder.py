"""Finds known phrases in a text in one pass over its words, the longest at each, without regular expressions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

HEAD = 3
"""Phrases are kept apart by so many first letters."""
FREE = 5
"""Phrases of this many letters and more may end inside a word: long ones are hardly ever there by chance."""
_PAIR = (HEAD - 1,)
_PLACE = itemgetter(0)


class Hit(NamedTuple, Generic[T]):
    """A phrase found at ``start:end`` and what it stands for."""

    start: int
    end: int
    value: T


class Finder(Generic[T]):
    """Phrases with what they stand for, the first value of a phrase given twice; single letters are left out."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, T] = {}
        lengths: dict[str, set[int]] = {}
        for phrase, value in phrases:
            key = phrase.lower()
            if len(key) >= 2:
                self._values.setdefault(key, value)
                lengths.setdefault(key[:HEAD], set()).add(len(key))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}
        self._pairs = [head for head in lengths if len(head) < HEAD]

    def find(self, text: str, edges: Sequence[int]) -> list[Hit[T]]:
        """The phrases of a lower-case text from left to right, none overlapping another.

        ``edges`` are the places where words begin, and the end of the text. A phrase begins at one; a short one
        also ends at one, because short words hide inside longer ones.
        """
        hits: list[Hit[T]] = []
        done = 0
        for at, lengths in self._candidates(text, tuple(edges)):
            if at >= done:
                for length in lengths:
                    end = at + length
                    # At the end of the text a slice may be shorter than asked for.
                    if text[at:end] in self._values and end <= len(text) and (length >= FREE or end in edges):
                        hits.append(Hit(at, end, self._values[text[at:end]]))
                        done = end
                        break
        return hits

    def _candidates(self, text: str, edges: tuple[int, ...]) -> list[tuple[int, tuple[int, ...]]]:
        """Where a phrase may begin, from left to right, and how long it may be there, the longest first."""
        heads = _heads(text, edges)
        found = [
            (at, self._lengths[head]) for head in self._lengths.keys() & heads.keys() for at in heads[head]
        ]
        for pair in self._pairs:
            if pair in text:
                found += [(at, _PAIR) for at in edges if text.startswith(pair, at)]
        found.sort(key=_PLACE)
        return found


@lru_cache(maxsize=8)
def _heads(text: str, edges: tuple[int, ...]) -> dict[str, list[int]]:
    """Where words begin, by their first letters; remembered for the other finders."""
    places: dict[str, list[int]] = {}
    for at in edges:
        places.setdefault(text[at : at + HEAD], []).append(at)
    return places
