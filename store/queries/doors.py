"""One-time links into the console, sessions, and uploads that wait for a yes."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from store.models import CityUpload, DoorLink, DoorSession
from store.unit import Unit


def link(unit: Unit, token_hash: str) -> DoorLink | None:
    return unit.session.scalar(select(DoorLink).where(DoorLink.token_hash == token_hash))


def spend(unit: Unit, found: DoorLink, at: float) -> bool:
    """Mark a link as used; False when somebody was quicker."""
    unused = update(DoorLink).where(DoorLink.id == found.id, DoorLink.used.is_(None))
    return unit.change(unused.values(used=at)) == 1


def void_links(unit: Unit, person_id: int, at: float) -> None:
    """None of her earlier links opens anything from now on."""
    unused = update(DoorLink).where(DoorLink.person_id == person_id, DoorLink.used.is_(None))
    unit.change(unused.values(used=at))


def session(unit: Unit, token_hash: str) -> DoorSession | None:
    return unit.session.scalar(select(DoorSession).where(DoorSession.token_hash == token_hash))


def seen(unit: Unit, session_id: int, at: float) -> None:
    unit.change(update(DoorSession).where(DoorSession.id == session_id).values(seen=at))


def say(unit: Unit, session_id: int, said: list[dict[str, object]] | None) -> None:
    """Keep what a button answered until a page shows it; None once it was shown."""
    unit.change(update(DoorSession).where(DoorSession.id == session_id).values(said=said))


def speak(unit: Unit, session_id: int, language: str) -> None:
    unit.change(update(DoorSession).where(DoorSession.id == session_id).values(language=language))


def end(unit: Unit, session_id: int, at: float) -> None:
    open_ = update(DoorSession).where(DoorSession.id == session_id, DoorSession.ended.is_(None))
    unit.change(open_.values(ended=at, said=None))


def end_all(unit: Unit, person_id: int, at: float) -> int:
    """Sign her out on every device; gives on how many she was signed in."""
    open_ = update(DoorSession).where(DoorSession.person_id == person_id, DoorSession.ended.is_(None))
    return unit.change(open_.values(ended=at, said=None))


def drop_old(unit: Unit, before: float) -> int:
    """Forget links, sessions and uploads that nobody can use any more."""
    return sum(
        unit.change(delete(table).where(column < before))
        for table, column in (
            (DoorLink, DoorLink.expires),
            (DoorSession, DoorSession.expires),
            (CityUpload, CityUpload.created),
        )
    )


def forget(unit: Unit, person_id: int) -> None:
    """Everything that lets a person in."""
    for table in (DoorLink, DoorSession, CityUpload):
        unit.change(delete(table).where(table.person_id == person_id))


def upload(unit: Unit, number: int) -> CityUpload | None:
    return unit.get(CityUpload, number)


def use_upload(unit: Unit, number: int, at: float) -> bool:
    """Mark an upload as applied (or dropped); False when it was already."""
    unused = update(CityUpload).where(CityUpload.id == number, CityUpload.used.is_(None))
    return unit.change(unused.values(used=at, content="")) == 1
