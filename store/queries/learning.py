"""Corrections, the city's past and trainings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Correction, PastCase, PastTime, Training
from store.unit import Unit

_USUAL = select(PastTime)
_KEY = ("source", "ticket")


class CorrectionRow(NamedTuple):
    text: str
    category: str
    role: str
    case: int | None


class NewRows(NamedTuple):
    """Corrections since a training: how many, when the first was made, the number of the newest of all."""

    number: int
    first_at: datetime | None
    newest: int


def corrections(unit: Unit) -> list[CorrectionRow]:
    """Everything people corrected, oldest first; what was taken back is blank and left out."""
    columns = (Correction.text, Correction.category, Correction.role, Correction.case_id)
    rows = unit.session.execute(select(*columns).where(Correction.text != "").order_by(Correction.id))
    return [CorrectionRow(*row) for row in rows]


def latest(unit: Unit, limit: int) -> list[Correction]:
    """The newest corrections first; what was taken back is left out."""
    query = select(Correction).where(Correction.text != "").order_by(Correction.id.desc()).limit(limit)
    return list(unit.session.scalars(query))


def how_many(unit: Unit) -> int:
    return unit.session.scalar(select(func.count()).select_from(Correction).where(Correction.text != "")) or 0


def made_by(unit: Unit, person_id: int) -> list[Correction]:
    """What one person corrected."""
    query = select(Correction).where(Correction.person_id == person_id).order_by(Correction.id)
    return list(unit.session.scalars(query))


def new_corrections(unit: Unit, after: int) -> NewRows:
    """Those with a number above ``after``. One look at an index."""
    found = select(func.count(), func.min(Correction.at)).where(Correction.id > after, Correction.text != "")
    count, first = unit.session.execute(found).one()
    newest = unit.session.scalar(select(func.max(Correction.id)))
    return NewRows(count, first, newest or 0)


def last_training(unit: Unit) -> Training | None:
    return unit.session.scalar(select(Training).order_by(Training.id.desc()).limit(1))


# --- the city's past


def past_rows(unit: Unit, most_of_a_category: int) -> list[tuple[str, str]]:
    """(text, category) of past cases that may teach, the newest ones of each category."""
    place = func.row_number().over(
        partition_by=PastCase.category, order_by=(PastCase.opened_at.desc(), PastCase.id)
    )
    numbered = (
        select(PastCase.text, PastCase.category, place.label("place"))
        .where(PastCase.clear, PastCase.category.is_not(None), PastCase.text != "")
        .subquery()
    )
    query = select(numbered.c.text, numbered.c.category).where(numbered.c.place <= most_of_a_category)
    return [(text, category) for text, category in unit.session.execute(query)]


def save_past(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> int:
    """Store past cases, replacing those known by the same number; gives how many were new.

    A ticket may stand once among ``rows``.
    """
    tickets = [row["ticket"] for row in rows]
    source = rows[0]["source"]
    known = select(func.count()).where(PastCase.source == source, PastCase.ticket.in_(tickets))
    before = unit.session.scalar(known) or 0
    dialect = unit.session.get_bind().dialect.name
    statement: Any = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(PastCase)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
    upsert = statement.on_conflict_do_update(index_elements=list(_KEY), set_=fresh)
    unit.session.execute(upsert, list(rows))
    return len(rows) - before


def finished_past(unit: Unit) -> Iterator[tuple[str, datetime, datetime]]:
    """(category, opened, last moved) of every finished past case, read in pieces."""
    query = (
        select(PastCase.category, PastCase.opened_at, PastCase.moved_at)
        .where(PastCase.state == "done", PastCase.category.is_not(None), PastCase.moved_at.is_not(None))
        .execution_options(yield_per=5000)
    )
    for category, opened, moved in unit.session.execute(query):
        if category and moved:
            yield category, opened, moved


def past_counts(unit: Unit) -> dict[str, int]:
    """How many past cases there are in each state."""
    rows = unit.session.execute(select(PastCase.state, func.count()).group_by(PastCase.state))
    return {state: count for state, count in rows}


def save_usual(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the usual times of all categories."""
    unit.session.execute(delete(PastTime))
    if rows:
        unit.session.execute(insert(PastTime), list(rows))


def usual(unit: Unit, category: str) -> PastTime | None:
    known = unit.once(PastTime, "all", lambda: {row.category: row for row in unit.session.scalars(_USUAL)})
    return known.get(category)
