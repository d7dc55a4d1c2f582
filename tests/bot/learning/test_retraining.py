"""What would make the classifier worse is not put to use, whoever says it."""

from __future__ import annotations

from pathlib import Path

import pytest

import nlp
from bot.learning.lessons import Lessons, Taught
from bot.learning.retraining import TrainingBusy, held_out, retrain
from bot.loops import FileLock
from bot.media_store import MediaStore
from bot.model_shelf import SHIPPED, ModelShelf


def shelf(folder: Path) -> ModelShelf:
    return ModelShelf(MediaStore(str(folder / "media")), folder / "models")


@pytest.mark.slow
def test_wrong_corrections_in_great_number_are_refused_by_the_gate(tmp_path: Path) -> None:
    rows = [row for row in nlp.read_corpus() if row.category != "animals" and not held_out(row)][::3]
    lies = [Taught(f"{row.text} ค่ะ", "animals", "official", n) for n, row in enumerate(rows)]
    on = shelf(tmp_path)
    result = retrain(on, Lessons(corrections=lies))
    assert not result.promoted and "worse" in result.words() and result.score < result.before
    assert on.in_use() == SHIPPED and on.versions() == []


def test_two_trainings_at_once_are_refused(tmp_path: Path) -> None:
    on = shelf(tmp_path)
    on.built.mkdir()
    lock = FileLock(str(on.built / "training.lock"))
    assert lock.take()
    with pytest.raises(TrainingBusy):
        retrain(on, Lessons())
    lock.give_back()


def test_the_same_messages_are_held_out_every_time() -> None:
    corpus = nlp.read_corpus()
    held = [row for row in corpus if held_out(row)]
    assert 0.1 < len(held) / len(corpus) < 0.25 and held == [row for row in corpus if held_out(row)]
