"""Cases filtered as an official asks for them, at a cost that does not grow with how many there are.

The list is put together from stretches of indexes, one for each agency, status and urgency (or for each status, where
all agencies are looked at), each read in its order and left early. A filter that almost nothing fits walks its
stretches to their ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import selectinload

from store.models import Case
from store.unit import Unit
from store.words import Status

MOST_COUNTED = 1000
MOST_EXPORTED = 5000
MOST_LEADS = 6
"""Of more agencies than these the stretches would be too many: then all agencies are walked by their last change."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. Empty fields ask for nothing; ``leads`` None means every agency."""

    leads: tuple[str, ...] | None
    statuses: tuple[str, ...] = ()
    category: str = ""
    area: str = ""
    network: str = ""
    hands: tuple[int, ...] = ()
    """Only what these people have taken."""
    nobodys: bool = False
    words: str = ""
    """Letters that the public words, the place or the code hold."""


def page(unit: Unit, wanted: Wanted, offset: int, limit: int) -> list[Case]:
    """A stretch of the list: urgent ones first, then the newest."""
    ids = list(unit.session.scalars(_ids(wanted, offset, limit)))
    found = {case.id: case for case in unit.session.scalars(_loaded(ids))} if ids else {}
    return [found[number] for number in ids if number in found]


def _loaded(ids: Sequence[int]) -> Select[Case]:
    return (
        select(Case).where(Case.id.in_(ids)).options(selectinload(Case.deadlines), selectinload(Case.photos))
    )


def count(unit: Unit, wanted: Wanted) -> int:
    """How many fit, at most ``MOST_COUNTED``."""
    pieces = [select(piece.c.id) for piece in _pieces(wanted, MOST_COUNTED)]
    some = select(union_all(*pieces).subquery().c.id).limit(MOST_COUNTED).subquery()
    return unit.session.scalar(select(func.count()).select_from(some)) or 0


def _ids(wanted: Wanted, offset: int, limit: int) -> Select[int]:
    rows = union_all(*(select(piece) for piece in _pieces(wanted, offset + limit))).subquery()
    found: Select[int] = select(rows.c.id)
    return found.order_by(rows.c.urgent.desc(), rows.c.at.desc(), rows.c.id).offset(offset).limit(limit)


def _pieces(wanted: Wanted, most: int) -> Iterator[Any]:
    at = Case.changed_at if _everybodys(wanted) else Case.opened_at
    for where in _stretches(wanted):
        found = select(Case.id, Case.urgent, at.label("at")).where(*where, *_filters(wanted))
        yield found.order_by(at.desc()).limit(most).subquery()


def _everybodys(wanted: Wanted) -> bool:
    return wanted.leads is None or len(wanted.leads) > MOST_LEADS


def _stretches(wanted: Wanted) -> Iterator[tuple[ColumnElement[bool], ...]]:
    statuses = wanted.statuses or tuple(Status)
    if _everybodys(wanted):
        mine = () if wanted.leads is None else (Case.lead.in_(wanted.leads),)
        for status in statuses:
            yield (Case.status == status, *mine)
        return
    for lead, status, urgent in product(wanted.leads or (), statuses, (True, False)):
        yield (Case.lead == lead, Case.status == status, Case.urgent.is_(urgent))


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (Case.category, wanted.category),
        (Case.area, wanted.area),
        (Case.network, wanted.network),
    ):
        if value:
            found.append(column == value)
    if wanted.hands:
        found.append(Case.assignee_id.in_(wanted.hands))
    if wanted.nobodys:
        found.append(Case.assignee_id.is_(None))
    if wanted.words:
        held = (Case.public_text, Case.place_text, Case.code)
        found.append(or_(*(column.icontains(wanted.words, autoescape=True) for column in held)))
    return found
