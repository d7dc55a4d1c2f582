"""What becomes of a message after each try: never lost, never twice.

A reply is used once and costs nothing; a push carries a key by which LINE refuses a second copy for 24 hours. So a
reply that may have arrived is never pushed, and a push is repeated with the same key until LINE has surely taken it.
All times are machine seconds.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.ports import SendResult, Sent
from store.queries.outbox import Letter, Outcome
from store.words import EMAIL, OPEN311, TRAFFY, WEBHOOK, RowState

REPLY_FIRST_DELAY, REPLY_LONGEST_DELAY = 0.5, 5.0
PUSH_FIRST_DELAY, PUSH_LONGEST_DELAY = 1.0, 900.0
PUSH_LIFE = 24 * 3600.0
"""How long LINE remembers a retry key: repeated later, the message could arrive twice."""
JITTER = 0.2
MONTHLY_LIMIT = "monthly_limit"
NO_CREDIT = "no credit left this month in the other system"
FIRST_DAY_PAUSE = 6 * 3600.0
UNCONFIRMED = "reply unconfirmed"
DEAD_ON_ARRIVAL = "the reply token was already dead"

_SURELY_NOT = (Sent.NOT_SENT, Sent.RATE, Sent.MONTHLY)


def before_reply(letter: Letter, now: float) -> Outcome | None:
    """For a letter with a reply token: None when the token is worth trying, else what it becomes without a try."""
    if letter.reply_until is not None and now < letter.reply_until:
        return None
    return _unconfirmed() if letter.reply_tried else _becomes_push()


def after_reply(letter: Letter, result: SendResult, now: float) -> Outcome:
    """``letter.reply_tried`` says whether an earlier attempt may have arrived; ``now`` is when this one ended."""
    if result.kind in (Sent.OK, Sent.DUPLICATE):
        return Outcome(RowState.DONE, reply_tried=True, how="reply")
    if result.kind == Sent.TOKEN_DEAD:
        # A token dies by use or by age. Used means that our earlier attempt had arrived.
        return _arrived_before() if letter.reply_tried else _becomes_push(DEAD_ON_ARRIVAL)
    if result.kind == Sent.REFUSED:
        return Outcome(RowState.PARKED, reply_tried=letter.reply_tried, reason=result.detail)
    if result.kind == Sent.MONTHLY and not letter.reply_tried:
        return _becomes_push(result.detail)
    tried = letter.reply_tried or result.kind not in _SURELY_NOT
    return _reply_again(letter, tried, result.detail, now)


def _reply_again(letter: Letter, tried: bool, detail: str, now: float) -> Outcome:
    again = now + _delay(letter, REPLY_FIRST_DELAY, REPLY_LONGEST_DELAY)
    if letter.reply_until is None or again >= letter.reply_until:
        return _unconfirmed() if tried else _becomes_push(detail)
    return Outcome(RowState.WAITING, reply_tried=tried, next_at=again, reason=detail)


def after_push(letter: Letter, result: SendResult, now: float, counted: int = 1) -> Outcome:
    """``counted``: what LINE counts for this message when it is taken."""
    if result.kind in (Sent.OK, Sent.DUPLICATE):
        return Outcome(RowState.DONE, how="push", tried_at=letter.tried_at, counted=counted)
    if result.kind == Sent.MONTHLY:
        until = month_turns(now)
        return Outcome(RowState.PARKED, tried_at=letter.tried_at, next_at=until, reason=MONTHLY_LIMIT)
    if result.kind in (Sent.REFUSED, Sent.TOKEN_DEAD):
        return Outcome(RowState.PARKED, tried_at=letter.tried_at, reason=result.detail)
    first = now if letter.tried_at is None else letter.tried_at
    again = now + _delay(letter, PUSH_FIRST_DELAY, PUSH_LONGEST_DELAY)
    if again > first + PUSH_LIFE:
        return Outcome(RowState.PARKED, tried_at=first, reason=f"not taken within 24 hours: {result.detail}")
    return Outcome(RowState.WAITING, tried_at=first, next_at=again, reason=result.detail)


def month_turns(now: float) -> float:
    """When a message parked at the monthly limit is worth another try: the first day of the next month, by UTC.

    LINE's own month turns some hours earlier. On that first day it is tried every six hours, so that a late turn
    costs no month.
    """
    today = datetime.fromtimestamp(now, UTC)
    if today.day == 1:
        return now + FIRST_DAY_PAUSE
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return datetime(year, month, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Patience:
    """How a gateway tries again, in seconds: first and longest delay, and how long it goes on at all."""

    first: float
    longest: float
    life: float


PATIENCE = {
    EMAIL: Patience(60.0, 3600.0, 72 * 3600.0),
    WEBHOOK: Patience(10.0, 3600.0, 24 * 3600.0),
    OPEN311: Patience(15.0, 900.0, 72 * 3600.0),
    TRAFFY: Patience(15.0, 900.0, 72 * 3600.0),
}
"""By channel. Mail servers are away for a weekend now and then."""
USUAL_PATIENCE = Patience(30.0, 3600.0, 72 * 3600.0)


def after_gateway(letter: Letter, result: SendResult, now: float) -> Outcome:
    """What becomes of a letter that a gateway tried to carry."""
    if result.kind in (Sent.OK, Sent.DUPLICATE):
        return Outcome(RowState.DONE, how=letter.channel, tried_at=letter.tried_at)
    if result.kind in (Sent.REFUSED, Sent.TOKEN_DEAD):
        return Outcome(RowState.PARKED, tried_at=letter.tried_at, reason=result.detail)
    if result.kind == Sent.MONTHLY:
        return Outcome(RowState.PARKED, tried_at=letter.tried_at, next_at=month_turns(now), reason=NO_CREDIT)
    patience = PATIENCE.get(letter.channel, USUAL_PATIENCE)
    first = now if letter.tried_at is None else letter.tried_at
    again = max(now + _delay(letter, patience.first, patience.longest), result.retry_at or 0.0)
    if again > first + patience.life:
        hours = round(patience.life / 3600)
        reason = f"not taken within {hours} hours: {result.detail}"
        return Outcome(RowState.PARKED, tried_at=first, reason=reason)
    return Outcome(RowState.WAITING, tried_at=first, next_at=again, reason=result.detail)


def _delay(letter: Letter, first: float, longest: float) -> float:
    """Doubles with every try, spread by the row's own key so that rows do not knock all at once."""
    plain = min(first * 2.0 ** min(letter.attempts - 1, 30), longest)
    spread = zlib.crc32(f"{letter.retry_key}:{letter.attempts}".encode()) / 0xFFFFFFFF
    return plain * (1 - JITTER + 2 * JITTER * spread)


def _unconfirmed() -> Outcome:
    return Outcome(RowState.DONE, reply_tried=True, how="reply", reason=UNCONFIRMED)


def _arrived_before() -> Outcome:
    return Outcome(RowState.DONE, reply_tried=True, how="reply")


def _becomes_push(why: str = "") -> Outcome:
    return Outcome(RowState.WAITING, as_push=True, reason=why)
