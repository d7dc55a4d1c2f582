"""Retrains the classifier and puts it to use only when it is not worse than what is in use.

A part of the shipped corpus is held out: candidates learn from the rest and are judged on it, so that every judgement
is about messages the candidate has not seen. The one put to use then learns from everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import nlp
from bot.model_shelf import ModelShelf
from nlp import Gazetteer, Model, Row, Understander

_EVERY = 6
"""One row of so many is held out."""
SLACK = 0.002
"""Share of held-out rows that may change by chance when some rows are added."""


@dataclass(frozen=True)
class Result:
    """``score`` and ``before``: share of held-out messages with an acceptable category."""

    promoted: bool
    score: float
    before: float
    rows: int
    added: int

    def words(self) -> str:
        verdict = "promoted" if self.promoted else "not promoted, because it is worse than the one in use"
        return (
            f"{verdict}: {self.score:.4f} acceptable on the held-out part, before {self.before:.4f};"
            f" learnt from {self.rows} rows of the corpus and {self.added} added ones"
        )


def retrain(shelf: ModelShelf, added: Sequence[Row]) -> Result:
    """Train with the added rows, judge, and promote. Takes three trainings the first time, then two."""
    corpus = nlp.read_corpus()
    held = [row for row in corpus if _held_out(row)]
    rest = [row for row in corpus if not _held_out(row)]
    before = _in_use(shelf, held, rest)
    score = judge(nlp.train([*rest, *added]), held) if added else _shipped(shelf, held, rest)
    good = score >= before - SLACK
    if good:
        about = {"score": score, "corpus": nlp.corpus_version(), "added": len(added)}
        shelf.promote(nlp.train([*corpus, *added]), about)
    return Result(good, score, before, len(corpus), len(added))


def judge(model: Model, rows: Sequence[Row]) -> float:
    """Share of rows whose category the model gives, or one of their other acceptable ones."""
    reader = Understander(model, Gazetteer([], []))
    hits = sum(reader.understand(row.text).category in {row.category, *row.also} for row in rows)
    return hits / len(rows)


def _held_out(row: Row) -> bool:
    """By the text alone, so that the same rows are held out every time."""
    return hashlib.sha256(row.text.encode()).digest()[0] % _EVERY == 0


def _in_use(shelf: ModelShelf, held: Sequence[Row], rest: Sequence[Row]) -> float:
    """What a candidate must reach: the shipped corpus alone, and the promoted model if it learnt from this corpus."""
    about = shelf.about()
    noted = about.get("score") if about.get("corpus") == nlp.corpus_version() else None
    return max(_shipped(shelf, held, rest), noted if isinstance(noted, float) else 0.0)


def _shipped(shelf: ModelShelf, held: Sequence[Row], rest: Sequence[Row]) -> float:
    """Score of the corpus without additions, kept beside the models because it costs a training."""
    path = shelf.built / f"held-out-{nlp.corpus_version()}.txt"
    try:
        return float(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        score = judge(nlp.train(rest), held)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(score), encoding="ascii")
        return score
