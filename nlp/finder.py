"""Finds known phrases in a text in one pass over its words, the longest at each, without regular expressions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

FREE = 5
"""Phrases of this many letters and more may end inside a word: long ones are hardly ever there by chance."""


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
                lengths.setdefault(key[:2], set()).add(len(key))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}

    def find(self, text: str, edges: Sequence[int]) -> list[Hit[T]]:
        """The phrases of a lower-case text from left to right, none overlapping another.

        ``edges`` are the places where words begin, and the end of the text. A phrase begins at one; a short one
        also ends at one, because short words hide inside longer ones.
        """
        hits: list[Hit[T]] = []
        done = 0
        lengths, values = self._lengths.get, self._values
        for at in edges:
            known = lengths(text[at : at + 2])
            if known is None or at < done:
                continue
            for length in known:
                phrase = text[at : at + length]
                # At the end of the text a slice may be shorter than asked for.
                if phrase in values and len(phrase) == length and (length >= FREE or at + length in edges):
                    done = at + length
                    hits.append(Hit(at, done, values[phrase]))
                    break
        return hits
