"""Cuts Thai text into words: among the known words the fewest that cover it, as maximal matching does.

The rules follow pythainlp's newmm, whose dictionary it reads, in a form that takes less than half the time: a text is cut
into letter clusters once, candidate words grow cluster by cluster down a tree, and a place where only one word fits,
the usual case, needs no search. A letter cluster is here what no word can end inside.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise

MOST_EDGES = 50
"""Of a stretch that can be cut in more ways, only the shortest words are looked at, so that time stays bounded."""

# Vowels written in front, a consonant, its marks, consonants silenced by a thanthakhat; or any other character.
_CLUSTER = re.compile(
    "[\u0e40-\u0e44]*[\u0e01-\u0e2e][\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]*(?:[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c)*|.",
    re.DOTALL,
)
_OTHER = re.compile(r"[-a-zA-Z]+|\d+(?:[,.]\d+)*|[ \t]+|\r?\n|[^\u0e00-\u0e7f \t\r\n]+")
_CONSONANTS = re.compile("[\u0e01-\u0e2e]{1,2}")
_WORD, _END = "", "  "
"""No letter clusters: the key that makes a node a word, and what stands behind the last cluster of a text."""


_Node = dict[str, "_Node"]
"""A beginning of words: what follows it, by the next letter cluster; a word itself when it has ``_WORD``."""


class Segmenter:
    """Knows a set of words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = _tree(words)

    def cut(self, text: str) -> list[str]:
        """The words of a text; joined again they give the text back."""
        clusters = _CLUSTER.findall(text)
        places = [0, *accumulate(map(len, clusters))]
        clusters.append(_END)
        stops = [0]
        while (at := stops[-1]) < len(places) - 1:
            ends = self._ends(clusters, at)
            if len(ends) > 1:
                ends = self._fewest(clusters, at, ends)
            stops += ends or [self._unknown(text, clusters, places, at)]
        cuts = list(map(places.__getitem__, stops))
        return [text[start:end] for start, end in pairwise(cuts)]

    def _ends(self, clusters: Sequence[str], at: int) -> list[int]:
        """Behind which clusters the known words end that begin with the cluster ``at``, the shortest first."""
        ends: list[int] = []
        node = self._words.get(clusters[at])
        while node is not None:
            at += 1
            if _WORD in node:
                ends.append(at)
            node = node.get(clusters[at])
        return ends

    def _fewest(self, clusters: Sequence[str], start: int, ends: list[int]) -> list[int]:
        """Where the words end up to the first place that every way of cutting passes."""
        graph, open_ends, edges = {start: ends}, ends.copy(), len(ends)
        while len(open_ends) > 1:
            here = open_ends.pop(0)
            graph[here] = following = self._ends(clusters, here)
            edges += len(following)
            if edges > MOST_EDGES:
                del following[1:]
            for end in following:
                if end not in open_ends:
                    open_ends.append(end)
            open_ends.sort()
        return _shortest(graph, start, open_ends[0])

    def _unknown(self, text: str, clusters: Sequence[str], places: Sequence[int], at: int) -> int:
        """Where a stretch without known words ends: at the next known word of some length, or at other script."""
        other = _OTHER.match(text, places[at])
        if other:
            return bisect_left(places, other.end())
        at += 1
        while at < len(places) - 1 and not _OTHER.match(text, places[at]):
            words = (text[places[at] : places[end]] for end in self._ends(clusters, at))
            if any(not _CONSONANTS.fullmatch(word) for word in words):
                break
            at += 1
        return at


def _tree(words: Iterable[str]) -> _Node:
    """The node of the empty beginning. Words that no longer one begins with, the most, share one node."""
    tree: _Node = {}
    nothing: _Node = {}
    last = {_WORD: nothing}
    for word in filter(None, map(str.strip, words)):
        *clusters, end = _CLUSTER.findall(word)
        node = tree
        for cluster in clusters:
            following = node.get(cluster)
            if following is None or following is last:
                following = node[cluster] = {} if following is None else last.copy()
            node = following
        node.setdefault(end, last).setdefault(_WORD, nothing)
    return tree


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
