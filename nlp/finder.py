"""Finds known phrases in a text in one pass, the longest at each place, without regular expressions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

class Hit(NamedTuple, Generic[T]):
    """A phrase found at ``start:end`` and what it stands for."""

    start: int
    end: int
    value: T


class Finder(Generic[T]):
    """Phrases indexed by their first two letters; phrases shorter than that are left out."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._index: dict[tuple[str, str], list[tuple[str, T]]] = {}
        for phrase, value in phrases:
            key = phrase.lower()
            if len(key) >= 2:
                self._index.setdefault((key[0], key[1]), []).append((key, value))
        for group in self._index.values():
            group.sort(key=lambda pair: -len(pair[0]))

    def find(self, text: str, edges: frozenset[int] | None = None, free: int = 5) -> list[Hit[T]]:
        """The phrases of a lower-case text from left to right, none overlapping another.

        With ``edges`` (where words begin, and the end) a phrase shorter than ``free`` letters has to begin and end
        at one, because short words hide inside longer ones.
        """
        index, hits, done = self._index, [], 0
        for at, pair in enumerate(zip(text, text[1:], strict=False)):
            if pair not in index or at < done:
                continue
            for phrase, value in index[pair]:
                end = at + len(phrase)
                whole = edges is None or len(phrase) >= free or (at in edges and end in edges)
                if whole and text.startswith(phrase, at):
                    hits.append(Hit(at, end, value))
                    done = end
                    break
        return hits
