"""Cases filtered as an official asks for them, at a cost that does not grow with how many there are.

The list is put together from stretches of indexes, one for each agency, status and urgency (or for each status, where
all agencies are looked at), each read in its order and left early. A filter that almost nothing fits walks its
stretches to their ends, and only once. The statements are text, put together once for each shape of a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, TextClause, bindparam, select, text
from sqlalchemy.orm import selectinload

from store import word_index
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
    """Letters that the public words or the place hold."""
    code: str = ""


def page(unit: Unit, wanted: Wanted, offset: int, limit: int) -> tuple[list[Case], int]:
    """A stretch of the list, urgent ones first, then the newest; and how many fit, at most ``MOST_COUNTED``."""
    values = _values(unit, wanted)
    if wanted.words:  # looking for words is dear: one walk finds both
        few = word_index.candidates(unit, wanted.words)
        ids = _walked(unit, wanted, values) if few is None else _of_few(unit, wanted, values, few)
        total, ids = len(ids), ids[offset : offset + limit]
    else:
        ids = _ids(unit, wanted, {**values, "most": offset + limit, "offset": offset, "limit": limit})
        total = unit.session.scalar(_counting(_shape(unit, wanted)), {**values, "most": MOST_COUNTED}) or 0
    found = {case.id: case for case in unit.session.scalars(_loaded(ids))} if ids else {}
    return [found[number] for number in ids if number in found], total


def _loaded(ids: Sequence[int]) -> Select[Case]:
    return (
        select(Case).where(Case.id.in_(ids)).options(selectinload(Case.deadlines), selectinload(Case.photos))
    )


def _walked(unit: Unit, wanted: Wanted, values: dict[str, Any]) -> list[int]:
    return _ids(unit, wanted, {**values, "most": MOST_COUNTED, "offset": 0, "limit": MOST_COUNTED})


def _of_few(unit: Unit, wanted: Wanted, values: dict[str, Any], few: Sequence[int]) -> list[int]:
    """Those of the candidates that fit, in the list's order."""
    if not few:
        return []
    used = {**values, "few": list(few), "most": MOST_COUNTED}
    return list(unit.session.scalars(_among(_shape(unit, wanted)), used))


def _ids(unit: Unit, wanted: Wanted, values: dict[str, Any]) -> list[int]:
    return list(unit.session.scalars(_paging(_shape(unit, wanted)), values))


# --- the statements


@dataclass(frozen=True)
class Shape:
    """As much of a question as its statement depends on."""

    leads: int
    """How many agencies; 0 for all."""
    stretched: bool
    """One stretch for each agency and urgency; otherwise each status is walked by the last change."""
    statuses: int
    hands: int
    filters: tuple[str, ...]
    like: str


def _shape(unit: Unit, wanted: Wanted) -> Shape:
    leads = len(wanted.leads) if wanted.leads is not None else 0
    names = ("category", "area", "network", "nobodys", "words", "code")
    return Shape(
        leads=leads,
        stretched=wanted.leads is not None and leads <= MOST_LEADS,
        statuses=len(_statuses(wanted)),
        hands=len(wanted.hands),
        filters=tuple(name for name in names if getattr(wanted, name)),
        like="LIKE" if unit.session.get_bind().dialect.name == "sqlite" else "ILIKE",
    )


def _statuses(wanted: Wanted) -> tuple[str, ...]:
    return wanted.statuses or tuple(Status)


def _values(unit: Unit, wanted: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {f"lead{n}": code for n, code in enumerate(wanted.leads or ())}
    values |= {f"status{n}": str(status) for n, status in enumerate(_statuses(wanted))}
    values |= {f"hand{n}": number for n, number in enumerate(wanted.hands)}
    plain = wanted.words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    values["words"] = f"%{plain}%"
    values |= {name: getattr(wanted, name) for name in ("category", "area", "network", "code")}
    used = _shape(unit, wanted).filters
    return {key: value for key, value in values.items() if key not in _FILTERS or key in used}


_FILTERS = {
    "category": "category = :category",
    "area": "area = :area",
    "network": "network = :network",
    "nobodys": "assignee_id IS NULL",
    "words": "(public_text {like} :words ESCAPE '/' OR place_text {like} :words ESCAPE '/')",
    "code": "code = :code",
}


def _where(shape: Shape) -> str:
    """The filters, each behind an AND."""
    parts = [_FILTERS[name].format(like=shape.like) for name in shape.filters]
    if shape.hands:
        parts.append(f"assignee_id IN ({_names('hand', shape.hands)})")
    return "".join(f" AND {part}" for part in parts)


def _names(name: str, number: int) -> str:
    return ", ".join(f":{name}{n}" for n in range(number)) or "NULL"


@cache
def _counting(shape: Shape) -> TextClause:
    """In no order, so that the walk ends as soon as enough are found."""
    mine = f" AND lead IN ({_names('lead', shape.leads)})" if shape.leads or shape.stretched else ""
    where = f"status IN ({_names('status', shape.statuses)}){mine}{_where(shape)}"
    return text(f'SELECT count(*) FROM (SELECT 1 FROM "case" WHERE {where} LIMIT :most) AS some')


@cache
def _among(shape: Shape) -> TextClause:
    mine = f" AND lead IN ({_names('lead', shape.leads)})" if shape.leads or shape.stretched else ""
    where = f"id IN :few AND status IN ({_names('status', shape.statuses)}){mine}{_where(shape)}"
    at = "opened_at" if shape.stretched else "changed_at"
    sql = f'SELECT id FROM "case" WHERE {where} ORDER BY urgent DESC, {at} DESC, id LIMIT :most'
    return text(sql).bindparams(bindparam("few", expanding=True))


@cache
def _paging(shape: Shape) -> TextClause:
    rows = " UNION ALL ".join(_stretch(shape, where) for where in _stretches(shape)) or _NOTHING
    order = "ORDER BY urgent DESC, at DESC, id LIMIT :limit OFFSET :offset"
    return text(f"SELECT id FROM ({rows}) AS pressing {order}")


_NOTHING = 'SELECT id, urgent, opened_at AS at FROM "case" WHERE false LIMIT :most'


def _stretch(shape: Shape, where: str) -> str:
    at = "opened_at" if shape.stretched else "changed_at"
    read = f'SELECT id, urgent, {at} AS at FROM "case" WHERE {where}{_where(shape)} ORDER BY {at} DESC LIMIT :most'
    return f"SELECT id, urgent, at FROM ({read}) AS p"


def _stretches(shape: Shape) -> list[str]:
    statuses = [f"status = :status{n}" for n in range(shape.statuses)]
    if shape.stretched:
        leads = [f"lead = :lead{n}" for n in range(shape.leads)]
        return [f"{a} AND {b} AND urgent = {c}" for a in leads for b in statuses for c in ("true", "false")]
    mine = f" AND lead IN ({_names('lead', shape.leads)})" if shape.leads else ""
    return [f"{status}{mine}" for status in statuses]
