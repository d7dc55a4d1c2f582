"""What the summary of a played half year asks of the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from store.models import Case, History, Person
from store.unit import Unit


def anybody(unit: Unit) -> bool:
    """Whether any person is known here."""
    return unit.session.execute(select(Person.id).limit(1)).first() is not None


def by_status(unit: Unit) -> dict[str, int]:
    rows = unit.session.execute(select(Case.status, func.count()).group_by(Case.status).order_by(Case.status))
    return {status: count for status, count in rows}


def times(unit: Unit) -> Sequence[tuple[float, float | None]]:
    """Per accepted case: hours from its report to the acceptance, and to the (last) word "done"."""
    query = select(Case.opened_at, Case.accepted_at, Case.done_at).where(Case.accepted_at.is_not(None))
    return [
        (
            (accepted - opened).total_seconds() / 3600,
            (done - opened).total_seconds() / 3600 if done else None,
        )
        for opened, accepted, done in unit.session.execute(query)
        if accepted is not None
    ]


def ratings(unit: Unit) -> dict[int, int]:
    query = select(Case.rating, func.count()).where(Case.rating.is_not(None)).group_by(Case.rating)
    return {stars or 0: count for stars, count in unit.session.execute(query.order_by(Case.rating))}


def happened(unit: Unit) -> dict[str, int]:
    """Rows of history by kind."""
    query = select(History.kind, func.count()).group_by(History.kind).order_by(History.kind)
    return {kind: count for kind, count in unit.session.execute(query)}
