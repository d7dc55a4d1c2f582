"""Marks the words of a message that say where, with weights learnt from the corpus' marked places.

A linear chain over the tags begin, inside, outside; the best chain is found by Viterbi's algorithm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.wording import table
from nlp.words import edges, tokens

Scores = Sequence[float]
Span = tuple[int, int]
BEGIN, INSIDE, OUTSIDE = range(3)
NEVER = -1e6


@cache
def _kinds() -> dict[str, str]:
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


def _kind(word: str) -> str:
    known = _kinds().get(word)
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


def clues(words: Sequence[str]) -> list[tuple[str, ...]]:
    """What the tagger looks at for each word: it, each pair with a neighbour, three windows of three kinds."""
    around = ["^", *words, "$"]
    kinds = ["^", "^", *map(_kind, words), "$", "$"]
    pairs = [f"{one}|{two}" for one, two in zip(around, around[1:], strict=False)]
    triples = [a + b + c for a, b, c in zip(kinds, kinds[1:], kinds[2:], strict=False)]
    out = []
    for at, word in enumerate(words):
        before, here, after = triples[at], triples[at + 1], triples[at + 2]
        out.append(("w" + word, "b" + pairs[at], "f" + pairs[at + 1], "d" + before, "c" + here, "g" + after))
    return out


@dataclass(frozen=True)
class Tagger:
    """Weights of every clue for the three tags, and of one tag following another (``follow[before][after]``)."""

    weights: Mapping[str, Scores]
    follow: Sequence[Scores]

    def tags(self, marks: Sequence[Sequence[str]]) -> list[int]:
        """The best chain of tags for the clues of each word."""
        if not marks:
            return []
        best, steps = [0.0, NEVER, 0.0], []
        for first, clue in enumerate(marks):
            emitted = self._emitted(clue)
            if not first:
                best = [emitted[BEGIN], NEVER, emitted[OUTSIDE]]
                continue
            best, step = self._advance(best, emitted)
            steps.append(step)
        return _trace(best, steps)

    def _emitted(self, clue: Sequence[str]) -> tuple[float, float, float]:
        begin = inside = outside = 0.0
        get = self.weights.get
        for name in clue:
            found = get(name)
            if found:
                begin += found[0]
                inside += found[1]
                outside += found[2]
        return begin, inside, outside

    def _advance(self, best: Scores, emitted: Scores) -> tuple[list[float], tuple[int, int, int]]:
        b, i, o = best
        (bb, bi, bo), (ib, ii, io), (ob, oi, oo) = self.follow
        totals, step = [], []
        for from_b, from_i, from_o, here in (
            (b + bb, i + ib, o + ob, emitted[0]),
            (b + bi, i + ii, o + oi, emitted[1]),
            (b + bo, i + io, o + oo, emitted[2]),
        ):
            if from_o >= from_b and from_o >= from_i:
                totals.append(from_o + here)
                step.append(OUTSIDE)
            elif from_i >= from_b:
                totals.append(from_i + here)
                step.append(INSIDE)
            else:
                totals.append(from_b + here)
                step.append(BEGIN)
        return totals, (step[0], step[1], step[2])

    def spans(self, text: str) -> list[Span]:
        """The place phrases of a normalised text as ``(start, end)``, in order."""
        found: list[Span] = []
        starts = edges(text)
        for at, tag in enumerate(self.tags(clues(tokens(text)))):
            if tag == BEGIN or (tag == INSIDE and not found):
                found.append((starts[at], starts[at + 1]))
            elif tag == INSIDE:
                found[-1] = (found[-1][0], starts[at + 1])
        return [(start, end) for start, end in found if text[start:end].strip()]


def _trace(best: Scores, steps: Sequence[tuple[int, int, int]]) -> list[int]:
    tag = max(range(3), key=best.__getitem__)
    chain = [tag]
    for step in reversed(steps):
        tag = step[tag]
        chain.append(tag)
    return chain[::-1]
