"""Whose desk is it: agencies, colleagues she stands in for, and the lists that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.rules import duty
from handlers.services.notify import duty_of
from handlers.talk import Scene
from store.models import Case, Person
from store.queries import desk, people
from store.queries.desk import Desk
from store.words import AGENCY_ROLES


def agencies_of(person: Person, now: datetime) -> list[str]:
    """Codes of the agencies she works for now."""
    running = (role.agency for role in person.roles if role.name in AGENCY_ROLES and role.runs(now))
    return list(dict.fromkeys(code for code in running if code))


def is_away(person: Person, now: datetime) -> bool:
    return duty.away(duty_of(person), now)


def desk_of(scene: Scene, person: Person, agencies: Sequence[str]) -> Desk:
    """Her own work and that of colleagues who are away and named her."""
    others = [p for p in people.stood_in_for(scene.unit, person.id) if is_away(p, scene.now)]
    integrator = scene.book.data.city.integrator
    sorts = integrator if integrator in agencies else None
    return Desk(tuple(agencies), (person.id, *(p.id for p in others)), sorts)


def counts(scene: Scene, of: Desk) -> dict[str, int]:
    return desk.counts(scene.unit, of, scene.now)


def overdue_by(scene: Scene, of: Desk, at: datetime) -> int:
    """How many cases will be overdue at that instant if nothing happens."""
    return desk.counts(scene.unit, of, at, ("overdue",))["overdue"]


def page(scene: Scene, of: Desk, name: str, offset: int, limit: int) -> list[Case]:
    return desk.page(scene.unit, of, name, scene.now, offset, limit)
