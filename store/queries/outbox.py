"""Messages that must go out: claimed in order, their outcomes written back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import aliased

from store.models import Outbox, Person, Recipient
from store.queries.privacy import GONE
from store.types import UtcTime
from store.unit import Unit
from store.words import LINE, RowState

_OPEN = text("outbox.state IN ('waiting', 'claimed')")
_OPEN_EARLIER = text("earlier.state IN ('waiting', 'claimed')")

_KEY_KNOWN_S = 23 * 3600.0
"""LINE knows a retry key for a day; an hour is left for sending."""


@dataclass(frozen=True)
class Letter:
    """A claimed row as it was before the claim, with the claim's own number of attempts (this one counted).

    ``reply_tried``: an earlier attempt to reply may have arrived. Times are machine seconds.
    """

    id: int
    to: str
    messages: list[dict[str, Any]]
    reply_token: str | None
    reply_until: float | None
    reply_tried: bool
    retry_key: str
    attempts: int
    tried_at: float | None
    worker: str
    channel: str = LINE
    case_id: int | None = None
    agency: str | None = None
    secret: bool = False
    many: bool = False
    """To everybody in ``recipient``."""


@dataclass(frozen=True)
class Outcome:
    """What a row becomes. ``as_push``: its reply token is forgotten and its tries start anew."""

    state: RowState
    reply_tried: bool = False
    how: str | None = None
    next_at: float = 0.0
    tried_at: float | None = None
    reason: str = ""
    counted: int = 0
    as_push: bool = False


def of_case_since(unit: Unit, case_id: int, since: datetime) -> list[Outbox]:
    """Messages about a case written since then (city clock), locked so that none is sent meanwhile."""
    query = select(Outbox).where(Outbox.case_id == case_id, Outbox.created_at >= since)
    return list(unit.session.scalars(query.order_by(Outbox.id).with_for_update()))


def unsent_to(unit: Unit, person_id: int) -> list[Outbox]:
    """What still waits to be sent to a person, locked so that none is sent meanwhile."""
    states = (RowState.WAITING, RowState.HELD, RowState.PARKED)
    query = select(Outbox).where(Outbox.person_id == person_id, Outbox.state.in_(states))
    return list(unit.session.scalars(query.order_by(Outbox.id).with_for_update()))


def exists_once(unit: Unit, once: str) -> bool:
    """Whether something of this name was ever queued."""
    return unit.session.execute(select(Outbox.id).where(Outbox.once == once)).first() is not None


def claim(
    unit: Unit, worker: str, now: float, city_now: datetime, lease_s: float, count: int, channel: str = LINE
) -> list[Letter]:
    """Take up to ``count`` messages whose time has come: replies first, then pushes by age.

    Live replies are marked as tried in the same transaction, before anything is sent. Of one person's pushes only
    the first open one is taken, so that they arrive in order.
    """
    due = {"now": now, "city_now": city_now, "channel": channel, "count": count}
    rows = unit.session.execute(_DUE, due).all()
    if rows:
        live_reply = and_(Outbox.reply_token.is_not(None), Outbox.reply_until > now)
        unit.session.execute(
            update(Outbox)
            .where(Outbox.id.in_([row.id for row in rows]))
            .values(
                state=RowState.CLAIMED,
                worker=worker,
                lease_until=now + lease_s,
                attempts=Outbox.attempts + 1,
                reply_tried=or_(Outbox.reply_tried, live_reply),
            )
            .execution_options(synchronize_session=False)
        )
    return [_letter(row, worker) for row in rows]


def _letter(row: Row[Any], worker: str) -> Letter:
    return Letter(
        row.id,
        row.to,
        row.messages,
        row.reply_token,
        row.reply_until,
        row.reply_tried,
        row.retry_key,
        row.attempts + 1,
        row.tried_at,
        worker,
        secret=row.secret,
        many=row.many,
    )


_CITY_NOW = bindparam("city_now", type_=UtcTime())


def _due() -> Any:
    now: BindParameter[float] = bindparam("now")
    channel: BindParameter[str] = bindparam("channel")
    time_has_come = or_(
        and_(Outbox.state == RowState.WAITING, Outbox.next_at <= now),
        and_(Outbox.state == RowState.CLAIMED, Outbox.lease_until <= now),
    )
    return (
        select(
            Outbox.id,
            Outbox.to,
            Outbox.messages,
            Outbox.reply_token,
            Outbox.reply_until,
            Outbox.reply_tried,
            Outbox.retry_key,
            Outbox.attempts,
            Outbox.tried_at,
            Outbox.secret,
            Outbox.many,
        )
        .where(_OPEN, time_has_come, Outbox.channel == channel)
        .where(or_(Outbox.due_at.is_(None), Outbox.due_at <= _CITY_NOW))
        .where(or_(Outbox.reply_token.is_not(None), ~_earlier_push()))
        .order_by(Outbox.reply_token.is_(None), Outbox.id)
        .limit(bindparam("count"))
        .with_for_update(skip_locked=True, of=Outbox)
    )


def _earlier_push() -> ColumnElement[bool]:
    earlier = aliased(Outbox, name="earlier")
    return exists().where(
        earlier.to == Outbox.to,
        earlier.id < Outbox.id,
        _OPEN_EARLIER,
        earlier.channel == Outbox.channel,
        earlier.reply_token.is_(None),
        or_(earlier.due_at.is_(None), earlier.due_at <= _CITY_NOW),
    )


_DUE = _due()
"""Made once: putting this query together costs more than running it."""


def write(unit: Unit, outcomes: Sequence[tuple[Letter, Outcome]], now: float) -> None:
    """Write what became of claimed letters; rows that somebody removed or took over meanwhile stay as they are."""
    alike = defaultdict[tuple[Any, ...], list[int]](list)  # most of a batch ended in the same way: one UPDATE
    for letter, out in outcomes:
        alike[(letter.worker, letter.attempts, out)].append(letter.id)
    for (worker, attempts, out), ids in alike.items():
        fence = {"_ids": ids, "_worker": worker, "_attempts": attempts}
        statement = _WRITE_AS_PUSH if out.as_push else _WRITE
        unit.session.connection().execute(statement, {**fence, **_values(out, now)})
    told = [letter.id for letter, out in outcomes if letter.secret and out.state == RowState.DONE]
    if told:
        unit.session.execute(update(Outbox).where(Outbox.id.in_(told)).values(messages=[]))
        forgotten = Outbox.person_id.in_(select(Person.id).where(Person.forgotten_at.is_not(None)))
        unit.session.execute(update(Outbox).where(Outbox.id.in_(told), forgotten).values(to=GONE))


def _values(out: Outcome, now: float) -> dict[str, Any]:
    return {
        "state": out.state,
        "how": out.how,
        "next_at": out.next_at,
        "reply_tried": out.reply_tried,
        "tried_at": out.tried_at,
        "reason": out.reason,
        "counted": out.counted,
        "sent_at": now if out.state == RowState.DONE else None,
        "lease_until": 0.0,
    }


_WRITE = (
    update(Outbox.__table__)  # type: ignore[arg-type]
    .where(
        Outbox.id.in_(bindparam("_ids", expanding=True)),
        Outbox.state == RowState.CLAIMED,
        Outbox.worker == bindparam("_worker"),
        Outbox.attempts == bindparam("_attempts"),
    )
    .values(
        {
            name: bindparam(name)
            for name in (
                "state",
                "how",
                "next_at",
                "reply_tried",
                "tried_at",
                "reason",
                "counted",
                "sent_at",
                "lease_until",
            )
        }
    )
)
_WRITE_AS_PUSH = _WRITE.values(reply_token=None, reply_until=None, attempts=0)


def release_all(unit: Unit) -> int:
    """Free every claim: for the start of the only claiming process, when whoever held them is dead."""
    freed = update(Outbox).where(Outbox.state == RowState.CLAIMED)
    return unit.change(freed.values(state=RowState.WAITING, lease_until=0.0))


def release_held(unit: Unit, photo_id: int) -> int:
    """Messages that waited for this photo may go."""
    held = update(Outbox).where(Outbox.photo_id == photo_id, Outbox.state == RowState.HELD)
    return unit.change(held.values(state=RowState.WAITING))


def release_safe(unit: Unit, now: float) -> int:
    """Let parked messages go again that can't arrive twice by it; gives how many.

    Those are pushes that LINE never saw or whose key it still knows, and messages of gateways, which look first.
    """
    known = or_(Outbox.tried_at.is_(None), Outbox.tried_at > now - _KEY_KNOWN_S)
    push = and_(Outbox.reply_token.is_(None), known)
    parked = update(Outbox).where(Outbox.state == RowState.PARKED, or_(Outbox.channel != LINE, push))
    return unit.change(parked.values(state=RowState.WAITING, attempts=0, next_at=0.0, reason=""))


def stuck(unit: Unit, limit: int) -> list[Outbox]:
    """The newest parked messages."""
    query = select(Outbox).where(Outbox.state == RowState.PARKED).order_by(Outbox.id.desc())
    return list(unit.session.scalars(query.limit(limit)))


def release_parked(unit: Unit, reason: str, before: float | None = None) -> int:
    """Let parked messages of one reason go again (a mended fault), with the keys they had.

    ``before``: only those whose next try is due by then (machine time).
    """
    parked = update(Outbox).where(Outbox.state == RowState.PARKED, Outbox.reason == reason)
    if before is not None:
        parked = parked.where(Outbox.next_at <= before)
    values = {"state": RowState.WAITING, "attempts": 0, "next_at": 0.0, "tried_at": None, "reason": ""}
    return unit.change(parked.values(values))


def try_now(unit: Unit) -> int:
    """Messages that wait for another try need not wait any longer."""
    return unit.change(
        update(Outbox).where(Outbox.state == RowState.WAITING, Outbox.next_at > 0).values(next_at=0.0)
    )


def waiting(unit: Unit, city_now: datetime) -> int:
    """How many messages are open and due (sent soon, or tried again later).

    Another system that was tried and keeps us waiting is not counted: it may stay away for days.
    """
    due = and_(
        or_(Outbox.due_at.is_(None), Outbox.due_at <= city_now),
        or_(Outbox.channel == LINE, Outbox.next_at == 0.0),
    )
    return unit.session.execute(select(func.count()).select_from(Outbox).where(_OPEN, due)).scalar_one()


def due_channels(unit: Unit, machine_now: float, city_now: datetime) -> set[str]:
    """The channels on which something may go now."""
    due = or_(Outbox.due_at.is_(None), Outbox.due_at <= city_now)
    query = select(Outbox.channel).where(_OPEN, due, Outbox.next_at <= machine_now).distinct()
    return set(unit.session.scalars(query))


def counts(unit: Unit) -> dict[str, int]:
    """How many messages stand in each state."""
    rows = unit.session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    return {state: count for state, count in rows}


def newest(unit: Unit, limit: int = 1000) -> list[Outbox]:
    """The latest rows, oldest of them first."""
    rows = unit.session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(limit)).all()
    return list(reversed(rows))


def oldest_waiting(unit: Unit, city_now: datetime) -> float | None:
    """Machine time at which the oldest open and due message to LINE was written."""
    due = and_(Outbox.channel == LINE, or_(Outbox.due_at.is_(None), Outbox.due_at <= city_now))
    return unit.session.execute(select(func.min(Outbox.created_real)).where(_OPEN, due)).scalar()


def counted_by_purpose(unit: Unit, since: float = 0.0) -> dict[str, int]:
    """Messages that LINE counts, sent since then (machine seconds), by why they were sent."""
    query = select(Outbox.purpose, func.sum(Outbox.counted)).where(Outbox.sent_at >= since)
    rows = unit.session.execute(query.group_by(Outbox.purpose))
    return {purpose: int(total or 0) for purpose, total in rows}


def planned(unit: Unit) -> int:
    """Messages that wait (or are held) and would be pushed: what they will cost at least."""
    states = (RowState.WAITING, RowState.CLAIMED, RowState.HELD)
    query = select(func.count()).select_from(Outbox)
    query = query.where(Outbox.state.in_(states), Outbox.reply_token.is_(None), Outbox.channel == LINE)
    alone = unit.session.execute(query.where(Outbox.many.is_(False))).scalar_one()
    each = select(func.count()).select_from(Recipient).join(Outbox, Outbox.id == Recipient.outbox_id)
    return alone + unit.session.execute(each.where(Outbox.state.in_(states))).scalar_one()
