"""Learns the place tagger: an averaged structured perceptron (Collins 2002)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from nlp.normalise import normalise
from nlp.tagger import BEGIN, INSIDE, NEVER, OUTSIDE, Scores, Tagger, clues
from nlp.types import Row
from nlp.words import edges, tokens

ROUNDS = 6

Marks = list[tuple[str, ...]]


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


class _Average:
    """Weights and, beside them, each change times the step it was made at (for the average over all steps)."""

    def __init__(self) -> None:
        self.weights: dict[str, list[float]] = {}
        self.late: dict[str, list[float]] = {}

    def add(self, name: str, tag: int, by: float, step: int) -> None:
        self.weights.setdefault(name, [0.0, 0.0, 0.0])[tag] += by
        self.late.setdefault(name, [0.0, 0.0, 0.0])[tag] += by * step

    def mean(self, name: str, steps: int) -> Scores:
        b, i, o = (now - late / steps for now, late in zip(self.weights[name], self.late[name], strict=True))
        return b, i, o


def _follow(rows: Sequence[Scores]) -> tuple[Scores, ...]:
    """The transition table; "inside" can never follow "outside"."""
    b, i, o = rows
    return (b[0], b[1], b[2]), (i[0], i[1], i[2]), (o[0], NEVER, o[2])


def _correct(learnt: _Average, marks: Marks, right: Sequence[int], said: Sequence[int], step: int) -> None:
    for at, clue in enumerate(marks):
        if right[at] != said[at]:
            for name in clue:
                learnt.add(name, right[at], 1.0, step)
                learnt.add(name, said[at], -1.0, step)
        if at and (right[at - 1], right[at]) != (said[at - 1], said[at]):
            learnt.add(f">{right[at - 1]}", right[at], 1.0, step)
            learnt.add(f">{said[at - 1]}", said[at], -1.0, step)


def learn_tagger(rows: Iterable[Row], rounds: int = ROUNDS) -> Tagger:
    """A tagger learnt from the ``place`` of rows, always the same for the same rows."""
    data = []
    for row in rows:
        text = normalise(row.text)
        data.append((clues(tokens(text)), _tags(text, row.place)))
    order = random.Random(1)
    learnt, step = _Average(), 1
    for before in range(3):
        learnt.add(f">{before}", 0, 0.0, 0)
    live = Tagger(learnt.weights, _follow([[0.0] * 3] * 3))
    for _ in range(rounds):
        order.shuffle(data)
        for marks, right in data:
            step += 1
            said = live.tags(marks)
            if said != right:
                _correct(learnt, marks, right, said, step)
                live = Tagger(learnt.weights, _follow([learnt.weights[f">{n}"] for n in range(3)]))
    mean = {name: learnt.mean(name, step) for name in learnt.weights}
    follow = _follow([mean.pop(f">{n}") for n in range(3)])
    return Tagger({name: scores for name, scores in mean.items() if max(map(abs, scores)) >= 0.05}, follow)
