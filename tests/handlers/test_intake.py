"""Events are decided one by one: what goes wrong with one harms no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.line import events
from handlers.incoming import Incoming
from handlers.services import intake
from handlers.services.intake import Intake
from store import Store, Unit
from store.models import City
from store.queries import city
from store.words import RowState
from tests.pipes import MALI, SOMCHAI, T0, echo, inbox_rows, new_event, outbox_rows, stored


def taking(store: Store, decide: intake.Decide = echo) -> Intake:
    return Intake(store, events.parse, decide, "w1")


def test_a_decided_event_leaves_its_message_and_loses_its_body(store: Store) -> None:
    stored(store, new_event(1))
    assert taking(store).run_once(T0) == 1
    (row,) = inbox_rows(store)
    assert (row.state, row.raw, row.event_id) == (RowState.DONE, None, "event-1")
    (answer,) = outbox_rows(store)
    assert answer.messages == [{"type": "text", "text": "echo words 1"}]
    assert (answer.reply_token, answer.reply_until, answer.inbox_id) == ("token-1", T0 + 50, row.id)


def test_a_fault_rolls_everything_back_and_is_tried_again_later_and_later(store: Store) -> None:
    def broken(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        echo(unit, incoming, now, inbox_id)
        unit.flush()
        raise KeyError("something")

    stored(store, new_event(1))
    worker = taking(store, broken)
    at = T0
    for delay in intake.DELAYS:
        assert worker.run_once(at) == 1
        (row,) = inbox_rows(store)
        assert (row.state, row.next_at) == (RowState.WAITING, at + delay)
        assert worker.run_once(at + delay * 0.9) == 0
        at += delay
    assert worker.run_once(at) == 1
    (row,) = inbox_rows(store)
    assert (row.state, row.reason) == (RowState.PARKED, "KeyError: 'something'")
    assert row.raw is not None
    assert outbox_rows(store) == []


def test_a_fault_in_one_conversation_does_not_stop_the_others(store: Store) -> None:
    def picky(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        if incoming.user == MALI:
            raise RuntimeError("no")
        echo(unit, incoming, now, inbox_id)

    stored(store, new_event(1), new_event(2, SOMCHAI), new_event(3, SOMCHAI))
    worker = taking(store, picky)
    assert [worker.run_once(T0), worker.run_once(T0)] == [2, 1]
    assert [row.to for row in outbox_rows(store)] == [SOMCHAI, SOMCHAI]


def test_errors_of_the_database_are_noted_without_the_values_they_quote(store: Store) -> None:
    def twice(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        for _ in range(2):
            unit.add(City(id=1, code="secret words", prefix="X", name_th="", name_en="", data={}))
            unit.flush()
            unit.session.expunge_all()

    stored(store, new_event(1))
    taking(store, twice).run_once(T0)
    (row,) = inbox_rows(store)
    assert row.reason.startswith("IntegrityError") and "secret words" not in row.reason


@pytest.mark.parametrize("raw", [None, 1, [], "x", {"type": "newKind"}, {"type": "message"}])
def test_what_asks_for_nothing_is_skipped_politely(store: Store, raw: object) -> None:
    stored(store, new_event(1, raw=raw if raw is not None else {"type": 3}))
    taking(store).run_once(T0)
    (row,) = inbox_rows(store)
    assert (row.state, row.raw) == (RowState.SKIPPED, None)
    assert outbox_rows(store) == []


def test_what_can_not_be_read_is_skipped_with_a_reason(store: Store) -> None:
    stored(store, new_event(1)._replace(raw="{not json"))
    taking(store).run_once(T0)
    (row,) = inbox_rows(store)
    assert row.state == RowState.SKIPPED and row.reason.startswith("unreadable")


def test_an_event_that_kills_whoever_decides_it_is_parked_in_the_end(store: Store) -> None:
    stored(store, new_event(1))
    worker = taking(store)
    for number in range(intake.MOST_CLAIMS):
        assert len(worker.claim(T0 + number * 100, 1)) == 1  # and then it dies
    assert worker.run_once(T0 + 5000) == 1
    assert inbox_rows(store)[0].state == RowState.PARKED


def test_a_worker_that_came_too_late_decides_nothing(store: Store) -> None:
    stored(store, new_event(1))
    late, quick = taking(store), Intake(store, events.parse, echo, "w2")
    (event,) = late.claim(T0, 1)
    assert quick.run_once(T0 + 31) == 1
    late.settle([event], T0 + 31)
    assert len(outbox_rows(store)) == 1


def test_now_is_the_later_of_the_citys_clock_and_the_event(store: Store) -> None:
    seen: list[datetime] = []

    def look(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        seen.append(now)

    with store.writing() as unit:
        unit.add(City(id=1, code="x", prefix="X", name_th="", name_en="", data={}))
    stored(store, new_event(1, at_ms=int((T0 + 3600) * 1000)))
    taking(store, look).run_once(T0)
    with store.writing() as unit:
        city.set_clock_offset(unit, 86_400.0)
    stored(store, new_event(2))
    taking(store, look).run_once(T0)
    start = datetime.fromtimestamp(T0, UTC)
    assert seen == [start + timedelta(hours=1), start + timedelta(days=1)]
