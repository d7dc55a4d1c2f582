"""Never lost, never twice: the rules against a LINE that fails in every way it can."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ports import SendResult, Sent
from handlers.rules import delivery as rules
from store.queries.outbox import Letter, Outcome
from store.words import RowState

T0 = 1_000_000.0
REPLY = Letter(1, "U1", [], "token", T0 + 50, False, "key-1", 1, None, "w")
PUSH = replace(REPLY, reply_token=None, reply_until=None)


def sent(kind: Sent) -> SendResult:
    return SendResult(kind, kind.value)


@pytest.mark.parametrize("kind", [Sent.OK, Sent.DUPLICATE])
def test_what_line_took_is_done(kind: Sent) -> None:
    reply, push = rules.after_reply(REPLY, sent(kind), T0), rules.after_push(PUSH, sent(kind), T0)
    assert (reply.state, reply.how, reply.counted) == (RowState.DONE, "reply", 0)
    assert (push.state, push.how, push.counted) == (RowState.DONE, "push", 1)


def test_a_token_is_worth_trying_while_it_lives() -> None:
    assert rules.before_reply(REPLY, T0) is None
    assert rules.before_reply(replace(REPLY, reply_tried=True), T0 + 49) is None


def test_a_reply_never_tried_whose_token_died_becomes_a_push() -> None:
    out = rules.before_reply(REPLY, T0 + 51)
    assert out is not None and out.as_push and out.state == RowState.WAITING


def test_a_reply_that_may_have_arrived_is_never_pushed() -> None:
    tried = replace(REPLY, reply_tried=True)
    out = rules.before_reply(tried, T0 + 51)
    assert out is not None and (out.state, out.reason) == (RowState.DONE, rules.UNCONFIRMED)
    late = rules.after_reply(REPLY, sent(Sent.UNSURE), T0 + 49.9)
    assert (late.state, late.reason, late.as_push) == (RowState.DONE, rules.UNCONFIRMED, False)


def test_a_dead_token_after_an_attempt_means_that_it_had_arrived() -> None:
    out = rules.after_reply(replace(REPLY, reply_tried=True), sent(Sent.TOKEN_DEAD), T0)
    assert (out.state, out.how) == (RowState.DONE, "reply")


def test_a_token_dead_at_the_very_first_attempt_means_a_push() -> None:
    assert rules.after_reply(REPLY, sent(Sent.TOKEN_DEAD), T0).as_push


def test_an_unsure_reply_is_tried_again_with_the_same_token() -> None:
    out = rules.after_reply(REPLY, sent(Sent.UNSURE), T0)
    assert (out.state, out.reply_tried, out.as_push) == (RowState.WAITING, True, False)
    assert T0 < out.next_at < T0 + 50


@pytest.mark.parametrize("kind", [Sent.NOT_SENT, Sent.RATE])
def test_a_reply_that_surely_did_not_arrive_counts_as_untried(kind: Sent) -> None:
    out = rules.after_reply(REPLY, sent(kind), T0)
    assert (out.state, out.reply_tried, out.as_push) == (RowState.WAITING, False, False)
    assert rules.after_reply(REPLY, sent(kind), T0 + 49.9).as_push
    unsure_before = rules.after_reply(replace(REPLY, reply_tried=True), sent(kind), T0)
    assert unsure_before.reply_tried


def test_a_push_is_tried_again_with_growing_pauses_for_a_day() -> None:
    letter, now, pauses = PUSH, T0, []
    while True:
        out = rules.after_push(letter, sent(Sent.UNSURE), now)
        if out.state == RowState.PARKED:
            break
        pauses.append(out.next_at - now)
        now = out.next_at
        letter = replace(letter, attempts=letter.attempts + 1, tried_at=out.tried_at)
    assert 0.8 <= pauses[0] <= 1.2 and max(pauses) <= rules.PUSH_LONGEST_DELAY * 1.2
    assert 23.5 * 3600 < now - T0 <= 24 * 3600
    assert "24 hours" in out.reason


def test_pauses_are_the_same_when_worked_out_again_and_differ_between_rows() -> None:
    first = rules.after_push(PUSH, sent(Sent.UNSURE), T0).next_at
    assert first == rules.after_push(PUSH, sent(Sent.UNSURE), T0).next_at
    assert first != rules.after_push(replace(PUSH, retry_key="key-2"), sent(Sent.UNSURE), T0).next_at


def test_the_monthly_limit_parks_a_push_by_name_and_turns_no_reply_into_a_second_one() -> None:
    assert rules.after_push(PUSH, sent(Sent.MONTHLY), T0).reason == "monthly_limit"
    assert rules.after_push(PUSH, sent(Sent.MONTHLY), T0).next_at == rules.month_turns(T0)
    assert rules.after_reply(REPLY, sent(Sent.MONTHLY), T0).as_push
    assert not rules.after_reply(replace(REPLY, reply_tried=True), sent(Sent.MONTHLY), T0).as_push


@pytest.mark.parametrize("letter", [REPLY, PUSH])
def test_what_line_refuses_for_good_is_parked_with_its_words(letter: Letter) -> None:
    after = rules.after_reply if letter.reply_token else rules.after_push
    out = after(letter, SendResult(Sent.REFUSED, "400 May not be empty"), T0)
    assert (out.state, out.reason) == (RowState.PARKED, "400 May not be empty")


@dataclass
class ModelLine:
    """LINE as it behaves: a token works once and for a minute, a key is taken once."""

    born: float
    arrived: list[str] = field(default_factory=list)
    token_used: bool = False
    key_used: bool = False

    def reply(self, now: float, fate: str) -> Sent:
        if fate in ("refused", "lost"):
            return Sent.NOT_SENT if fate == "refused" else Sent.UNSURE
        if fate == "rate":
            return Sent.RATE
        if self.token_used or now > self.born + 60:
            return Sent.TOKEN_DEAD
        self.token_used = True
        self.arrived.append("reply")
        return Sent.OK if fate == "fine" else Sent.UNSURE

    def push(self, fate: str) -> Sent:
        if fate in ("refused", "lost"):
            return Sent.NOT_SENT if fate == "refused" else Sent.UNSURE
        if fate == "rate":
            return Sent.RATE
        if self.key_used:
            return Sent.DUPLICATE if fate == "fine" else Sent.UNSURE
        self.key_used = True
        self.arrived.append("push")
        return Sent.OK if fate == "fine" else Sent.UNSURE


FATES = st.sampled_from(["fine", "lost", "answer lost", "refused", "rate", "die before", "die after"])


def step(letter: Letter, line: ModelLine, now: float, fate: str) -> Outcome | None:
    """One claim and try as the delivery does it; None when the worker died before it could write the end."""
    if letter.reply_token is not None:
        before = rules.before_reply(letter, now)
        if before is not None:
            return None if fate.startswith("die") else before
    if fate == "die before":
        return None
    real = "fine" if fate == "die after" else fate
    kind = line.reply(now, real) if letter.reply_token is not None else line.push(real)
    if fate == "die after":
        return None
    after = rules.after_reply if letter.reply_token is not None else rules.after_push
    return after(letter, sent(kind), now)


@settings(max_examples=400, deadline=None)
@given(fates=st.lists(FATES, max_size=12), delay=st.floats(0, 70), has_token=st.booleans())
def test_whatever_happens_a_message_arrives_once_or_was_a_reply_without_an_answer(
    fates: list[str], delay: float, has_token: bool
) -> None:
    line, now = ModelLine(born=T0), T0 + delay
    letter = replace(REPLY, attempts=0) if has_token else replace(PUSH, attempts=0)
    reason, state = "", RowState.WAITING
    for fate in [*fates, *["fine"] * 30]:
        letter = replace(letter, attempts=letter.attempts + 1)
        out = step(letter, line, now, fate)
        if out is None:  # the claim had marked a live reply as tried; the lease runs out
            live = (
                letter.reply_token is not None and letter.reply_until is not None and now < letter.reply_until
            )
            letter = replace(letter, reply_tried=letter.reply_tried or live)
            now += 30
            continue
        state, reason = out.state, out.reason
        if state != RowState.WAITING:
            break
        token = None if out.as_push else letter.reply_token
        attempts = 0 if out.as_push else letter.attempts
        letter = replace(
            letter, reply_token=token, attempts=attempts, reply_tried=out.reply_tried, tried_at=out.tried_at
        )
        now = max(now, out.next_at)
    assert state == RowState.DONE
    assert len(line.arrived) == 1 or (line.arrived == [] and reason == rules.UNCONFIRMED)


@pytest.mark.parametrize(
    ("now", "again"),
    [
        ("2026-11-21T08:00", "2026-12-01T00:00"),
        ("2026-12-31T23:59", "2027-01-01T00:00"),
        ("2026-12-01T03:00", "2026-12-01T09:00"),
    ],
)
def test_a_spent_month_is_tried_again_when_the_next_begins(now: str, again: str) -> None:
    at = datetime.fromisoformat(f"{now}+00:00").timestamp()
    assert rules.month_turns(at) == datetime.fromisoformat(f"{again}+00:00").timestamp()
