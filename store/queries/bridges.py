"""Cases in other systems, and how those systems are doing. Times are machine seconds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update

from store.models import Bridge, Photo, RemoteCase
from store.unit import Unit

NEVER = 1e12
"""As ``next_at``: there is nothing to read any more."""


@dataclass(frozen=True)
class Due:
    """A remote case that is to be read, as it stood when it was taken."""

    id: int
    system: str
    channel: str
    agency: str
    number: str | None
    token: str | None
    read: tuple[str, ...]
    digest: str
    tries: int


def get(unit: Unit, remote_id: int) -> RemoteCase | None:
    return unit.get(RemoteCase, remote_id)


def to_change(unit: Unit, remote_id: int) -> RemoteCase | None:
    """One row, locked on engines that lock rows, as it is now."""
    query = select(RemoteCase).where(RemoteCase.id == remote_id).with_for_update()
    return unit.session.scalar(query.execution_options(populate_existing=True))


def of_case(unit: Unit, case_id: int) -> list[RemoteCase]:
    """Where else the case is known."""
    query = select(RemoteCase).where(RemoteCase.case_id == case_id).order_by(RemoteCase.id)
    return list(unit.session.scalars(query))


def by_number(unit: Unit, system: str, number: str) -> RemoteCase | None:
    query = select(RemoteCase).where(RemoteCase.system == system, RemoteCase.number == number)
    return unit.session.scalar(query)


def unknown_waiting(unit: Unit, system: str) -> int:
    """How many numbers of that system were heard of and have not been read yet."""
    query = select(func.count()).select_from(RemoteCase)
    query = query.where(RemoteCase.system == system, RemoteCase.readings == 0, RemoteCase.case_id.is_(None))
    return unit.session.scalar(query.where(RemoteCase.next_at < NEVER)) or 0


def take_due(
    unit: Unit, channels: Collection[str], now: float, lease_s: float, count: int, but: Collection[str] = ()
) -> list[Due]:
    """Remote cases to read now, the longest waiting first; nobody else takes them for ``lease_s``."""
    query = select(RemoteCase).where(RemoteCase.next_at <= now, RemoteCase.channel.in_(list(channels)))
    query = query.where((RemoteCase.number.is_not(None)) | (RemoteCase.token.is_not(None)))
    if but:
        query = query.where(RemoteCase.system.not_in(list(but)))
    query = query.order_by(RemoteCase.next_at, RemoteCase.id).limit(count)
    rows = unit.session.scalars(query.with_for_update(skip_locked=True)).all()
    found = [
        Due(r.id, r.system, r.channel, r.agency, r.number, r.token, tuple(r.read), r.digest, r.tries)
        for r in rows
    ]
    if found:
        taken = update(RemoteCase).where(RemoteCase.id.in_([due.id for due in found]))
        unit.change(taken.values(next_at=now + lease_s).execution_options(synchronize_session=False))
    return found


def anything_due(unit: Unit, channels: Collection[str], now: float) -> bool:
    query = select(RemoteCase.id).where(RemoteCase.next_at <= now, RemoteCase.channel.in_(list(channels)))
    return unit.session.execute(query.limit(1)).first() is not None


def bridge(unit: Unit, system: str) -> Bridge:
    """How a system is doing; a new row says well."""
    found = unit.session.scalar(select(Bridge).where(Bridge.system == system).with_for_update())
    if found is None:
        found = unit.add(Bridge(system=system, told=False, reason=""))
        unit.flush()
    return found


def bridge_if_there(unit: Unit, system: str) -> Bridge | None:
    return unit.get(Bridge, system)


def photo_states(unit: Unit, tokens: Collection[str]) -> dict[str, str]:
    """State of each picture by its token."""
    query = select(Photo.token, Photo.state).where(Photo.token.in_(list(tokens)))
    return {token: state for token, state in unit.session.execute(query)}
