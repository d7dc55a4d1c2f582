"""What public pages read of all cases: one pass for the figures, one short range of an index for a list or the map."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Case, Deadline, Summary
from store.unit import Unit
from store.words import FIXED, LEAD_CLOCKS, OPEN, Status

_GONE = (Status.REJECTED, Status.MERGED)
_BATCH = 5_000


_FACTS = (
    Case.id, Case.status, Case.category, Case.area, Case.lead, Case.network, Case.opened_at, Case.accepted_at,
    Case.done_at, Case.rating, Case.lat, Case.lon,
)  # fmt: skip


def facts(unit: Unit) -> Iterator[tuple[Any, ...]]:
    """The columns ``_FACTS`` of every case that counts; what was rejected or merged does not."""
    query = select(*_FACTS).where(Case.status.not_in(_GONE)).execution_options(yield_per=_BATCH)
    return (tuple(row) for row in unit.session.execute(query))


def late(unit: Unit, now: datetime) -> set[int]:
    """Ids of cases of which the lead has let a promise pass that still stands."""
    return set(unit.session.scalars(_late(now)))


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
    unit: Unit, wanted: Wanted, shown: Collection[str], now: datetime, before: int | None, limit: int
) -> list[Case]:
    """Cases of categories that may be ``shown``, the newest first, from below the id ``before``."""
    query = _wanted(select(Case), wanted, shown, now)
    if before is not None:
        query = query.where(Case.id < before)
    return list(unit.session.scalars(query.order_by(Case.id.desc()).limit(limit)))


def _wanted(query: Select[Any], wanted: Wanted, shown: Collection[str], now: datetime) -> Select[Any]:
    query = query.where(_of_kind(wanted.which, now))
    query = query.where(Case.category == wanted.category if wanted.category else Case.category.in_(shown))
    for column, value in ((Case.area, wanted.area), (Case.lead, wanted.lead), (Case.network, wanted.network)):
        if value:
            query = query.where(column == value)
    return query


def _of_kind(which: str, now: datetime) -> Any:
    if which == "overdue":
        return Case.status.in_(OPEN) & Case.id.in_(_late(now))
    if which == "open":
        return Case.status.in_(OPEN)
    return Case.status.in_(FIXED) if which == "fixed" else Case.status.not_in(_GONE)


def _late(now: datetime) -> Select[Any]:
    return select(Deadline.case_id).where(
        Deadline.state == "running", Deadline.due_at < now, Deadline.kind.in_(LEAD_CLOCKS)
    )


class Pin(NamedTuple):
    """A case on the map. ``overdue_at``: since when everybody sees that a promise was not kept."""

    code: str
    category: str
    lat: float
    lon: float
    overdue_at: datetime | None


def pins(unit: Unit, statuses: Collection[str], shown: Collection[str], limit: int) -> list[Pin]:
    """The newest cases in these statuses whose point is known."""
    query = select(Case.code, Case.category, Case.lat, Case.lon, Case.overdue_at).where(
        Case.status.in_(statuses), Case.category.in_(shown), Case.lat.is_not(None), Case.lon.is_not(None)
    )
    return [Pin(*row) for row in unit.session.execute(query.order_by(Case.id.desc()).limit(limit))]
