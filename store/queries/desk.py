"""An official's desk: the open cases of her agencies as lists, counted and paged at a constant cost.

Every list walks an index in its order and stops early, so that it costs the same with a hundred cases and a hundred
thousand. Counts stop at ``MOST_COUNTED``, where a number helps nobody any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import selectinload

from store.models import Case, Deadline, Helper
from store.unit import Unit
from store.words import OPEN, Status

LISTS = ("new", "mine", "open", "overdue", "waiting", "unassigned", "helping")
MOST_COUNTED = 1000

_WORK = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
_OF_LEAD = {"new": (Status.OFFERED,), "open": _WORK, "waiting": (Status.WAITING,)}


Rows = Any
"""A query for ids and what they are ordered by."""
Piece = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Desk:
    """Whose lists: ``agencies`` she works for, ``hands``: her own id and those of colleagues she stands in for.

    ``sorts``: the integrator's code where she also sorts what no rule could place.
    """

    agencies: tuple[str, ...]
    hands: tuple[int, ...]
    sorts: str | None = None


def counts(unit: Unit, desk: Desk, now: datetime, names: Sequence[str] = LISTS) -> dict[str, int]:
    """How many cases each list holds, at most ``MOST_COUNTED``."""
    if not desk.agencies:
        return dict.fromkeys(names, 0)
    found = {
        name: select(func.count()).select_from(_rows(desk, name, now, MOST_COUNTED).subquery())
        for name in names
    }
    row = unit.session.execute(select(*(query.scalar_subquery() for query in found.values()))).one()
    return dict(zip(found, row, strict=True))


def page(unit: Unit, desk: Desk, name: str, now: datetime, offset: int, limit: int) -> list[Case]:
    """A stretch of one list, the most pressing first, with what a card shows."""
    if not desk.agencies or offset < 0 or offset >= MOST_COUNTED:
        return []
    rows = _rows(desk, name, now, offset + limit).subquery()
    order = (rows.c.due_at,) if name == "overdue" else (rows.c.urgent.desc(), rows.c.opened_at)
    ids = list(
        unit.session.scalars(select(rows.c.id).order_by(*order, rows.c.id).offset(offset).limit(limit))
    )
    return _loaded(unit, ids)


def _loaded(unit: Unit, ids: Sequence[int]) -> list[Case]:
    parts = (Case.deadlines, Case.photos, Case.history, Case.helpers, Case.reports)
    query = select(Case).where(Case.id.in_(ids)).options(*(selectinload(part) for part in parts))
    found = {case.id: case for case in unit.session.scalars(query)}
    return [found[number] for number in ids if number in found]


def _rows(desk: Desk, name: str, now: datetime, most: int) -> Rows:
    """Ids of a list in its order, no more than ``most``."""
    if name == "overdue":
        return _overdue(desk, now, most)
    if name == "helping":
        return _helping(desk, most)
    return _first(_pieces(desk, name), most)


def _pieces(desk: Desk, name: str) -> list[Piece]:
    """The list as stretches of one index each: one lead (or person) and one status."""
    if name == "mine":
        return [(Case.assignee_id == who, Case.status == s) for who, s in product(desk.hands, _WORK)]
    if name == "unassigned":
        nobody = Case.assignee_id.is_(None)
        found: list[Piece] = [
            (Case.lead == lead, Case.status == s, nobody) for lead, s in product(desk.agencies, _WORK)
        ]
        if desk.sorts:
            found.append(
                (Case.lead == desk.sorts, Case.status == Status.OFFERED, nobody, Case.unassigned.is_(True))
            )
        return found
    return [(Case.lead == lead, Case.status == s) for lead, s in product(desk.agencies, _OF_LEAD[name])]


def _first(pieces: Sequence[Piece], most: int) -> Rows:
    """The most pressing of all pieces: each is read in the order of its index, urgent ones first."""
    parts = [
        select(
            select(Case.id, Case.urgent, Case.opened_at)
            .where(*piece, Case.urgent.is_(urgent))
            .order_by(Case.opened_at)
            .limit(most)
            .subquery()
        )
        for piece, urgent in product(pieces, (True, False))
    ]
    together = union_all(*parts).subquery()
    return select(together).limit(most) if len(parts) == 1 else _sorted(together, most)


def _sorted(rows: Any, most: int) -> Rows:
    return select(rows).order_by(rows.c.urgent.desc(), rows.c.opened_at).limit(most)


def _overdue(desk: Desk, now: datetime, most: int) -> Rows:
    """Cases of which a promise of her agencies has passed, the longest ago first."""
    late = [
        select(
            select(Deadline.case_id, Deadline.due_at)
            .where(Deadline.agency == agency, Deadline.state == "running", Deadline.due_at < now)
            .order_by(Deadline.due_at)
            .limit(most)
            .subquery()
        )
        for agency in desk.agencies
    ]
    rows = union_all(*late).subquery()
    query = select(Case.id.label("id"), func.min(rows.c.due_at).label("due_at")).join(
        rows, rows.c.case_id == Case.id
    )
    return query.where(Case.status.in_(OPEN)).group_by(Case.id).order_by("due_at").limit(most)


def _helping(desk: Desk, most: int) -> Rows:
    """Cases of others in which her agencies have a part to do."""
    asked = select(Helper.case_id).where(
        Helper.agency.in_(desk.agencies), Helper.state.in_(("asked", "accepted"))
    )
    parts = select(Case.id, Case.urgent, Case.opened_at).where(Case.id.in_(asked), Case.status.in_(OPEN))
    return parts.order_by(Case.urgent.desc(), Case.opened_at).limit(most)
