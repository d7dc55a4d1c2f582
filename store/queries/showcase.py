"""What public pages read of all cases: one pass for the figures, one short range of an index for a list or the map."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Case, Deadline, Summary
from store.types import UtcTime
from store.unit import Unit
from store.words import FIXED, LEAD_CLOCKS, OPEN, Status

_GONE = (Status.REJECTED, Status.MERGED)
_SHOWN = tuple(status for status in Status if status not in _GONE)
_BATCH = 5_000


_FACTS = (
    Case.id, Case.status, Case.category, Case.area, Case.lead, Case.network, Case.opened_at, Case.accepted_at,
    Case.done_at, Case.rating, Case.lat, Case.lon,
)  # fmt: skip


def facts(unit: Unit, since: datetime) -> Iterator[tuple[Any, ...]]:
    """The columns ``_FACTS`` of every case that counts: open, reported or done since then, not rejected or merged."""
    counts = or_(Case.status.in_(OPEN), Case.opened_at >= since, Case.done_at >= since)
    query = select(*_FACTS).where(Case.status.not_in(_GONE), counts).execution_options(yield_per=_BATCH)
    return (tuple(row) for row in unit.session.execute(query))


def late(unit: Unit, now: datetime) -> set[int]:
    """Ids of cases of which the lead has let a promise pass that still stands."""
    query = select(Deadline.case_id).where(
        Deadline.state == "running", Deadline.due_at < now, Deadline.kind.in_(LEAD_CLOCKS)
    )
    return set(unit.session.scalars(query))


def promises(unit: Unit, since: datetime) -> list[tuple[int, str, datetime | None]]:
    """(case, "kept" or "broken", when it ended) of the leads' promises that ended since then."""
    query = select(Deadline.case_id, Deadline.state, Deadline.ended_at).where(
        Deadline.state.in_(("kept", "broken")), Deadline.ended_at >= since, Deadline.kind.in_(LEAD_CLOCKS)
    )
    return [(case, state, ended) for case, state, ended in unit.session.execute(query)]


def number(unit: Unit) -> int:
    """About how many cases there are: the highest id, which costs nothing to find."""
    return unit.session.scalar(select(func.max(Case.id))) or 0


# --- figures that were counted before


def summary(unit: Unit, name: str) -> Summary | None:
    return unit.get(Summary, name)


def keep_summary(unit: Unit, name: str, at: datetime, data: dict[str, Any]) -> None:
    """Put these figures in the place of earlier ones."""
    dialect: Any = sqlite if unit.session.get_bind().dialect.name == "sqlite" else postgresql
    row = dialect.insert(Summary).values(name=name, at=at, data=data)
    unit.change(row.on_conflict_do_update(index_elements=["name"], set_={"at": at, "data": data}))


# --- lists


@dataclass(frozen=True)
class Wanted:
    """Which cases a visitor wants to see; None and "" leave a question open."""

    which: str = "open"
    """ "open", "overdue", "fixed" or "all"."""
    category: str = ""
    area: str = ""
    lead: str = ""
    network: str = ""


def page(
    unit: Unit, wanted: Wanted, hidden: Collection[str], now: datetime, before: str, limit: int
) -> list[Case]:
    """Cases of categories that are not ``hidden``, the newest first; ``before``: only those opened before this one."""
    conditions: list[ColumnElement[bool]] = [Case.category.not_in(hidden)]
    if last := unit.session.execute(select(Case.opened_at, Case.id).where(Case.code == before)).first():
        conditions.append(tuple_(literal(last.opened_at, UtcTime), literal(last.id)) > _KEY)
    if wanted.which == "overdue":
        conditions.append(_is_late(now))
    ids = list(unit.session.scalars(_ids(wanted, conditions, limit)))
    return list(unit.session.scalars(select(Case).where(Case.id.in_(ids)).order_by(*_NEWEST)))


_KEY = tuple_(Case.opened_at, Case.id)
_NEWEST = (Case.opened_at.desc(), Case.id.desc())
_STATUSES: dict[str, Collection[str]] = {"open": OPEN, "overdue": OPEN, "fixed": FIXED, "all": _SHOWN}


def _ids(wanted: Wanted, conditions: list[ColumnElement[bool]], limit: int) -> Select[int]:
    statuses = _STATUSES[wanted.which]
    pairs = (
        (Case.category, wanted.category),
        (Case.area, wanted.area),
        (Case.lead, wanted.lead),
        (Case.network, wanted.network),
    )
    asked = [column == value for column, value in pairs if value]
    if not asked and wanted.which != "all":
        return _newest(statuses, conditions, limit)
    # As an expression the status leads no engine away from the index of what was asked for.
    of_status = func.coalesce(Case.status, "").in_(statuses)
    query = select(Case.id).where(*asked, *conditions, of_status)
    return query.order_by(*_NEWEST).limit(limit)


def _newest(statuses: Collection[str], conditions: list[ColumnElement[bool]], limit: int) -> Select[int]:
    """Ids of the newest cases in any of the statuses.

    Each status walks its own stretch of an index from the newest and stops early; asked for all of them at once,
    an engine may gather and sort every case of the city.
    """
    walks = [
        select(Case.opened_at, Case.id)
        .where(Case.status == status, *conditions)
        .order_by(*_NEWEST)
        .limit(limit)
        .subquery()
        for status in statuses
    ]
    found = union_all(*(select(walk.c.opened_at, walk.c.id) for walk in walks)).subquery()
    return select(found.c.id).order_by(found.c.opened_at.desc(), found.c.id.desc()).limit(limit)


def _is_late(now: datetime) -> ColumnElement[bool]:
    """Asked of one case after the other, for a page is full after a few."""
    return exists().where(
        Deadline.case_id == Case.id,
        Deadline.state == "running",
        Deadline.due_at < now,
        Deadline.kind.in_(LEAD_CLOCKS),
    )


class Pin(NamedTuple):
    """A case on the map. ``overdue_at``: since when everybody sees that a promise was not kept."""

    code: str
    category: str
    lat: float
    lon: float
    overdue_at: datetime | None


def pins(unit: Unit, statuses: Collection[str], hidden: Collection[str], limit: int) -> list[Pin]:
    """The newest cases in these statuses whose point is known."""
    known: list[ColumnElement[bool]] = [
        Case.category.not_in(hidden),
        Case.lat.is_not(None),
        Case.lon.is_not(None),
    ]
    ids = _newest(statuses, known, limit).subquery()
    query = select(Case.code, Case.category, Case.lat, Case.lon, Case.overdue_at).join(
        ids, ids.c.id == Case.id
    )
    return [
        Pin(code, category, lat or 0.0, lon or 0.0, overdue)
        for code, category, lat, lon, overdue in unit.session.execute(query.order_by(*_NEWEST))
    ]
