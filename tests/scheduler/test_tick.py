"""The city clock moved by hand: everything due happens once, in order, and nothing happens again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from handlers.ports import Sent
from handlers.rules.deadlines import ACK, HELP_ACK, LADDER
from handlers.services.delivery import Delivery
from scheduler.jobs import JOBS
from scheduler.steps import Clockwork
from scheduler.tick import TICK, TooEarly, tick
from store import Store
from store.models import Outbox
from store.queries import city, job_runs
from store.words import RoleName
from tests.pipes import ScriptedMessenger
from tests.town import BANGKOK, Town

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=BANGKOK)
"""More than a week after the report: every rung of the first ladder is due."""

RUNGS = len(LADDER[ACK]) + len(LADDER[HELP_ACK])
"""The lead has not answered, and neither has the one agency asked to help."""


class Scenery:
    """A town with a waiting case, a representative, and somebody who takes what is sent."""

    def __init__(self, store: Store) -> None:
        self.town = Town(store)
        self.town.settle("สมชาย", RoleName.OFFICIAL, agency="WORKS")
        self.town.settle("หัวหน้า", RoleName.HEAD, agency="WORKS")
        self.town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
        self.town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
        self.town.settle("ยายสี")
        self.town.says("ยายสี", "ไฟทางดับหน้าวัดโพนงาม มืดมาก")
        self.town.taps("ยายสี", "ส่งเรื่อง")
        self.store = store
        self.work = Clockwork(store, self.town.house, "test")
        self.messenger = ScriptedMessenger()
        self.delivery = Delivery(store, _Taking(self.messenger), "test")
        self.listens = True

    def tick(self, at: datetime) -> dict[str, int]:
        done = tick(self.work, self.delivery, at, lambda: self.listens)
        self.waiting = done.waiting
        return done.counts

    def reminders(self) -> list[str]:
        """To whom reminders went, in order."""
        with self.store.reading() as unit:
            rows = unit.session.query(Outbox).filter(Outbox.purpose == "reminder").order_by(Outbox.id)
            return [self.town.name_of(row.to) for row in rows]

    def states(self) -> Counter[str]:
        with self.store.reading() as unit:
            return Counter(row.state for row in unit.session.query(Outbox))


class _Taking:
    """Cards have no first text; what counts here is only that somebody takes them."""

    def __init__(self, scripted: ScriptedMessenger) -> None:
        self._scripted = scripted

    def reply(self, token: str, messages: object) -> object:
        return self._scripted.reply(token, [{"text": "…"}])

    def push(self, to: str, messages: object, retry_key: str) -> object:
        return self._scripted.push(to, [{"text": "…"}], retry_key)


@pytest.fixture
def scenery(store: Store) -> Iterator[Scenery]:
    made = Scenery(store)
    yield made
    made.delivery.close()


def test_the_whole_ladder_is_climbed_in_order_and_everything_is_sent(scenery: Scenery) -> None:
    counts = scenery.tick(TUESDAY)
    assert list(counts) == [job.name for job in JOBS]
    assert counts["ladders"] == RUNGS
    assert [name for name in scenery.reminders() if name != "หัวหน้า"] == ["สมชาย", "ศูนย์", "ครูฝน"]
    assert scenery.town.case().overdue_at == TUESDAY
    assert scenery.waiting == 0 and set(scenery.states()) == {"done"}


def test_a_week_that_was_skipped_gives_one_digest(scenery: Scenery) -> None:
    assert scenery.tick(TUESDAY)["digests"] == 1


def test_the_same_instant_again_does_nothing_more(scenery: Scenery) -> None:
    scenery.tick(TUESDAY)
    sends = len(scenery.messenger.calls)
    assert set(scenery.tick(TUESDAY).values()) == {0}
    assert len(scenery.messenger.calls) == sends


def test_the_clock_shows_the_instant_and_goes_on_from_there(scenery: Scenery) -> None:
    scenery.tick(TUESDAY)
    assert scenery.work.city_now() == TUESDAY
    scenery.tick(TUESDAY + timedelta(hours=1))
    with scenery.store.reading() as unit:
        last = job_runs.last(unit, TICK)
        assert last is not None and last.at == TUESDAY + timedelta(hours=1)


def test_the_clock_is_never_put_back(scenery: Scenery) -> None:
    scenery.tick(TUESDAY)
    with scenery.store.reading() as unit:
        before = city.clock_offset(unit)
    with pytest.raises(TooEarly):
        scenery.tick(TUESDAY - timedelta(minutes=1))
    with scenery.store.reading() as unit:
        assert city.clock_offset(unit) == before


def test_where_nobody_listens_messages_stay_and_go_with_the_next_tick(scenery: Scenery) -> None:
    scenery.messenger.script = [Sent.NOT_SENT] * 100
    scenery.listens = False
    scenery.tick(TUESDAY)
    assert scenery.waiting > 0 and scenery.states()["waiting"] > 0
    scenery.messenger.script = []
    scenery.listens = True
    assert set(scenery.tick(TUESDAY).values()) == {0}
    assert scenery.waiting == 0 and set(scenery.states()) == {"done"}


def test_at_night_the_clock_keeps_silent(scenery: Scenery) -> None:
    counts = scenery.tick(TUESDAY.replace(hour=23))
    assert counts["ladders"] == counts["digests"] == counts["follow_up"] == 0
    assert scenery.reminders() == []


def test_a_job_is_run_by_one_process_at_a_time(scenery: Scenery) -> None:
    other = Clockwork(scenery.store, scenery.town.house, "other")
    job = JOBS[0]
    assert other.hold(job) and not scenery.work.hold(job)
    assert scenery.work.run(job, TUESDAY) == 0
    other.let_go(job)
    assert scenery.work.hold(job) and scenery.work.run(job, TUESDAY) == RUNGS


def test_every_job_done_twice_at_one_instant_does_nothing_the_second_time(scenery: Scenery) -> None:
    scenery.town.taps_data("ยายสี", "do=network.join&network=ROADS")
    scenery.town.taps("สมชาย", "รับเรื่อง")
    done: Counter[str] = Counter()
    for days in (1, 3, 8, 16, 40):
        at = datetime(2026, 11, 23, 9, 30, tzinfo=BANGKOK) + timedelta(days=days)
        for job in JOBS:
            assert scenery.work.hold(job)
            done[job.name] += scenery.work.run(job, at)
            assert scenery.work.run(job, at) == 0, job.name
    assert done["ladders"] and done["follow_up"] and done["digests"], "the story gave the clock nothing to do"
