"""Marks the words of a message that say where, with weights learnt from the corpus' marked places.

A linear chain over the tags begin, inside, outside; the best chain is found by Viterbi's algorithm. What speaks for
a tag: the word, each pair of neighbours, and each window of three kinds of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from nlp.wording import table
from nlp.words import edges, tokens

Scores = Sequence[float]
Span = tuple[int, int]
BEGIN, INSIDE, OUTSIDE = range(3)
NEVER = -1e6


class Clues(NamedTuple):
    """What the tagger looks at in a text of n words: n words, n + 1 pairs, n + 2 windows of kinds."""

    words: Sequence[str]
    pairs: Sequence[str]
    windows: Sequence[str]


@cache
def _letters() -> dict[str, str]:
    """One letter for each known word: what it can do in a place phrase."""
    data = table("place")
    letters: dict[str, str] = {" ": "s", "\n": "n"}
    groups = (
        ("e", data["ends"]["words"]),
        ("r", data["relations"]),
        ("R", data["strong_relations"]),
        ("K", data["kinds"]),
        ("M", data["number"]["moo"]),
        ("A", [word for group in data["admin"].values() for word in group]),
        ("B", [data["village_word"]]),
    )
    for letter, words in groups:
        letters.update(dict.fromkeys(words, letter))
    return letters


@cache
def _heads() -> tuple[str, ...]:
    return tuple(table("place")["toponyms"])


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str:
    known = _letters().get(word)
    if known:
        return known
    first = word[0]
    if first.isdigit():
        return "0"
    if first.isascii() and first.isalpha():
        return "L" if first.isupper() else "l"
    if word.startswith(_heads()):
        return "t"
    return "w" if "\u0e01" <= first <= "\u0e5b" else "."


def clues(words: Sequence[str]) -> Clues:
    """The clues of a text cut into words."""
    pairs = [one + "|" + two for one, two in pairwise(("^", *words, "$"))]
    kinds = "^^" + "".join(map(_kind, words)) + "$$"
    return Clues(words, pairs, [kinds[at : at + 3] for at in range(len(words) + 2)])


@dataclass(frozen=True)
class Tagger:
    """Weights for the three tags, and of one tag following another (``follow[before][after]``).

    ``words`` holds three numbers per word; ``pairs`` three for the second word of the pair, then three for the
    first; ``windows`` three for the last word of the window, then for the middle and the first one.
    """

    words: Mapping[str, Scores]
    pairs: Mapping[str, Scores]
    windows: Mapping[str, Scores]
    follow: Sequence[Scores]

    def tags(self, found: Clues) -> list[int]:
        """The best chain of tags for a text's words."""
        emitted = list(self._emitted(found))
        if not emitted:
            return []
        best, steps = [emitted[0][BEGIN], NEVER, emitted[0][OUTSIDE]], []
        for here in emitted[1:]:
            best, step = self._advance(best, here)
            steps.append(step)
        return _trace(best, steps)

    def _emitted(self, found: Clues) -> Iterator[Scores]:
        """For each word the weight of begin, inside and outside."""
        words = map(self.words.get, found.words)
        pairs = [self.pairs.get(pair, _SIX) for pair in found.pairs]
        windows = [self.windows.get(window, _NINE) for window in found.windows]
        for at, word in enumerate(words):
            b, i, o = word or _THREE
            one, two = pairs[at], pairs[at + 1]
            last, mid, first = windows[at], windows[at + 1], windows[at + 2]
            yield (
                b + one[0] + two[3] + last[0] + mid[3] + first[6],
                i + one[1] + two[4] + last[1] + mid[4] + first[7],
                o + one[2] + two[5] + last[2] + mid[5] + first[8],
            )

    def _advance(self, best: Scores, here: Scores) -> tuple[list[float], tuple[int, int, int]]:
        b, i, o = best
        totals, step = [], []
        for (from_b, from_i, from_o), emitted in zip(zip(*self.follow, strict=True), here, strict=True):
            by_b, by_i, by_o = b + from_b, i + from_i, o + from_o
            if by_o >= by_b and by_o >= by_i:
                totals.append(by_o + emitted)
                step.append(OUTSIDE)
            elif by_i >= by_b:
                totals.append(by_i + emitted)
                step.append(INSIDE)
            else:
                totals.append(by_b + emitted)
                step.append(BEGIN)
        return totals, (step[0], step[1], step[2])

    def spans(self, text: str) -> list[Span]:
        """The place phrases of a normalised text as ``(start, end)``, in order."""
        found: list[Span] = []
        starts = edges(text)
        for at, tag in enumerate(self.tags(clues(tokens(text)))):
            if tag == BEGIN:
                found.append((starts[at], starts[at + 1]))
            elif tag == INSIDE:
                found[-1] = (found[-1][0], starts[at + 1])
        return [(start, end) for start, end in found if text[start:end].strip()]


_THREE, _SIX, _NINE = (0.0,) * 3, (0.0,) * 6, (0.0,) * 9


def _trace(best: Scores, steps: Sequence[tuple[int, int, int]]) -> list[int]:
    tag = max(range(3), key=best.__getitem__)
    chain = [tag]
    for step in reversed(steps):
        tag = step[tag]
        chain.append(tag)
    return chain[::-1]
