"""Learns the place tagger: an averaged structured perceptron (Collins 2002)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise

from nlp.normalise import normalise
from nlp.tagger import BEGIN, INSIDE, NEVER, OUTSIDE, Clues, Table, Tagger, best_chain, clues
from nlp.types import Row
from nlp.words import edges, tokens

ROUNDS = 6
LEAST_WEIGHT = 0.05
_THREE, _SIX, _NINE = (0.0,) * 3, (0.0,) * 6, (0.0,) * 9


def marked_spans(text: str, places: Iterable[str]) -> list[tuple[int, int]]:
    """Where the given place phrases stand in a normalised text; those that do not occur are left out."""
    found = []
    for place in map(normalise, places):
        start = text.find(place)
        if place and start >= 0:
            found.append((start, start + len(place)))
    return sorted(found)


def _tags(text: str, places: Iterable[str]) -> list[int]:
    starts = edges(text)
    tags = [OUTSIDE] * (len(starts) - 1)
    for start, end in marked_spans(text, places):
        tag = BEGIN
        for at in range(len(tags)):
            if starts[at] < end and starts[at + 1] > start:
                tags[at], tag = tag, INSIDE
    return tags


class _Weights:
    """Weights by name and, beside them, each change times its step (for the average over all steps)."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.now: dict[str, list[float]] = {}
        self.late: dict[str, list[float]] = {}

    def add(self, name: str, at: int, by: float, step: int) -> None:
        if name not in self.now:
            self.now[name], self.late[name] = [0.0] * self.width, [0.0] * self.width
        self.now[name][at] += by
        self.late[name][at] += by * step

    def mean(self, steps: int) -> Table:
        found = {
            name: tuple(now - late / steps for now, late in zip(values, self.late[name], strict=True))
            for name, values in self.now.items()
        }
        kept = {name: scores for name, scores in found.items() if max(map(abs, scores)) >= LEAST_WEIGHT}
        return Table.of(kept, self.width)


class _Learner:
    def __init__(self) -> None:
        self.words, self.pairs, self.windows = _Weights(3), _Weights(6), _Weights(9)
        self.follow = _Weights(3)
        for before in range(3):
            self.follow.add(str(before), 0, 0.0, 0)
        # "Inside" never follows "outside".
        self.follow.now[str(OUTSIDE)][INSIDE] = NEVER

    def tags(self, found: Clues) -> list[int]:
        """What the weights say so far."""
        words = [self.words.now.get(word, _THREE) for word in found.words]
        pairs = [self.pairs.now.get(pair, _SIX) for pair in found.pairs]
        windows = [self.windows.now.get(window, _NINE) for window in found.windows]
        emitted = (
            [
                word[tag] + one[tag] + two[3 + tag] + last[tag] + mid[3 + tag] + first[6 + tag]
                for tag in range(3)
            ]
            for word, one, two, last, mid, first in zip(
                words, pairs, pairs[1:], windows, windows[1:], windows[2:], strict=False
            )
        )
        return best_chain(emitted, [self.follow.now[str(before)] for before in range(3)])

    def change(self, found: Clues, tags: Sequence[int], by: float, step: int, where: Sequence[int]) -> None:
        """Adds ``by`` to everything that speaks for ``tags`` at the words ``where``, and to their transitions."""
        for at in where:
            tag = tags[at]
            self.words.add(found.words[at], tag, by, step)
            for back in range(2):
                self.pairs.add(found.pairs[at + back], 3 * back + tag, by, step)
            for back in range(3):
                self.windows.add(found.windows[at + back], 3 * back + tag, by, step)
        for before, after in pairwise(tags):
            if (before, after) != (OUTSIDE, INSIDE):
                self.follow.add(str(before), after, by, step)

    def done(self, steps: int) -> Tagger:
        last = [self.follow.now[str(before)] for before in range(3)]
        late = [self.follow.late[str(before)] for before in range(3)]
        follow = [
            tuple(now - lag / steps for now, lag in zip(values, lags, strict=True))
            for values, lags in zip(last, late, strict=True)
        ]
        return Tagger(self.words.mean(steps), self.pairs.mean(steps), self.windows.mean(steps), follow)


def learn_tagger(rows: Iterable[Row], rounds: int = ROUNDS) -> Tagger:
    """A tagger learnt from the ``place`` of rows, always the same for the same rows."""
    data = []
    for row in rows:
        text = normalise(row.text)
        data.append((clues(tokens(text)), _tags(text, row.place)))
    order, learner, step = random.Random(1), _Learner(), 1
    for _ in range(rounds):
        order.shuffle(data)
        for found, right in data:
            step += 1
            said = learner.tags(found)
            wrong = [at for at, tag in enumerate(right) if said[at] != tag]
            if wrong:
                learner.change(found, right, 1.0, step, wrong)
                learner.change(found, said, -1.0, step, wrong)
    return learner.done(step)
