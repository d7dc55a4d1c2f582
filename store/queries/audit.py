"""Readings of unmasked words: written once each, looked up by case or person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Audit
from store.unit import Unit


def read(
    unit: Unit,
    at: datetime,
    actor: str,
    what: str,
    *,
    case_code: str | None = None,
    person_id: int | None = None,
    once: str | None = None,
) -> None:
    """Note one reading; a second with the same ``once`` adds nothing."""
    insert = sqlite.insert if unit.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Audit).values(
        at=at, actor=actor, what=what, case_code=case_code, person_id=person_id, once=once
    )
    unit.session.execute(row.on_conflict_do_nothing(index_elements=["once"]))


def listing(
    unit: Unit,
    *,
    case_code: str | None = None,
    person_id: int | None = None,
    limit: int = 1000,
    offset: int = 0,
) -> list[Audit]:
    """The newest readings, of one case or by one person if told, newest first."""
    query = select(Audit)
    if case_code is not None:
        query = query.where(Audit.case_code == case_code)
    if person_id is not None:
        query = query.where(Audit.person_id == person_id)
    return list(unit.session.scalars(query.order_by(Audit.id.desc()).offset(offset).limit(limit)))
