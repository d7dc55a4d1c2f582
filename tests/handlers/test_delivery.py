"""Delivery from the outbox: marked before sent, in order, with leases that end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.ports import Sent
from handlers.rules import delivery as rules
from handlers.services.delivery import MONTHLY_LEASE, Delivery
from handlers.services.outbox import Reply
from store import Store
from store.models import Outbox, Person
from store.queries import leases, outbox, privacy
from store.words import RowState
from tests.pipes import MALI, SOMCHAI, T0, ScriptedMessenger, letter, outbox_rows

NOW = datetime.fromtimestamp(T0, UTC)


def delivering(store: Store, *script: Sent, worker: str = "w1") -> tuple[Delivery, ScriptedMessenger]:
    messenger = ScriptedMessenger(list(script))
    return Delivery(store, messenger, worker, senders=4), messenger


def fresh_reply(number: int = 1) -> Reply:
    return Reply(f"token-{number}", T0 + 50)


def test_a_reply_goes_by_its_token_and_a_push_with_its_key(store: Store) -> None:
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    letter(store, SOMCHAI, "news", NOW)
    delivery, messenger = delivering(store)
    assert delivery.pass_once(T0, NOW) == 2
    assert sorted(messenger.calls) == [("push", SOMCHAI, "news"), ("reply", "token-1", "an answer")]
    reply, push = outbox_rows(store)
    assert (reply.state, reply.how, reply.counted) == (RowState.DONE, "reply", 0)
    assert (push.state, push.how, push.counted) == (RowState.DONE, "push", 1)
    assert messenger.keys == [push.retry_key]
    assert delivery.pass_once(T0, NOW) == 0


def test_a_reply_is_marked_as_tried_before_it_is_sent(store: Store) -> None:
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    seen: list[tuple[str, bool]] = []
    delivery, messenger = delivering(store)
    messenger.on_call = lambda: seen.extend((row.state, row.reply_tried) for row in outbox_rows(store))
    delivery.pass_once(T0, NOW)
    assert seen == [(RowState.CLAIMED, True)]


def test_an_unsure_reply_is_repeated_and_a_dead_token_then_means_done(store: Store) -> None:
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    delivery, messenger = delivering(store, Sent.UNSURE, Sent.TOKEN_DEAD)
    delivery.pass_once(T0, NOW)
    assert delivery.pass_once(T0, NOW) == 0
    delivery.pass_once(T0 + 2, NOW)
    assert [how for how, _, _ in messenger.calls] == ["reply", "reply"]
    (row,) = outbox_rows(store)
    assert (row.state, row.how, row.counted) == (RowState.DONE, "reply", 0)


def test_an_unsure_reply_whose_token_dies_is_done_as_unconfirmed_and_never_pushed(store: Store) -> None:
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    delivery, messenger = delivering(store, Sent.UNSURE)
    delivery.pass_once(T0, NOW)
    delivery.pass_once(T0 + 60, NOW)
    assert len(messenger.calls) == 1
    (row,) = outbox_rows(store)
    assert (row.state, row.reason) == (RowState.DONE, "reply unconfirmed")


def test_a_reply_that_was_never_tried_in_time_becomes_a_push_with_its_key(store: Store) -> None:
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    delivery, messenger = delivering(store)
    delivery.pass_once(T0 + 51, NOW)
    delivery.pass_once(T0 + 51, NOW)
    (row,) = outbox_rows(store)
    assert messenger.calls == [("push", MALI, "an answer")] and messenger.keys == [row.retry_key]
    assert (row.state, row.how) == (RowState.DONE, "push")


def test_a_token_that_was_dead_at_the_first_try_becomes_a_push(store: Store) -> None:
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    delivery, messenger = delivering(store, Sent.TOKEN_DEAD)
    delivery.pass_once(T0, NOW)
    delivery.pass_once(T0, NOW)
    assert [how for how, _, _ in messenger.calls] == ["reply", "push"]


def test_an_unsure_push_is_repeated_with_the_same_key(store: Store) -> None:
    letter(store, MALI, "news", NOW)
    delivery, messenger = delivering(store, Sent.UNSURE, Sent.DUPLICATE)
    delivery.pass_once(T0, NOW)
    delivery.pass_once(T0 + 2, NOW)
    assert len(set(messenger.keys)) == 1 and len(messenger.keys) == 2
    (row,) = outbox_rows(store)
    assert (row.state, row.counted, row.tried_at is not None) == (RowState.DONE, 1, True)


def test_one_persons_pushes_keep_their_order_and_others_do_not_wait(store: Store) -> None:
    letter(store, MALI, "first", NOW)
    letter(store, MALI, "second", NOW)
    letter(store, SOMCHAI, "other", NOW)
    delivery, messenger = delivering(store, Sent.UNSURE)
    delivery.pass_once(T0, NOW)
    assert sorted(text for _, _, text in messenger.calls) == ["first", "other"]
    delivery.pass_once(T0, NOW)
    assert len(messenger.calls) == 2
    for _ in range(4):
        delivery.pass_once(T0 + 5, NOW)
    assert [text for _, to, text in messenger.calls if to == MALI] in (
        ["first", "first", "second"],
        ["first", "second"],
    )


def test_a_reply_does_not_wait_for_a_push(store: Store) -> None:
    letter(store, MALI, "stuck", NOW)
    delivery, messenger = delivering(store, Sent.UNSURE)
    delivery.pass_once(T0, NOW)
    letter(store, MALI, "an answer", NOW, reply=fresh_reply())
    delivery.pass_once(T0, NOW)
    assert messenger.calls[-1] == ("reply", "token-1", "an answer")


@pytest.mark.parametrize("state", [RowState.PARKED, RowState.HELD, RowState.REMOVED])
def test_a_push_does_not_wait_for_one_that_is_parked_held_or_removed(store: Store, state: RowState) -> None:
    first = letter(store, MALI, "first", NOW)
    letter(store, MALI, "second", NOW)
    with store.writing() as unit:
        row = unit.get(Outbox, first)
        assert row is not None
        row.state = state
    delivery, messenger = delivering(store)
    delivery.pass_once(T0, NOW)
    assert [text for _, _, text in messenger.calls] == ["second"]


def test_what_is_due_later_by_the_citys_clock_waits_and_blocks_nobody(store: Store) -> None:
    letter(store, MALI, "tomorrow", NOW, due_at=NOW + timedelta(hours=9))
    letter(store, MALI, "now", NOW)
    delivery, messenger = delivering(store)
    assert delivery.pass_once(T0, NOW) == 1
    assert delivery.pass_once(T0, NOW + timedelta(hours=9)) == 1
    assert [text for _, _, text in messenger.calls] == ["now", "tomorrow"]


def test_a_killed_workers_messages_are_taken_up_when_its_lease_ends(store: Store) -> None:
    letter(store, MALI, "news", NOW)
    letter(store, SOMCHAI, "an answer", NOW, reply=fresh_reply())
    with store.writing() as unit:
        assert len(outbox.claim(unit, "dead", T0, NOW, 30.0, 10)) == 2
    delivery, messenger = delivering(store, worker="w2")
    assert delivery.pass_once(T0 + 29, NOW) == 0
    assert delivery.pass_once(T0 + 31, NOW) == 2
    assert sorted(how for how, _, _ in messenger.calls) == ["push", "reply"]


def test_a_message_removed_while_it_is_sent_stays_removed(store: Store) -> None:
    number = letter(store, MALI, "news", NOW)
    delivery, messenger = delivering(store)

    def remove() -> None:
        with store.writing() as unit:
            row = unit.get(Outbox, number)
            assert row is not None
            row.state = RowState.REMOVED

    messenger.on_call = remove
    delivery.pass_once(T0, NOW)
    assert outbox_rows(store)[0].state == RowState.REMOVED


def test_when_line_says_too_fast_everybody_waits_a_moment(store: Store) -> None:
    letter(store, MALI, "news", NOW)
    delivery, messenger = delivering(store, Sent.RATE)
    delivery.pass_once(T0, NOW)
    letter(store, SOMCHAI, "other", NOW)
    assert delivery.pass_once(T0 + 0.5, NOW) == 0
    assert delivery.pass_once(T0 + 5, NOW) == 2


def test_the_spent_month_parks_pushes_is_remembered_and_can_be_released(store: Store) -> None:
    letter(store, MALI, "news", NOW)
    delivery, messenger = delivering(store, Sent.MONTHLY)
    delivery.pass_once(T0, NOW)
    (row,) = outbox_rows(store)
    assert (row.state, row.reason) == (RowState.PARKED, "monthly_limit")
    with store.writing() as unit:
        ends = leases.until(unit, MONTHLY_LEASE)
        assert ends is not None and ends > T0
        assert outbox.release_parked(unit, "monthly_limit", T0 + 3600) == 0
        assert outbox.release_parked(unit, "monthly_limit", rules.month_turns(T0)) == 1
    assert delivery.pass_once(T0 + 10, NOW) == 1
    assert outbox_rows(store)[0].state == RowState.DONE


def test_a_fault_of_the_messenger_loses_nothing(store: Store) -> None:
    letter(store, MALI, "news", NOW)
    delivery, messenger = delivering(store)

    def fail() -> None:
        raise LookupError("unforeseen")

    messenger.on_call = fail
    delivery.pass_once(T0, NOW)
    (row,) = outbox_rows(store)
    assert (row.state, row.reason) == (RowState.WAITING, "LookupError")
    messenger.on_call = lambda: None
    assert delivery.pass_once(T0 + 2, NOW) == 1


def test_a_push_to_a_group_counts_its_members(store: Store) -> None:
    letter(store, "C" + "1" * 32, "news", NOW)
    delivery = Delivery(store, ScriptedMessenger(), "w1", counts=lambda to: 12 if to.startswith("C") else 1)
    delivery.pass_once(T0, NOW)
    assert outbox_rows(store)[0].counted == 12


def test_what_goes_by_another_channel_is_left_to_it(store: Store) -> None:
    number = letter(store, "somebody@example.org", "mail", NOW)
    with store.writing() as unit:
        row = unit.get(Outbox, number)
        assert row is not None
        row.channel = "email"
    delivery, messenger = delivering(store)
    assert delivery.pass_once(T0, NOW) == 0


def test_something_named_once_is_queued_once(store: Store) -> None:
    letter(store, MALI, "news", NOW, once="case-1:new")
    with store.reading() as unit:
        assert outbox.exists_once(unit, "case-1:new") and not outbox.exists_once(unit, "case-2:new")
        assert outbox.waiting(unit, NOW) == 1 and outbox.counts(unit) == {"waiting": 1}


def _erase_while_sending(store: Store, *script: Sent) -> tuple[Delivery, ScriptedMessenger]:
    """Her words are erased at the moment when the message that quotes them is on its way to LINE."""
    delivery, messenger = delivering(store, *script)

    def erase() -> None:
        messenger.on_call = None
        with store.writing() as unit:
            privacy.outbox_of_person(unit, unit.session.scalars(select(Outbox.person_id)).one() or 0)

    messenger.on_call = erase
    return delivery, messenger


def _letter_to_somebody(store: Store) -> None:
    letter(store, MALI, "her words", NOW)
    with store.writing() as unit:
        person = unit.add(Person(line_id=MALI, language="th", created_at=NOW, seen_at=NOW, roles=[]))
        unit.flush()
        unit.session.scalars(select(Outbox)).one().person_id = person.id


@pytest.mark.parametrize("answer", [Sent.UNSURE, Sent.RATE, Sent.OK])
def test_what_was_erased_on_its_way_is_never_sent_again_empty(store: Store, answer: Sent) -> None:
    _letter_to_somebody(store)
    delivery, messenger = _erase_while_sending(store, answer)
    delivery.pass_once(T0, NOW)
    delivery.pass_once(T0 + 3600, NOW)
    assert len(messenger.calls) == 1
    (row,) = outbox_rows(store)
    assert (row.state, row.messages) == (RowState.REMOVED, [])
