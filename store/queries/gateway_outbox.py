"""Rows of the outbox that go by a gateway (mail, webhooks, other systems): claimed in the order of their lanes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select, text, update
from sqlalchemy.orm import aliased

from store.models import Outbox
from store.queries.outbox import Letter
from store.types import UtcTime
from store.unit import Unit
from store.words import LINE, RowState

_CITY_NOW = bindparam("city_now", type_=UtcTime())
_CHANNELS: BindParameter[list[str]] = bindparam("channels", expanding=True)


def _time_has_come() -> ColumnElement[bool]:
    """Open, its time come, and nothing of its lane open before it."""
    now: BindParameter[float] = bindparam("now")
    waiting = and_(Outbox.state == RowState.WAITING, Outbox.next_at <= now)
    abandoned = and_(Outbox.state == RowState.CLAIMED, Outbox.lease_until <= now)
    earlier = aliased(Outbox, name="earlier")
    waits = exists().where(
        earlier.lane == Outbox.lane,
        earlier.lane.is_not(None),
        earlier.id < Outbox.id,
        text("earlier.state IN ('waiting', 'claimed')"),
        earlier.channel == Outbox.channel,
    )
    due_at = or_(Outbox.due_at.is_(None), Outbox.due_at <= _CITY_NOW)
    # The words of the partial index, as they stand there: without them the engines would read the whole table.
    is_open = text("outbox.state IN ('waiting', 'claimed')")
    return and_(is_open, or_(waiting, abandoned), Outbox.channel.in_(_CHANNELS), due_at, ~waits)


# Asked every second, so they are put together once.
_ANY = select(Outbox.id).where(_time_has_come()).limit(1)
_DUE = (
    select(Outbox)
    .where(_time_has_come())
    .order_by(Outbox.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True, of=Outbox)
)


def due(unit: Unit, channels: Collection[str], now: float, city_now: datetime) -> bool:
    """Whether anything could be claimed: a look without a lock, for idle times."""
    facts = {"channels": list(channels), "now": now, "city_now": city_now}
    return unit.session.execute(_ANY, facts).first() is not None


def claim(
    unit: Unit,
    channels: Collection[str],
    worker: str,
    now: float,
    city_now: datetime,
    lease_s: float,
    count: int,
) -> list[Letter]:
    """Take up to ``count`` rows whose time has come, of each lane only the first open one."""
    facts = {"channels": list(channels), "now": now, "city_now": city_now, "count": count}
    letters = [_letter(row, worker) for row in unit.session.scalars(_DUE, facts)]
    if letters:
        taken = update(Outbox).where(Outbox.id.in_([letter.id for letter in letters]))
        values = {"state": RowState.CLAIMED, "worker": worker, "lease_until": now + lease_s}
        unit.change(
            taken.values(**values, attempts=Outbox.attempts + 1).execution_options(synchronize_session=False)
        )
    return letters


def _letter(row: Outbox, worker: str) -> Letter:
    return Letter(
        row.id,
        row.to,
        row.messages,
        None,
        None,
        False,
        row.retry_key,
        row.attempts + 1,
        row.tried_at,
        worker,
        row.channel,
        row.case_id,
        row.agency,
    )


def in_lane(unit: Unit, lane: str) -> list[tuple[int, str]]:
    """Id and key of everything ever queued in a lane, oldest first: the thread that mails belong to."""
    query = select(Outbox.id, Outbox.retry_key).where(Outbox.lane == lane).order_by(Outbox.id)
    return [(number, key) for number, key in unit.session.execute(query)]


def by_key(unit: Unit, retry_key: str) -> Outbox | None:
    """The row of that key, if a gateway carried it."""
    return unit.session.scalar(select(Outbox).where(Outbox.retry_key == retry_key, Outbox.channel != LINE))


def of_channel(unit: Unit, channel: str, to: str | None = None, limit: int = 200) -> list[Outbox]:
    """The newest rows of a channel (to one address), newest first."""
    query = select(Outbox).where(Outbox.channel == channel)
    if to is not None:
        query = query.where(Outbox.to == to)
    return list(unit.session.scalars(query.order_by(Outbox.id.desc()).limit(limit)))


def park_waiting(unit: Unit, channel: str, to: str, reason: str) -> int:
    """Give up what still waits for one address."""
    waiting = update(Outbox).where(
        Outbox.channel == channel, Outbox.to == to, Outbox.state == RowState.WAITING
    )
    values = {"state": RowState.PARKED, "reason": reason}
    return unit.change(waiting.values(values).execution_options(synchronize_session=False))


def note_reason(unit: Unit, row_id: int, reason: str) -> None:
    """Say beside a sent row what was heard of it later."""
    unit.change(update(Outbox).where(Outbox.id == row_id).values(reason=reason))
