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
        # Written out for three tags: this loop runs for every word of every message.
        (bb, bi, bo), (ib, ii, io), (ob, oi, oo) = self.follow
        b, i, o = 0.0, NEVER, 0.0
        steps: list[tuple[int, int, int]] = []
        for here_b, here_i, here_o in self._emitted(found):
            if not steps:
                b, i, o = here_b, NEVER, here_o
                steps.append((OUTSIDE, OUTSIDE, OUTSIDE))
                continue
            to_b, from_b = _best(b + bb, i + ib, o + ob)
            to_i, from_i = _best(b + bi, i + ii, o + oi)
            to_o, from_o = _best(b + bo, i + io, o + oo)
            b, i, o = to_b + here_b, to_i + here_i, to_o + here_o
            steps.append((from_b, from_i, from_o))
        return _trace(_best(b, i, o)[1], steps[1:]) if steps else []

    def _emitted(self, found: Clues) -> Iterator[tuple[float, float, float]]:
        """For each word the weight of begin, inside and outside."""
        words = map(self.words.get, found.words)
        pairs = [self.pairs.get(pair, _SIX) for pair in found.pairs]
        windows = [self.windows.get(window, _NINE) for window in found.windows]
        rows = zip(words, pairs, pairs[1:], windows, windows[1:], windows[2:], strict=False)
        for word, one, two, last, mid, first in rows:
            b, i, o = word or _THREE
            yield (
                b + one[0] + two[3] + last[0] + mid[3] + first[6],
                i + one[1] + two[4] + last[1] + mid[4] + first[7],
                o + one[2] + two[5] + last[2] + mid[5] + first[8],
            )

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


def _best(b: float, i: float, o: float) -> tuple[float, int]:
    """The greatest of three and its tag; outside wins a tie."""
    if o >= b and o >= i:
        return o, OUTSIDE
    return (i, INSIDE) if i >= b else (b, BEGIN)


def _trace(tag: int, steps: Sequence[tuple[int, int, int]]) -> list[int]:
    chain = [tag]
    for step in reversed(steps):
        tag = step[tag]
        chain.append(tag)
    return chain[::-1]
