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
    """Phrases indexed by their first two letters; phrases shorter than that are left out."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._index: dict[str, list[tuple[str, T]]] = {}
        for phrase, value in phrases:
            key = phrase.lower()
            if len(key) >= 2:
                self._index.setdefault(key[:2], []).append((key, value))
        for group in self._index.values():
            group.sort(key=lambda pair: -len(pair[0]))

    def find(self, text: str, edges: Sequence[int]) -> list[Hit[T]]:
        """The phrases of a lower-case text from left to right, none overlapping another.

        ``edges`` are the places where words begin, and the end of the text. A phrase begins at one; a short one
        also ends at one, because short words hide inside longer ones.
        """
        hits: list[Hit[T]] = []
        done = 0
        get = self._index.get
        for at in edges:
            group = get(text[at : at + 2])
            if group is None or at < done:
                continue
            for phrase, value in group:
                end = at + len(phrase)
                if text.startswith(phrase, at) and (len(phrase) >= FREE or end in edges):
                    hits.append(Hit(at, end, value))
                    done = end
                    break
        return hits
