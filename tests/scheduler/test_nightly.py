"""The training of the night: once per gap, outside transactions, by one process, broken off when the clock ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.learning.nightly import train_apart
from handlers.rules.learning import ENOUGH
from handlers.services.delivery import Delivery
from handlers.services.learning import JOB
from scheduler.jobs import JOBS
from scheduler.steps import Clockwork
from scheduler.tick import tick
from store import Store
from store.models import Correction, Training
from tests.pipes import ScriptedMessenger
from tests.town import BANGKOK, Town

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=BANGKOK)
LEARNING = next(job for job in JOBS if job.name == JOB)


class Night:
    """A town with corrections, and a training that only notes what it saw. ``dies``: how many trainings fail."""

    def __init__(self, store: Store, dies: int = 0) -> None:
        self.store, self.dies = store, dies
        self.town = Town(store)
        self.trainings = 0
        self.work = self.clockwork("first")
        self.delivery = Delivery(store, ScriptedMessenger(), "test")  # type: ignore[arg-type]

    def clockwork(self, name: str) -> Clockwork:
        return Clockwork(self.store, self.town.house, name, {JOB: self.train})

    def train(self, go_on: Callable[[], bool]) -> int:
        assert go_on()
        self.trainings += 1
        if self.trainings <= self.dies:
            return 0
        with self.store.writing() as unit:  # would wait for ever if the job's own transaction were still open
            newest = unit.session.query(Correction).count()
            unit.add(Training(at=self.town.now, up_to=newest, version=None, words="noted"))
        return 1

    def corrected(self, times: int = ENOUGH) -> None:
        with self.store.writing() as unit:
            for n in range(times):
                unit.add(
                    Correction(
                        at=self.town.now, role="official", text=f"t{n}", guessed="road", category="waste"
                    )
                )

    def tick(self, at: datetime) -> int:
        return tick(self.work, self.delivery, at).counts[JOB]


@pytest.fixture
def night(store: Store) -> Night:
    return Night(store)


def test_a_week_that_was_skipped_gives_one_training(night: Night) -> None:
    night.corrected()
    assert night.tick(TUESDAY) == 1
    assert night.tick(TUESDAY) == 0 and night.tick(TUESDAY + timedelta(hours=12)) == 0
    assert night.trainings == 1


def test_what_was_learnt_is_not_learnt_again(night: Night) -> None:
    night.corrected()
    night.tick(TUESDAY)
    assert night.tick(TUESDAY + timedelta(days=20)) == 0
    night.town.now = TUESDAY + timedelta(days=20)
    night.corrected(1)
    assert night.tick(TUESDAY + timedelta(days=21)) == 1


def test_a_training_that_died_is_tried_again_the_next_night_and_not_before(store: Store) -> None:
    night = Night(store, dies=1)
    night.corrected()
    assert night.tick(TUESDAY) == 0 and night.trainings == 1
    assert night.tick(TUESDAY + timedelta(hours=10)) == 0 and night.trainings == 1
    assert night.tick(TUESDAY + timedelta(days=1)) == 1 and night.trainings == 2


def test_two_clocks_never_train_at_once(night: Night) -> None:
    night.corrected()
    other = night.clockwork("second")
    assert other.hold(LEARNING)
    assert night.tick(TUESDAY) == 0 and night.trainings == 0
    assert other.run(LEARNING, TUESDAY) == 1
    other.let_go(LEARNING)
    assert night.tick(TUESDAY + timedelta(minutes=1)) == 0 and night.trainings == 1


def test_a_process_that_has_no_hands_for_it_leaves_it(store: Store) -> None:
    night = Night(store)
    night.corrected()
    bare = Clockwork(store, night.town.house, "bare")
    assert bare.hold(LEARNING) and bare.run(LEARNING, TUESDAY) == 0


# --- the process of its own


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_training_that_ends_well_counts_and_one_that_fails_does_not() -> None:
    assert train_apart(lambda: True, python("print('promoted')")) == 1
    assert train_apart(lambda: True, python("raise SystemExit(1)")) == 0


def test_a_training_is_ended_when_the_clock_may_not_go_on() -> None:
    started = time.monotonic()
    assert train_apart(lambda: False, python("import time; time.sleep(60)")) == 0
    assert time.monotonic() - started < 20
