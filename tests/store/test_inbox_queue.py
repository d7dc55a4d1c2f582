"""The inbox as a queue: each event once, one at a time per conversation, claims that end."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict

from store import Store
from store.queries import inbox
from store.queries.inbox import ClaimedEvent
from store.words import RowState
from tests.pipes import SOMCHAI, T0, inbox_rows, new_event, stored


def claim(
    store: Store, worker: str = "w1", now: float = T0, lease: float = 30.0, count: int = 10
) -> list[str]:
    return [event.event_id for event in claimed(store, worker, now, lease, count)]


def claimed(
    store: Store, worker: str = "w1", now: float = T0, lease: float = 30.0, count: int = 10
) -> list[ClaimedEvent]:
    with store.writing_connection() as connection:
        return inbox.claim(connection, worker, now, lease, count)


def done(store: Store, event: ClaimedEvent) -> None:
    with store.writing() as unit:
        inbox.settle(unit, [event], RowState.DONE, T0)


def test_an_event_that_line_delivers_again_is_stored_once(store: Store) -> None:
    stored(store, new_event(1), new_event(1))
    stored(store, new_event(1), new_event(2))
    assert [row.event_id for row in inbox_rows(store)] == ["event-1", "event-2"]


def test_only_the_oldest_event_of_each_conversation_is_taken(store: Store) -> None:
    stored(store, new_event(1), new_event(2), new_event(3, SOMCHAI))
    assert claim(store) == ["event-1", "event-3"]
    assert claim(store) == []


def test_the_order_is_that_of_lines_times_not_of_arrival(store: Store) -> None:
    stored(store, new_event(1, at_ms=2_000), new_event(2, at_ms=1_000))
    (first,) = claimed(store)
    assert first.event_id == "event-2"
    done(store, first)
    assert claim(store) == ["event-1"]


def test_a_late_older_event_waits_for_the_one_being_decided(store: Store) -> None:
    stored(store, new_event(2, at_ms=2_000))
    (newer,) = claimed(store)
    stored(store, new_event(1, at_ms=1_000))
    assert claim(store, "w2") == []
    done(store, newer)
    assert claim(store, "w2") == ["event-1"]


def test_the_next_event_follows_when_one_is_decided(store: Store) -> None:
    stored(store, new_event(1), new_event(2))
    (first,) = claimed(store)
    done(store, first)
    assert claim(store) == ["event-2"]
    assert inbox_rows(store)[0].raw is None and inbox_rows(store)[1].raw is not None


def test_a_claim_ends_and_the_late_worker_can_no_longer_write(store: Store) -> None:
    stored(store, new_event(1))
    (late,) = claimed(store, "w1")
    assert claim(store, "w2", T0 + 29) == []
    (taken_over,) = claimed(store, "w2", T0 + 31)
    assert taken_over.attempts == 2
    with store.writing() as unit:
        assert not inbox.hold(unit, [late])
        inbox.settle(unit, [late], RowState.DONE, T0)
    assert inbox_rows(store)[0].state == RowState.CLAIMED
    with store.writing() as unit:
        assert inbox.hold(unit, [taken_over])


def test_an_event_that_must_wait_holds_up_only_its_conversation(store: Store) -> None:
    stored(store, new_event(1), new_event(2), new_event(3, SOMCHAI))
    first = claimed(store, count=1)[0]
    with store.writing() as unit:
        inbox.postpone(unit, first, T0 + 4, "try later")
    assert claim(store) == ["event-3"]
    assert claim(store, now=T0 + 5) == ["event-1"]


def test_a_parked_event_holds_up_nobody_and_can_be_released(store: Store) -> None:
    stored(store, new_event(1), new_event(2))
    first = claimed(store)[0]
    with store.writing() as unit:
        inbox.park(unit, first, T0, "a fault")
    assert claim(store) == ["event-2"]
    with store.writing() as unit:
        assert inbox.release_parked(unit) == 1
    row = inbox_rows(store)[0]
    assert (row.state, row.attempts, row.raw is not None) == (RowState.WAITING, 0, True)


def test_at_the_start_of_the_only_worker_all_claims_are_freed(store: Store) -> None:
    stored(store, new_event(1), new_event(2, SOMCHAI))
    claim(store)
    with store.writing() as unit:
        assert inbox.release_all(unit) == 2
    assert claim(store, "w2") == ["event-1", "event-2"]


def test_workers_side_by_side_take_every_event_once_and_in_order(store: Store) -> None:
    people = [f"U{number:032x}" for number in range(7)]
    stored(store, *[new_event(number, people[number % 7]) for number in range(140)])
    order: dict[str, list[str]] = defaultdict(list)
    open_now: Counter[str] = Counter()
    clashes: list[str] = []

    def work(name: str) -> None:
        while sum(len(events) for events in order.values()) < 140:
            for event in claimed(store, name, count=3):
                open_now[event.conversation] += 1
                if open_now[event.conversation] > 1:
                    clashes.append(event.conversation)
                order[event.conversation].append(event.event_id)
                open_now[event.conversation] -= 1
                done(store, event)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert clashes == []
    for number, person in enumerate(people):
        assert order[person] == [f"event-{n}" for n in range(number, 140, 7)]


def test_a_long_queue_of_one_conversation_is_claimed_quickly(store: Store) -> None:
    stored(store, *[new_event(number) for number in range(3000)], new_event(9_000, SOMCHAI))
    assert claim(store) == ["event-0", "event-9000"]
    with store.reading() as unit:
        assert inbox.counts(unit) == {"waiting": 2999, "claimed": 2}
        assert inbox.oldest_waiting(unit) == T0
