"""Thanks on their way to agencies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from store.models import Praise
from store.unit import Unit


def due(unit: Unit, before: datetime) -> dict[str, list[Praise]]:
    """Untold thanks by agency, of every agency whose oldest came before then."""
    query = select(Praise).where(Praise.told_at.is_(None)).order_by(Praise.id)
    found: dict[str, list[Praise]] = {}
    for row in unit.session.scalars(query.with_for_update(skip_locked=True)):
        found.setdefault(row.agency, []).append(row)
    return {agency: rows for agency, rows in found.items() if rows[0].at <= before}


def forget(unit: Unit, person_id: int, message_id: str | None = None) -> None:
    """Drop a person's thanks: all of them, or those of one message she took back."""
    query = delete(Praise).where(Praise.person_id == person_id)
    if message_id is not None:
        query = query.where(Praise.message_id == message_id)
    unit.session.execute(query)
