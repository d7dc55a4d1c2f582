"""The whole way: a webhook comes in, a worker decides, LINE gets the answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.line.inbox_writer import InboxWriter
from bot.line.media import LineMedia
from bot.line.messenger import LineMessenger
from bot.line.raw_events import new_events
from bot.loops import FileLock, Loop
from bot.media_store import MediaStore
from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from bot.worker import HEARTBEAT, Parts, Worker, WorkerBusy
from handlers.incoming import Incoming
from store import Store, Unit
from store.models import Photo
from store.queries import leases, outbox
from store.words import RowState
from tests.bot.line.serving import served
from tests.pipes import MALI, SOMCHAI, echo, inbox_rows, letter, new_event, outbox_rows, stored


@pytest.fixture
def sim() -> LineSimulator:
    made = LineSimulator("s" * 32, "a-token")
    made.person(MALI, "มะลิ")
    made.person(SOMCHAI, "สมชาย")
    return made


@pytest.fixture
def parts(sim: LineSimulator, tmp_path: Path) -> Iterator[Parts]:
    with served(create_line_app(sim)) as address:
        messenger = LineMessenger(address, "a-token")
        messenger.warm_up()
        media = MediaStore(str(tmp_path / "media"))
        yield Parts(echo, messenger, LineMedia(address, "a-token"), media, lambda unit, photo, why: None)


@pytest.fixture
def worker(store: Store, parts: Parts) -> Iterator[Worker]:
    made = Worker(store, parts, deciders=3, senders=4)
    made.start()
    yield made
    made.stop()


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def connect(sim: LineSimulator, writer: InboxWriter) -> None:
    def post(body: bytes, headers: dict[str, str]) -> int:
        writer.store(new_events(body, time.time()))
        return 200

    sim.post_to(post)


def test_words_come_in_and_the_answer_goes_out_by_reply(
    sim: LineSimulator, store: Store, worker: Worker
) -> None:
    connect(sim, InboxWriter(store, worker.wake_inbox))
    started = time.monotonic()
    sim.say(MALI, "ไฟดับ")
    eventually(lambda: len(sim.sent) == 1)
    assert time.monotonic() - started < 3
    assert (sim.sent[0]["how"], sim.sent[0]["messages"]) == ("reply", [{"type": "text", "text": "echo ไฟดับ"}])


def test_without_being_woken_it_looks_by_itself(sim: LineSimulator, store: Store, worker: Worker) -> None:
    connect(sim, InboxWriter(store))
    sim.say(MALI, "ไฟดับ")
    eventually(lambda: len(sim.sent) == 1)
    letter(store, SOMCHAI, "news", datetime.now(UTC))
    eventually(lambda: len(sim.sent) == 2)


def test_a_crowd_is_answered_each_once_and_each_persons_words_in_order(
    sim: LineSimulator, store: Store, worker: Worker
) -> None:
    connect(sim, InboxWriter(store, worker.wake_inbox))
    people = [f"U{number:032x}" for number in range(5)]
    for number in range(8):
        for someone in people:
            sim.say(someone, f"words {number}")
    eventually(lambda: len(sim.sent) == 40, 30)
    assert {row.state for row in inbox_rows(store)} == {RowState.DONE}
    inside: dict[str, list[str]] = {}
    for row in outbox_rows(store):
        inside.setdefault(row.to, []).append(row.messages[0]["text"])
    assert all(said == [f"echo words {number}" for number in range(8)] for said in inside.values())


def test_one_conversation_is_never_decided_twice_at_once(store: Store, parts: Parts) -> None:
    inside: list[str] = []
    clashes: list[str] = []
    guard = threading.Lock()

    def slow(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        with guard:
            clashes.extend(incoming.conversation for who in inside if who == incoming.conversation)
            inside.append(incoming.conversation)
        time.sleep(0.02)
        with guard:
            inside.remove(incoming.conversation)

    stored(store, *[new_event(number, (MALI, SOMCHAI)[number % 2]) for number in range(20)])
    workers = [Worker(store, replace(parts, decide=slow)) for _ in range(1 if store.sqlite else 2)]
    for each in workers:
        each.start()
    eventually(lambda: all(row.state == RowState.DONE for row in inbox_rows(store)))
    for each in workers:
        each.stop()
    assert clashes == []


def test_a_photo_is_fetched_and_kept(sim: LineSimulator, store: Store, parts: Parts, tmp_path: Path) -> None:
    from PIL import Image

    from handlers.services import photos
    from store.models import Person

    Image.new("RGB", (2000, 1000), "green").save(tmp_path / "p.jpg")
    event = sim.photo(MALI, (tmp_path / "p.jpg").read_bytes())
    now = datetime.now(UTC)
    with store.writing() as unit:
        someone = unit.add(Person(line_id=MALI, consent="1", created_at=now, seen_at=now))
        unit.flush()
        token = photos.take(unit, someone, event["message"]["id"], "before", None, now).token
    worker = Worker(store, parts)
    worker.start()
    eventually(lambda: parts.pictures.read(token, "small") is not None)
    worker.stop()
    with store.reading() as unit:
        assert unit.session.query(Photo).one().state == RowState.DONE


def test_a_living_worker_shows_and_a_stopped_one_does_not(store: Store, worker: Worker) -> None:
    def living() -> list[str]:
        with store.reading() as unit:
            return leases.alive(unit, HEARTBEAT, time.time())

    assert living() == [HEARTBEAT + worker.id]
    worker.stop()
    assert living() == []


def test_messages_for_tomorrow_wait_for_the_citys_clock(
    sim: LineSimulator, store: Store, worker: Worker
) -> None:
    now = datetime.now(UTC)
    letter(store, MALI, "tomorrow", now, due_at=now + timedelta(days=1))
    letter(store, MALI, "now", now)
    eventually(lambda: len(sim.sent) == 1)
    time.sleep(0.3)
    assert [send["messages"][0]["text"] for send in sim.sent] == ["now"]


def test_stopping_finishes_what_is_under_way_and_leaves_nothing_claimed(
    sim: LineSimulator, store: Store, worker: Worker
) -> None:
    stored(store, *[new_event(number, f"U{number:032x}") for number in range(60)])
    worker.wake_inbox()
    time.sleep(0.1)
    worker.stop()
    assert {row.state for row in inbox_rows(store)} <= {RowState.DONE, RowState.WAITING}
    assert {row.state for row in outbox_rows(store)} <= {RowState.DONE, RowState.WAITING}


def test_on_sqlite_a_second_worker_is_refused_and_a_dead_ones_claims_are_free_at_once(
    new_database: Any, parts: Parts, sim: LineSimulator
) -> None:
    store = Store(new_database("sqlite"))
    letter(store, MALI, "news", datetime.now(UTC))
    with store.writing() as unit:
        outbox.claim(unit, "dead", time.time(), datetime.now(UTC), 3600.0, 10)
    first = Worker(store, parts)
    first.start()
    with pytest.raises(WorkerBusy):
        Worker(store, parts).start()
    eventually(lambda: len(sim.sent) == 1, 3)
    first.stop()
    again = Worker(store, parts)
    again.start()
    again.stop()
    store.close()


def test_on_postgresql_a_worker_is_woken_by_other_processes_at_once(
    new_database: Any, parts: Parts, sim: LineSimulator
) -> None:
    url = new_database("postgresql")
    store, elsewhere = Store(url), Store(url)
    worker = Worker(store, parts)
    worker.start()
    time.sleep(0.7)
    delays = []
    for number in range(5):
        time.sleep(0.05)
        started = time.monotonic()
        letter(elsewhere, MALI, "news", datetime.now(UTC))
        eventually(lambda n=number: len(sim.sent) == n + 1)  # type: ignore[misc]
        delays.append(time.monotonic() - started)
    worker.stop()
    store.close()
    elsewhere.close()
    assert sorted(delays)[2] < 0.15  # polling alone would take a fifth of a second at worst


def test_a_loop_outlives_its_faults_and_can_be_woken() -> None:
    turns: list[float] = []

    def step() -> int:
        turns.append(time.monotonic())
        if len(turns) == 1:
            raise RuntimeError("once")
        return 0

    loop = Loop("test", step, 60.0)
    loop.start()
    eventually(lambda: len(turns) == 2)
    loop.wake()
    eventually(lambda: len(turns) == 3)
    assert loop.turning()
    loop.stop(1)
    assert not loop.turning()


def test_a_file_lock_is_held_by_one(tmp_path: Path) -> None:
    path = str(tmp_path / "x.worker")
    first, second = FileLock(path), FileLock(path)
    assert first.take() and not second.take()
    first.give_back()
    assert second.take()
    second.give_back()
    assert FileLock(None).take()


def test_the_body_of_a_decided_event_is_gone_from_the_inbox(
    sim: LineSimulator, store: Store, worker: Worker
) -> None:
    connect(sim, InboxWriter(store, worker.wake_inbox))
    sim.say(MALI, "เบอร์ 0812345678")
    eventually(
        lambda: all(row.state == RowState.DONE for row in inbox_rows(store)) and bool(inbox_rows(store))
    )
    assert json.dumps([row.raw for row in inbox_rows(store)]) == "[null]"
