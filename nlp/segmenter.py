"""Cuts Thai text into words: among the known words the fewest that cover it, as maximal matching does.

The rules follow pythainlp's newmm, whose dictionary it reads, in a form that takes half the time: candidate
words grow letter cluster by letter cluster through a table of beginnings, and a place where only one word fits, the
usual case, needs no search. A letter cluster is here what no word can end inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import methodcaller

MOST_EDGES = 50
"""Of a stretch that can be cut in more ways, only the shortest words are looked at, so that time stays bounded."""

# Vowels written in front, a consonant, its marks, consonants silenced by a thanthakhat; or any other character.
_CLUSTER = re.compile(
    "[\u0e40-\u0e44]*[\u0e01-\u0e2e][\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]*(?:[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c)*|.",
    re.DOTALL,
)
_OTHER = re.compile(r"[-a-zA-Z]+|\d+(?:[,.]\d+)*|[ \t]+|\r?\n|[^\u0e00-\u0e7f \t\r\n]+")
_CONSONANTS = re.compile("[\u0e01-\u0e2e]{1,2}")
_END = methodcaller("end")
_BEGINNING, _WORD, _LAST = 0, 1, 2
"""What a beginning of words is: that alone, a word too, a word that no longer one begins with."""


class Segmenter:
    """Knows a set of words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known = _beginnings(words)

    def cut(self, text: str) -> list[str]:
        """The words of a text; joined again they give the text back."""
        following = _following(text)
        found: list[str] = []
        at = 0
        while at < len(text):
            ends = self._ends(text, at, following)
            if not ends:
                ends = [self._unknown(text, at, following)]
            elif len(ends) > 1:
                ends = self._fewest(text, at, ends, following)
            for end in ends:
                found.append(text[at:end])
                at = end
        return found

    def _ends(self, text: str, start: int, following: Mapping[int, int]) -> list[int]:
        """Where the known words that begin at ``start`` end, the shortest first."""
        known, ends, end = self._known.get, [], following[start]
        while end:
            kind = known(text[start:end])
            if kind is None:
                break
            if kind:
                ends.append(end)
                if kind is _LAST:
                    break
            end = following[end]
        return ends

    def _fewest(self, text: str, start: int, ends: list[int], following: Mapping[int, int]) -> list[int]:
        """Where the words end up to the first place that every way of cutting passes."""
        graph, open_ends, edges = {start: ends}, ends, len(ends)
        while len(open_ends) > 1:
            here = open_ends[0]
            graph[here] = self._ends(text, here, following)[: max(1, MOST_EDGES + 1 - edges)]
            edges += len(graph[here])
            open_ends = sorted({*open_ends[1:], *graph[here]})
        return _shortest(graph, start, open_ends[0])

    def _unknown(self, text: str, start: int, following: Mapping[int, int]) -> int:
        """Where a stretch without known words ends: at the next known word of some length, or at other script."""
        other = _OTHER.match(text, start)
        if other:
            return other.end()
        end = following[start]
        while end < len(text) and not _OTHER.match(text, end):
            words = (text[end:stop] for stop in self._ends(text, end, following))
            if any(not _CONSONANTS.fullmatch(word) for word in words):
                break
            end = following[end]
        return end


def _beginnings(words: Iterable[str]) -> dict[str, int]:
    """Every beginning of a word that ends with one of its letter clusters, and what is known of it."""
    known: dict[str, int] = {}
    for word in map(str.strip, words):
        ends = [match.end() for match in _CLUSTER.finditer(word)]
        for end in reversed(ends):
            part = word[:end]
            before = known.get(part)
            if end == len(word):
                known[part] = _LAST if before is None else _WORD
            elif before is None:
                known[part] = _BEGINNING
            else:
                known[part] = before and _WORD
                break
    return known


def _following(text: str) -> dict[int, int]:
    """For each place where a letter cluster begins, where it ends; 0 for the end of the text."""
    ends = [*map(_END, _CLUSTER.finditer(text)), 0]
    return dict(zip((0, *ends), ends, strict=False))


def _shortest(graph: Mapping[int, Sequence[int]], start: int, goal: int) -> list[int]:
    """The stops of the way with the fewest steps; of several the one that is found first with short words first."""
    if goal in graph[start]:
        return [goal]
    came, queue = {start: start}, [start]
    for here in queue:
        for end in graph.get(here, ()):
            if end not in came:
                came[end] = here
                queue.append(end)
        if goal in came:
            break
    stops = [goal]
    while came[stops[-1]] != start:
        stops.append(came[stops[-1]])
    return stops[::-1]
