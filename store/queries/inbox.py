"""Webhook events: stored once, claimed by one worker at a time, one event per conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.engine import Connection

from store import signals
from store.models import Inbox
from store.unit import Unit
from store.words import RowState

# Plain driver statements: they run for every webhook, and building them anew costs more than running them.
_INSERT = (
    "INSERT INTO inbox (event_id, conversation, at_ms, kind, raw, received_at,"
    " state, attempts, next_at, lease_until, worker, reason)"
    " VALUES ({0}, {0}, {0}, {0}, {0}, {0}, 'waiting', 0, 0, 0, '', '')"
    " ON CONFLICT (event_id) DO NOTHING"
)
_INSERTS = {
    "sqlite": _INSERT.format("?"),
    # The signal to other processes travels along: one way to the server less.
    "postgresql": f"WITH stored AS ({_INSERT.format('%s')}) SELECT pg_notify('{signals.INBOX}', '')",
}

# The head of a conversation: nothing older is open in it and nothing of it is being decided. The words of the
# partial index stand in the conditions as they are, or the engines would not use it.
_HEADS = """
    SELECT i.id FROM inbox AS i
    WHERE i.state IN ('waiting', 'claimed')
      AND (i.state = 'waiting' AND i.next_at <= :now OR i.state = 'claimed' AND i.lease_until <= :now)
      AND NOT EXISTS (SELECT 1 FROM inbox AS o
        WHERE o.conversation = i.conversation AND o.state IN ('waiting', 'claimed')
          AND (o.at_ms, o.id) < (i.at_ms, i.id))
      AND NOT EXISTS (SELECT 1 FROM inbox AS o
        WHERE o.conversation = i.conversation AND o.state IN ('waiting', 'claimed')
          AND o.state = 'claimed' AND o.lease_until > :now)
    ORDER BY i.at_ms, i.id LIMIT :count"""

_CLAIM = (
    "UPDATE inbox SET state = 'claimed', worker = :worker, lease_until = :until, attempts = attempts + 1"
    " WHERE id IN ({heads})"
    " RETURNING id, event_id, conversation, at_ms, kind, raw, received_at, attempts"
)
_CLAIMS = {
    "sqlite": text(_CLAIM.format(heads=_HEADS)),
    "postgresql": text(
        _CLAIM.format(heads=f"SELECT id FROM ({_HEADS} FOR UPDATE OF i SKIP LOCKED) AS heads")
    ),
}


class NewEvent(NamedTuple):
    """An event as it arrived, in the order of the statement's values. ``at_ms``: LINE's milliseconds since 1970; ``received_at``: machine seconds."""

    event_id: str
    conversation: str
    at_ms: int
    kind: str
    raw: str
    received_at: float


@dataclass(frozen=True)
class ClaimedEvent:
    """An event that ``worker`` holds. ``attempts`` counts claims and fences older holders off."""

    id: int
    event_id: str
    conversation: str
    at_ms: int
    kind: str
    raw: str
    received_at: float
    attempts: int
    worker: str


def store(connection: Connection, events: Sequence[NewEvent]) -> None:
    """Add events and wake whoever decides them; those known by their id are left as they are."""
    if events:
        connection.exec_driver_sql(_INSERTS[connection.dialect.name], list(events))


def claim(connection: Connection, worker: str, now: float, lease_s: float, count: int) -> list[ClaimedEvent]:
    """Take up to ``count`` heads of conversations, oldest first. ``now`` is machine time."""
    values = {"worker": worker, "now": now, "until": now + lease_s, "count": count}
    rows = connection.execute(_CLAIMS[connection.dialect.name], values).all()
    claimed = [ClaimedEvent(**row._mapping, worker=worker) for row in rows]
    return sorted(claimed, key=lambda event: (event.at_ms, event.id))


def hold(unit: Unit, events: Sequence[ClaimedEvent]) -> list[ClaimedEvent]:
    """Lock events of one worker and their conversations until the unit ends; gives those that nobody took over."""
    connection = unit.session.connection()
    server = connection.dialect.name == "postgresql"
    if server:
        connection.execute(_LOCK_CONVERSATIONS, {"conversations": sorted(e.conversation for e in events)})
    ids = {"ids": [event.id for event in events], "worker": events[0].worker}
    rows = connection.execute(_HOLD_LOCKED if server else _HOLD, ids)
    held = {row.id: row.attempts for row in rows}
    return [event for event in events if held.get(event.id) == event.attempts]


def settle(unit: Unit, events: Sequence[ClaimedEvent], state: RowState, now: float, reason: str = "") -> None:
    """Events of one worker are decided or skipped; their bodies are blanked, their ids stay."""
    connection = unit.session.connection()
    for attempts in {event.attempts for event in events}:
        ids = [event.id for event in events if event.attempts == attempts]
        fence = {"ids": ids, "worker": events[0].worker, "attempts": attempts}
        connection.execute(_SETTLE, {**fence, "state": state.value, "now": now, "reason": reason})


def postpone(unit: Unit, event: ClaimedEvent, next_at: float, reason: str) -> None:
    """Try again at ``next_at`` (machine time)."""
    unit.session.connection().execute(_POSTPONE, {**_fence(event), "next_at": next_at, "reason": reason})


def park(unit: Unit, event: ClaimedEvent, now: float, reason: str) -> None:
    """Give up for now: the body stays so that a person can look and release it; later events go on."""
    unit.session.connection().execute(_PARK, {**_fence(event), "now": now, "reason": reason})


# Plain statements: these run for every event, and building them anew costs more than running them.
_MINE = " WHERE id = :id AND state = 'claimed' AND worker = :worker AND attempts = :attempts"
_HELD = "SELECT id, attempts FROM inbox WHERE id IN :ids AND state = 'claimed' AND worker = :worker"
_HOLD = text(_HELD).bindparams(bindparam("ids", expanding=True))
_HOLD_LOCKED = text(f"{_HELD} ORDER BY id FOR UPDATE").bindparams(bindparam("ids", expanding=True))
_LOCK_CONVERSATIONS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(chat, 0)) FROM unnest(CAST(:conversations AS text[])) AS chat"
)
_SETTLE = text(
    "UPDATE inbox SET state = :state, raw = NULL, done_at = :now, reason = :reason, lease_until = 0"
    + _MINE.replace("= :id", "IN :ids")
).bindparams(bindparam("ids", expanding=True))
_POSTPONE = text(
    "UPDATE inbox SET state = 'waiting', next_at = :next_at, reason = :reason, lease_until = 0" + _MINE
)
_PARK = text("UPDATE inbox SET state = 'parked', done_at = :now, reason = :reason, lease_until = 0" + _MINE)


def _fence(event: ClaimedEvent) -> dict[str, Any]:
    return {"id": event.id, "worker": event.worker, "attempts": event.attempts}


def release_all(unit: Unit) -> int:
    """Free every claim: for the start of the only claiming process, when whoever held them is dead."""
    freed = update(Inbox).where(Inbox.state == RowState.CLAIMED)
    return unit.change(freed.values(state=RowState.WAITING, lease_until=0.0))


def stuck(unit: Unit, limit: int) -> list[Inbox]:
    """The newest parked events."""
    query = select(Inbox).where(Inbox.state == RowState.PARKED).order_by(Inbox.id.desc())
    return list(unit.session.scalars(query.limit(limit)))


def release_parked(unit: Unit, ids: Sequence[int] = ()) -> int:
    """Put parked events (all, or those named) back to waiting, with their tries forgotten."""
    which = update(Inbox).where(Inbox.state == RowState.PARKED, Inbox.raw.is_not(None))
    if ids:
        which = which.where(Inbox.id.in_(ids))
    values = {"state": RowState.WAITING, "attempts": 0, "next_at": 0.0, "done_at": None, "reason": ""}
    return unit.change(which.values(values))


def release_parked_with(unit: Unit, error: str) -> int:
    """Put events back to waiting that were parked because of one kind of error (its class name)."""
    which = select(Inbox.id).where(Inbox.state == RowState.PARKED, Inbox.reason.startswith(f"{error}:"))
    ids = list(unit.session.scalars(which))
    return release_parked(unit, ids) if ids else 0


def counts(unit: Unit) -> dict[str, int]:
    """How many events stand in each state."""
    rows = unit.session.execute(select(Inbox.state, func.count()).group_by(Inbox.state))
    return {state: count for state, count in rows}


def newest(unit: Unit, limit: int = 1000) -> list[Inbox]:
    """The latest rows, oldest of them first."""
    rows = unit.session.scalars(select(Inbox).order_by(Inbox.id.desc()).limit(limit)).all()
    return list(reversed(rows))


def oldest_waiting(unit: Unit) -> float | None:
    """Machine time at which the oldest undecided event arrived."""
    waiting = Inbox.state.in_((RowState.WAITING, RowState.CLAIMED))
    return unit.session.execute(select(func.min(Inbox.received_at)).where(waiting)).scalar()
