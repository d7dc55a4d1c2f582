"""Whenever a process is killed, everything still happens once: no event lost, no message twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.line.inbox_writer import InboxWriter
from bot.line.raw_events import new_events
from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from bot.worker import Worker
from store import Store
from store.words import RowState
from tests.bot.line.serving import served
from tests.kill import victim
from tests.pipes import MALI, SOMCHAI, inbox_rows, outbox_rows

pytestmark = pytest.mark.slow


class Line:
    """LINE outlives the bot: the simulator, reachable by any process, posting into the inbox."""

    def __init__(self, store: Store, address: str, sim: LineSimulator) -> None:
        self.sim, self.address = sim, address
        writer = InboxWriter(store)

        def post(body: bytes, headers: dict[str, str]) -> int:
            writer.store(new_events(body, time.time()))
            return 200

        sim.post_to(post)

    @property
    def said(self) -> Counter[tuple[str, str]]:
        return Counter((send["how"], send["messages"][0]["text"]) for send in self.sim.sent)


@pytest.fixture
def line(store: Store) -> Iterator[Line]:
    sim = LineSimulator(victim.SECRET, victim.TOKEN, quota=None)
    sim.person(MALI, "มะลิ")
    sim.person(SOMCHAI, "สมชาย")
    with served(create_line_app(sim)) as address:
        yield Line(store, address, sim)


def start(store: Store, line: Line, point: str, stdin: bytes | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.kill.victim", store.url, line.address, point]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if stdin is not None:
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
    return process


def recover(
    store: Store, line: Line, done: Callable[[], bool], later_s: float = 0.0, patience_s: float = 30
) -> None:
    """A new worker takes over; on PostgreSQL when the dead one's leases are over."""
    worker = Worker(store, victim.parts(line.address), clock=lambda: time.time() + later_s)
    worker.start()
    end = time.monotonic() + patience_s
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
    worker.stop()


def settled(store: Store, events: int) -> bool:
    inbox, outbox = inbox_rows(store), outbox_rows(store)
    return (
        len(inbox) == events
        and all(row.state == RowState.DONE for row in inbox)
        and len(outbox) == 2 * events
        and all(row.state == RowState.DONE for row in outbox)
    )


@pytest.mark.parametrize("point", victim.POINTS)
def test_killed_between_two_steps_each_effect_happens_once(store: Store, line: Line, point: str) -> None:
    line.sim.say(MALI, "ไฟดับ")
    assert start(store, line, point).wait(60) == victim.DIED
    recover(store, line, lambda: settled(store, 1), later_s=0 if store.sqlite else 31)
    assert line.said == {("reply", "answer ไฟดับ"): 1, ("push", "news ไฟดับ"): 1}
    assert settled(store, 1)


def test_killed_after_storing_and_before_answering_the_event_is_stored_once(store: Store, line: Line) -> None:
    line.sim.post_to(None)
    event = line.sim.say(MALI, "ไฟดับ")
    body = line.sim.body(event)
    process = start(store, line, "stored", body)
    assert process.wait(60) == victim.DIED
    assert process.stdout is not None and process.stdout.read() == b""
    InboxWriter(store).store(
        new_events(line.sim.body({**event, "deliveryContext": {"isRedelivery": True}}), 1.0)
    )
    assert len(inbox_rows(store)) == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_at_any_moment_nothing_is_lost_or_doubled(
    store: Store, line: Line, seed: int
) -> None:
    dice = random.Random(seed)
    total = 40
    people = [f"U{number:032x}" for number in range(8)]
    said = 0
    for _ in range(4):
        process = start(store, line, "none")
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        for _ in range(total // 4):
            line.sim.say(people[said % len(people)], f"{said}")
            said += 1
            time.sleep(dice.uniform(0, 0.02))
        time.sleep(dice.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
    recover(store, line, lambda: settled(store, total), later_s=0 if store.sqlite else 31, patience_s=60)
    assert settled(store, total)
    pushes = {text: count for (how, text), count in line.said.items() if text.startswith("news")}
    assert pushes == {f"news {number}": 1 for number in range(total)}
    answers: Counter[str] = Counter()
    for (_, text), count in line.said.items():
        if text.startswith("answer"):
            answers[text] += count
    unconfirmed = {row.messages[0]["text"] for row in outbox_rows(store) if row.reason}
    assert max(answers.values()) == 1
    assert set(answers) | unconfirmed == {f"answer {number}" for number in range(total)}


def test_workers_that_die_together_on_postgresql_leave_their_work_to_others(new_database: Any) -> None:
    store = Store(new_database("postgresql"))
    sim = LineSimulator(victim.SECRET, victim.TOKEN, quota=None)
    sim.person(SOMCHAI, "สมชาย")
    with served(create_line_app(sim)) as address:
        line = Line(store, address, sim)
        pair = [start(store, line, "none") for _ in range(2)]
        for process in pair:
            assert process.stdout is not None
            process.stdout.readline()
        for number in range(20):
            line.sim.say(f"U{number:032x}", f"{number}")
        for process in pair:
            process.kill()
            process.wait()
        recover(store, line, lambda: settled(store, 20), later_s=31, patience_s=60)
        assert settled(store, 20)
        assert {text: n for (_, text), n in line.said.items() if text.startswith("news")} == {
            f"news {number}": 1 for number in range(20)
        }
    store.close()
