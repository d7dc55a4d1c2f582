"""An official's desk: the open cases of her agencies as lists, counted and paged at a constant cost.

Every list walks an index in its order and stops early, so that it costs the same with a hundred cases and a hundred
thousand. Counts stop at ``MOST_COUNTED``, where a number helps nobody any more. The statements are text, put together
once for each shape of desk: putting queries of this size together costs more than running them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import product
from typing import Any

from sqlalchemy import TextClause, bindparam, select, text
from sqlalchemy.orm import selectinload

from store.models import Case
from store.types import UtcTime
from store.unit import Unit
from store.words import OPEN, Status

LISTS = ("new", "mine", "open", "overdue", "waiting", "unassigned", "helping")
MOST_COUNTED = 100
_LATEST = 300
"""Requests for help that are looked at, the newest; of older ones the cases are mostly over."""

_WORK = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
_STATUSES = {
    "new": (Status.OFFERED,),
    "open": _WORK,
    "mine": _WORK,
    "unassigned": _WORK,
    "waiting": (Status.WAITING,),
}


@dataclass(frozen=True)
class Desk:
    """Whose lists: ``agencies`` she works for, ``hands``: her own id and those of colleagues she stands in for.

    ``sorts``: the integrator's code where she also sorts what no rule could place.
    """

    agencies: tuple[str, ...]
    hands: tuple[int, ...]
    sorts: str | None = None


Shape = tuple[int, int, bool]
"""How many agencies and hands a desk has, and whether it sorts: as much as a statement depends on."""


def counts(unit: Unit, desk: Desk, now: datetime, names: Sequence[str] = LISTS) -> dict[str, int]:
    """How many cases each list holds, at most ``MOST_COUNTED``."""
    if not desk.agencies:
        return dict.fromkeys(names, 0)
    row = unit.session.execute(_counting(tuple(names), _shape(desk)), _values(desk, now)).one()
    return dict(zip(names, row, strict=True))


def page(unit: Unit, desk: Desk, name: str, now: datetime, offset: int, limit: int) -> list[Case]:
    """A stretch of one list, the most pressing first, with what a card shows."""
    if not desk.agencies or offset < 0 or offset >= MOST_COUNTED:
        return []
    values = {**_values(desk, now), "most": offset + limit, "offset": offset, "limit": limit}
    return _loaded(unit, list(unit.session.scalars(_paging(name, _shape(desk)), values)))


def _shape(desk: Desk) -> Shape:
    return len(desk.agencies), len(desk.hands), desk.sorts is not None


def _values(desk: Desk, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {f"agency{n}": code for n, code in enumerate(desk.agencies)}
    values |= {f"hand{n}": number for n, number in enumerate(desk.hands)}
    return {**values, "now": now, "sorts": desk.sorts, "most": MOST_COUNTED}


_PARTS = tuple(selectinload(part) for part in (Case.deadlines, Case.photos, Case.reports))
_BY_IDS = select(Case).where(Case.id.in_(bindparam("ids", expanding=True))).options(*_PARTS)


def _loaded(unit: Unit, ids: Sequence[int]) -> list[Case]:
    if not ids:
        return []
    found = {case.id: case for case in unit.session.scalars(_BY_IDS, {"ids": ids})}
    return [found[number] for number in ids if number in found]


# --- the statements

_CASE = '"case" AS c'
_OPEN = "status IN ({})".format(", ".join(f"'{status}'" for status in OPEN))
_STRETCH = "LIMIT :limit OFFSET :offset"


@cache
def _counting(names: tuple[str, ...], shape: Shape) -> TextClause:
    """One row with the number of each list."""
    numbers = (f"(SELECT count(*) FROM ({_countable(name, shape)}) AS counted)" for name in names)
    return _statement(f"SELECT {', '.join(numbers)}")


def _countable(name: str, shape: Shape) -> str:
    """Rows of a list in no order, no more than ``most``."""
    if name == "overdue":
        return (
            f"SELECT DISTINCT c.id FROM ({_late(shape)}) AS late JOIN {_CASE} ON c.id = case_id WHERE {_OPEN}"
        )
    if name == "helping":
        return f"SELECT id FROM {_CASE} WHERE {_OPEN} AND id IN ({_helped(shape)}) LIMIT :most"
    parts = (
        f"SELECT id FROM (SELECT id FROM {_CASE} WHERE {where} LIMIT :most) AS p"
        for where in _pieces(name, shape)
    )
    return f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS pieces LIMIT :most"


@cache
def _paging(name: str, shape: Shape) -> TextClause:
    """Ids of one stretch of a list, the most pressing first."""
    if name == "overdue":
        rows = (
            f"SELECT c.id AS id, min(late.due_at) AS due_at FROM ({_late(shape)}) AS late"
            f" JOIN {_CASE} ON c.id = late.case_id WHERE {_OPEN} GROUP BY c.id"
        )
        return _statement(f"SELECT id FROM ({rows}) AS pressing ORDER BY due_at, id {_STRETCH}")
    rows = " UNION ALL ".join(_in_order(w, u) for w, u in product(_pieces(name, shape), ("true", "false")))
    if name == "helping":
        rows = f"SELECT id, urgent, opened_at FROM {_CASE} WHERE {_OPEN} AND id IN ({_helped(shape)})"
    return _statement(f"SELECT id FROM ({rows}) AS pressing ORDER BY urgent DESC, opened_at, id {_STRETCH}")


def _statement(sql: str) -> TextClause:
    """The text; its instant is written as the columns write theirs."""
    return text(sql).bindparams(*([bindparam("now", type_=UtcTime())] if ":now" in sql else []))


def _in_order(where: str, urgent: str) -> str:
    """One stretch of an index, read in its order."""
    read = f"SELECT id, urgent, opened_at FROM {_CASE} WHERE {where} AND urgent = {urgent}"
    return f"SELECT id, urgent, opened_at FROM ({read} ORDER BY opened_at LIMIT :most) AS p"


def _pieces(name: str, shape: Shape) -> list[str]:
    """The list as conditions that each are one stretch of one index: one lead (or person) and one status."""
    agencies, hands, sorts = shape
    if name == "helping":
        return []
    if name == "mine":
        return [f"assignee_id = :hand{n} AND status = '{s}'" for n, s in product(range(hands), _WORK)]
    nobody = " AND assignee_id IS NULL" if name == "unassigned" else ""
    found = [
        f"lead = :agency{n} AND status = '{s}'{nobody}" for n, s in product(range(agencies), _STATUSES[name])
    ]
    if nobody and sorts:
        found.append(f"lead = :sorts AND status = '{Status.OFFERED}' AND unassigned = true{nobody}")
    return found


def _late(shape: Shape) -> str:
    """Promises of her agencies that have passed, the longest ago first."""
    parts = (
        f"SELECT case_id, due_at FROM (SELECT case_id, due_at FROM deadline WHERE agency = :agency{n}"
        f" AND state = 'running' AND due_at < :now ORDER BY due_at LIMIT :most) AS d"
        for n in range(shape[0])
    )
    return " UNION ALL ".join(parts)


def _helped(shape: Shape) -> str:
    """The latest cases in which her agencies have a part to do."""
    parts = (
        f"SELECT case_id FROM (SELECT case_id FROM helper WHERE agency = :agency{n} AND state = '{state}'"
        f" ORDER BY id DESC LIMIT {_LATEST}) AS h"
        for n, state in product(range(shape[0]), ("asked", "accepted"))
    )
    return " UNION ALL ".join(parts)
