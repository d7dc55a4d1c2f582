"""What routing learns from: versions of the rows, past cases, who handed on, how long things took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from store.models import Case, Deadline, History, RoutingVersion, UsualTime
from store.unit import Unit
from store.words import Status


def versions(unit: Unit, limit: int = 50) -> list[RoutingVersion]:
    """States of the routing rows, newest first."""
    return list(unit.session.scalars(select(RoutingVersion).order_by(RoutingVersion.id.desc()).limit(limit)))


def opened_since(unit: Unit, since: datetime) -> list[tuple[str, str | None, str]]:
    """(code, area, category) of cases opened since then, oldest first."""
    query = select(Case.code, Case.area, Case.category).where(Case.opened_at >= since).order_by(Case.id)
    return [(code, area, category) for code, area, category in unit.session.execute(query)]


class RoutingStep(NamedTuple):
    """One row of history that speaks of routing, without the rest of it."""

    case_id: int
    kind: str
    at: datetime
    role: str
    agency: str | None
    why: str
    data: dict[str, Any]


def routing_steps(unit: Unit, since: datetime) -> list[RoutingStep]:
    """Offers, answers and hand-overs of cases opened since then, case by case in order."""
    columns = (getattr(History, name) for name in RoutingStep._fields)
    query = (
        select(*columns)
        .join(Case, Case.id == History.case_id)
        .where(Case.opened_at >= since, History.kind.in_(("offered", "accepted", "declined")))
    )
    rows = unit.session.execute(query.order_by(History.case_id, History.id))
    return [RoutingStep(*row) for row in rows]


def finished_since(unit: Unit, since: datetime) -> list[tuple[str, str | None, datetime, datetime]]:
    """(category, area, opened, done) of closed cases that were finished since then."""
    query = select(Case.category, Case.area, Case.opened_at, Case.done_at).where(
        Case.status == Status.CLOSED, Case.done_at >= since
    )
    return [(c, a, opened, done) for c, a, opened, done in unit.session.execute(query) if done is not None]


def usual_times_are_of(unit: Unit, day: str) -> bool:
    """Whether the figures were computed on that day."""
    return unit.session.scalar(select(UsualTime.day).where(UsualTime.day == day).limit(1)) is not None


def replace_usual_times(unit: Unit, found: Iterable[UsualTime]) -> None:
    """New figures for all."""
    unit.session.execute(delete(UsualTime))
    unit.session.add_all(found)


def promises(unit: Unit) -> list[tuple[str, str, str, int]]:
    """(agency, kind, state, how many) of the promises that still mean something."""
    query = select(Deadline.agency, Deadline.kind, Deadline.state, func.count()).where(
        Deadline.state != "void"
    )
    groups = query.group_by(Deadline.agency, Deadline.kind, Deadline.state)
    return [(agency, kind, state, n) for agency, kind, state, n in unit.session.execute(groups)]


def finished(unit: Unit) -> list[tuple[str, datetime, datetime]]:
    """(lead, opened, done) of every case that its lead has finished."""
    query = select(Case.lead, Case.opened_at, Case.done_at).where(Case.lead.is_not(None))
    return [
        (lead or "", opened, done) for lead, opened, done in unit.session.execute(query) if done is not None
    ]
