"""Finds the written answer a question asks for: likeness of character n-grams, weighted by how telling each is.

Pure and without a model: an index of a few hundred phrasings is made in milliseconds and asked in less.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from nlp.normalise import normalise
from nlp.wording import alternation, table

SHORTEST, LONGEST = 2, 4
"""Letters of the n-grams."""
_SPACES = re.compile(r"[\s?!.,\"'()/-]+")


class Match(NamedTuple):
    """A document and how alike its best phrasing is: 0 (nothing in common) to 1 (the same words)."""

    key: str
    score: float


class Index:
    """Phrasings of documents by key; one document may have many phrasings."""

    def __init__(self, documents: Iterable[tuple[str, Iterable[str]]]) -> None:
        pairs = [(key, _grams(phrase)) for key, phrases in documents for phrase in phrases]
        spread: Counter[str] = Counter(gram for _, grams in pairs for gram in grams)
        self._weights = {gram: math.log((len(pairs) + 1) / (n + 0.5)) for gram, n in spread.items()}
        self._unknown = math.log(len(pairs) + 2)
        self._keys = [key for key, _ in pairs]
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for at, (_, grams) in enumerate(pairs):
            for gram, weight in self._vector(grams).items():
                self._postings.setdefault(gram, []).append((at, weight))

    def best(self, text: str) -> Match | None:
        """The document most like the text; None when nothing is alike at all."""
        scores = self._scores(text)
        if not scores:
            return None
        at = max(scores, key=lambda one: scores[one])
        return Match(self._keys[at], min(scores[at], 1.0))

    def ranked(self, text: str) -> list[Match]:
        """All documents that have something in common with the text, the most alike first."""
        best: dict[str, float] = {}
        for at, score in self._scores(text).items():
            key = self._keys[at]
            best[key] = max(best.get(key, 0.0), min(score, 1.0))
        return sorted((Match(*pair) for pair in best.items()), key=lambda match: -match.score)

    def _scores(self, text: str) -> dict[int, float]:
        """Likeness by phrasing."""
        scores: dict[int, float] = {}
        for gram, weight in self._vector(_grams(text)).items():
            for at, other in self._postings.get(gram, ()):
                scores[at] = scores.get(at, 0.0) + weight * other
        return scores

    def _vector(self, grams: Mapping[str, int]) -> dict[str, float]:
        """Weights of unit length; a gram that no phrasing has still counts, so that strange words lower the score."""
        raw = {g: self._weights.get(g, self._unknown) * (1 + math.log(n)) for g, n in grams.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}


def enough() -> float:
    """The least score at which a document is offered as the answer."""
    return float(table("search")["enough"])


@cache
def _filler() -> re.Pattern[str]:
    """Polite and asking words, which every question has."""
    return re.compile(alternation(map(re.escape, table("search")["filler"])))


@cache
def _alike() -> tuple[tuple[str, str], ...]:
    return tuple((str(said), str(meant)) for said, meant in table("search")["alike"].items())


def _plain(text: str) -> str:
    lower = normalise(text).lower()
    for said, meant in _alike():
        lower = lower.replace(said, meant)
    return _SPACES.sub("", _filler().sub(" ", lower)) or _SPACES.sub("", lower)


def _grams(text: str) -> Counter[str]:
    return Counter(_cut(_plain(text)))


def _cut(text: str) -> Iterator[str]:
    for size in range(SHORTEST, LONGEST + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]
