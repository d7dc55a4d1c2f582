"""Photos: claimed for fetching, settled, and removed with their files afterwards. Times are machine seconds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from store.models import Person, Photo, Role
from store.unit import Unit
from store.words import RowState

DELETED = "deleted"
"""Reason of a removed photo whose files are gone too."""


@dataclass(frozen=True)
class ClaimedPhoto:
    """A photo to fetch. ``attempts`` counts claims and fences older holders off."""

    id: int
    message_id: str
    token: str
    attempts: int


def by_message(unit: Unit, message_id: str) -> Photo | None:
    return unit.session.scalar(select(Photo).where(Photo.message_id == message_id))


def by_token(unit: Unit, token: str) -> Photo | None:
    return unit.session.scalar(select(Photo).where(Photo.token == token))


def anything_to_do(unit: Unit, now: float) -> bool:
    """Whether a photo is to be fetched or its files to be deleted: a look without a lock, for idle times."""
    found = select(Photo.id).where(or_(_due(now), _deletable(now))).limit(1)
    return unit.session.execute(found).first() is not None


def _due(now: float) -> ColumnElement[bool]:
    return or_(
        and_(Photo.state == RowState.WAITING, Photo.next_at <= now),
        and_(Photo.state == RowState.CLAIMED, Photo.lease_until <= now),
    )


def _deletable(now: float) -> ColumnElement[bool]:
    return and_(Photo.state == RowState.REMOVED, Photo.reason != DELETED, Photo.lease_until <= now)


def claim(unit: Unit, now: float, lease_s: float, count: int) -> list[ClaimedPhoto]:
    """Take up to ``count`` photos that are due, of persons who have consented or hold a role."""
    at_work = exists().where(Role.person_id == Photo.person_id, Role.ended_at.is_(None))
    rows = unit.session.execute(
        select(Photo.id, Photo.message_id, Photo.token, Photo.attempts)
        .join(Person, Person.id == Photo.person_id)
        .where(_due(now), or_(Person.consent.is_not(None), at_work), Person.forgotten_at.is_(None))
        .order_by(Photo.id)
        .limit(count)
        .with_for_update(skip_locked=True, of=Photo)
    ).all()
    if rows:
        taken = update(Photo).where(Photo.id.in_([row.id for row in rows]))
        values = {"state": RowState.CLAIMED, "lease_until": now + lease_s, "attempts": Photo.attempts + 1}
        unit.session.execute(taken.values(values))
    return [ClaimedPhoto(row.id, row.message_id, row.token, row.attempts + 1) for row in rows]


def settle(
    unit: Unit, photo: ClaimedPhoto, state: RowState, reason: str = "", next_at: float = 0.0
) -> Photo | None:
    """Write what became of a claimed photo; None (nothing changed) when it was removed or taken over meanwhile."""
    mine = and_(Photo.id == photo.id, Photo.state == RowState.CLAIMED, Photo.attempts == photo.attempts)
    values = {"state": state, "reason": reason, "next_at": next_at, "lease_until": 0.0}
    changed = unit.change(update(Photo).where(mine).values(values))
    if changed:
        return unit.session.get(Photo, photo.id, populate_existing=True)
    _let_go(unit, photo)
    return None


def _let_go(unit: Unit, photo: ClaimedPhoto) -> None:
    """The fetch of a removed photo has ended: its files may be deleted now."""
    removed = and_(Photo.id == photo.id, Photo.state == RowState.REMOVED, Photo.attempts == photo.attempts)
    unit.session.execute(update(Photo).where(removed).values(lease_until=0.0))


def to_delete(unit: Unit, now: float, count: int) -> list[ClaimedPhoto]:
    """Removed photos whose files may still lie about; those that somebody may be fetching right now come later."""
    rows = unit.session.execute(
        select(Photo.id, Photo.message_id, Photo.token, Photo.attempts)
        .where(_deletable(now))
        .order_by(Photo.id)
        .limit(count)
    ).all()
    return [ClaimedPhoto(*row) for row in rows]


def deleted(unit: Unit, ids: list[int]) -> None:
    """The files of these removed photos are gone."""
    unit.session.execute(update(Photo).where(Photo.id.in_(ids)).values(reason=DELETED))


def release_all(unit: Unit) -> int:
    """Free every claim: for the start of the only claiming process, when whoever held them is dead."""
    freed = update(Photo).where(Photo.state == RowState.CLAIMED)
    return unit.change(freed.values(state=RowState.WAITING, lease_until=0.0))


def counts(unit: Unit) -> dict[str, int]:
    """How many photos stand in each state."""
    rows = unit.session.execute(select(Photo.state, func.count()).group_by(Photo.state))
    return {state: count for state, count in rows}
