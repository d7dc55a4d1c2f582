"""Retrains the classifier and puts it to use only when it is not worse than what is in use.

A part of the corpus is held out, and of what officials corrected: candidates learn from the rest and are judged on
it, together with the model in use (its twin, which has not seen that part either). What is promoted then learns from
everything. Nothing here knows a database; files are written at the end only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import nlp
from bot import model_check
from bot.learning import gate
from bot.learning.gate import Marks
from bot.learning.lessons import Believed, Lessons, believe, original
from bot.loops import FileLock
from bot.model_shelf import SHIPPED, ModelShelf
from nlp import Gazetteer, Model, Row, Understander
from nlp.lexicon import plain_rows

_EVERY = 6
"""One row of so many is held out."""
_SOFTER = (1.0, 1 / 3, 0.0)
"""A candidate that fails is followed by one that believes less of the history, and one that believes none."""


class TrainingBusy(RuntimeError):
    """Another process on this machine is training for the same installation."""


@dataclass(frozen=True)
class Result:
    """``score`` and ``before``: share of held-out messages with an acceptable category. ``why``: why not promoted."""

    version: str | None
    why: str
    score: float
    before: float
    rows: int
    added: int
    offered: int

    @property
    def promoted(self) -> bool:
        return self.version is not None

    def words(self) -> str:
        verdict = f"promoted as {self.version}" if self.promoted else f"not promoted: {self.why}"
        return (
            f"{verdict}; {self.score:.4f} acceptable on the held-out part, before {self.before:.4f};"
            f" {self.rows} rows of the corpus, {self.added} believed of {self.offered} added ones"
        )


@dataclass(frozen=True)
class _Parts:
    """The corpus apart, and what both readers are judged on.

    ``city``: held-out corrections by officials. They are judged apart from the corpus: they may stop a candidate and
    never outweigh what it forgot, or many wrong ones would let themselves in.
    """

    corpus: Sequence[Row]
    rest: Sequence[Row]
    held: Sequence[Row]
    city: Sequence[Row]


@dataclass(frozen=True)
class _Judged:
    """Marks on the held-out part of the corpus and on the city's own rows."""

    corpus: Marks
    city: Marks


def retrain(shelf: ModelShelf, lessons: Lessons) -> Result:
    """Train with what there is to learn, judge, promote. Some trainings of a quarter minute each.

    Raises ``TrainingBusy``.
    """
    shelf.built.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(shelf.built / "training.lock"))
    if not lock.take():
        raise TrainingBusy("another training is running")
    try:
        return _retrain(shelf, lessons)
    finally:
        lock.give_back()


def _retrain(shelf: ModelShelf, lessons: Lessons) -> Result:
    corpus = nlp.read_corpus()
    rest = [row for row in corpus if not held_out(row)]
    shipped = _shipped_twin(shelf, rest)
    believed = believe(lessons, corpus, _reader(shipped))
    city = [row for row in believed.corrections if held_out(row) and row.text in believed.official]
    parts = _Parts(corpus, rest, [row for row in corpus if held_out(row)], city)
    old = _judged(shelf.twin() or shipped, parts)
    known = _known_already(shelf, lessons, believed)
    if known:
        return _result(parts, lessons, believed, old, old, why=known)
    twin, used, new, faults = _best(parts, believed, shipped, old)
    if faults:
        why = "it is worse than the one in use: " + ", ".join(faults)
        return _result(parts, lessons, used, new, old, why=why)
    version = _promote(shelf, parts, believed, used, twin, new, old)
    return _result(parts, lessons, used, new, old, version=version)


def _known_already(shelf: ModelShelf, lessons: Lessons, believed: Believed) -> str:
    """Why these rows need no training; empty when they do."""
    digest = believed.digest()
    if digest in shelf.withdrawn():
        return "a version that learnt from the same rows was rolled back"
    if shelf.fits(shelf.in_use()) and shelf.about(shelf.in_use()).get("data") == digest:
        return "the one in use has learnt from the same rows"
    if len(lessons) and not len(believed) and shelf.in_use() == SHIPPED:
        return "none of the added rows is plausible or new"
    return ""


def _best(
    parts: _Parts, believed: Believed, shipped: Model, old: _Judged
) -> tuple[Model, Believed, _Judged, list[str]]:
    """The first candidate that is not worse; else the last one, with its faults."""
    for share in _SOFTER if believed.past else (1.0,):
        used = _softened(believed, share)
        twin = _learnt(parts.rest, used, seen=False) if len(used) else shipped
        new = _judged(twin, parts)
        faults = gate.faults(new.corpus, old.corpus) + gate.city_faults(new.city, old.city)
        if not faults:
            break
    return twin, used, new, faults


def _judged(model: Model, parts: _Parts) -> _Judged:
    reader = _reader(model)
    return _Judged(gate.marked(reader, parts.held), gate.marked(reader, parts.city))


def _softened(believed: Believed, share: float) -> Believed:
    def light(rows: Sequence[Row]) -> list[Row]:
        return [replace(row, weight=row.weight * share) for row in rows] if share else []

    return replace(believed, files=light(believed.files), history=light(believed.history))


def _learnt(corpus: Sequence[Row], used: Believed, *, seen: bool) -> Model:
    """A model of these rows. ``seen``: held-out corrections, too. History teaches categories and no certainty."""
    corrections = [row for row in used.corrections if seen or not held_out(row)]
    return nlp.train([*corpus, *corrections], [*plain_rows(), *used.past])


def _promote(
    shelf: ModelShelf,
    parts: _Parts,
    believed: Believed,
    used: Believed,
    twin: Model,
    new: _Judged,
    old: _Judged,
) -> str:
    model = _learnt(parts.corpus, used, seen=True)
    model_check.checked(model.to_bytes())
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "score": round(new.corpus.score, 4),
        "score_before": round(old.corpus.score, 4),
        "corpus_rows": len(parts.corpus),
        "corrections": len(used.corrections),
        "file_rows": len(used.files),
        "history_rows": len(used.history),
        "data": believed.digest(),
    }
    return shelf.promote(model, twin, about, [original(row) for row in believed.files])


def _result(
    parts: _Parts,
    lessons: Lessons,
    used: Believed,
    new: _Judged,
    old: _Judged,
    *,
    version: str | None = None,
    why: str = "",
) -> Result:
    return Result(
        version, why, new.corpus.score, old.corpus.score, len(parts.corpus), len(used), len(lessons)
    )


def held_out(row: Row) -> bool:
    """By the text alone, so that the same rows are held out every time."""
    return hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).digest()[0] % _EVERY == 0


def _reader(model: Model) -> Understander:
    return Understander(model, Gazetteer([], []))


def _shipped_twin(shelf: ModelShelf, rest: Sequence[Row]) -> Model:
    """What the corpus without its held-out part teaches; kept beside the models because it costs a training."""
    path = shelf.built / f"twin-{nlp.corpus_version()}.npz"
    try:
        return model_check.checked(path.read_bytes())
    except (OSError, ValueError):
        twin = nlp.train(rest)
        fresh = path.with_suffix(".part")
        fresh.write_bytes(twin.to_bytes())
        fresh.replace(path)
        return twin
