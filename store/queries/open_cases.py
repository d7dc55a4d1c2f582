"""Cases as everybody may take them away: pages by key over indexes, plain rows without the ORM's weight.

Categories and dangers that are never given away are left out here already, so that no caller can forget them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from store.issues import issues
from store.models import ApiRequest, Case, Deadline, Follower, Helper, History, Photo
from store.types import UtcTime
from store.unit import Unit
from store.words import RowState, Status

COLUMNS: tuple[Any, ...] = (
    Case.id,
    Case.code,
    Case.kind,
    Case.status,
    Case.category,
    Case.network,
    Case.area,
    Case.lead,
    Case.public_text,
    Case.place_text,
    Case.lat,
    Case.lon,
    Case.urgent,
    Case.emergency,
    Case.opened_at,
    Case.changed_at,
    Case.accepted_at,
    Case.done_at,
    Case.closed_at,
    Case.closed_how,
    Case.expected_at,
    Case.overdue_at,
    Case.rating,
    Case.reopened,
    Case.people,
    Case.recurrence,
    Case.merged_into,
)

_ENDS = ("finish", "promise")
"""Kinds of the lead's promises that say by when the work is done."""


@dataclass(frozen=True)
class Wanted:
    """Which cases. Empty means any; times are from (included) until (excluded, but for ``changed``)."""

    codes: Sequence[str] = ()
    categories: Sequence[str] = ()
    statuses: Sequence[str] = ()
    network: str = ""
    area: str = ""
    lead: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    changed_from: datetime | None = None
    changed_until: datetime | None = None
    key_id: int | None = None
    """Of the system that asks: it may see what it sent itself, whatever the matter."""


def newest(unit: Unit, wanted: Wanted, limit: int, *, offset: int = 0, after: str = "") -> list[Row[Any]]:
    """One page, the latest opened first; ``after``: code of the last case of the page before."""
    query = _which(select(*COLUMNS), wanted)
    if after:
        query = query.where(_key() < _key_of(unit, after))
    ordered = query.order_by(Case.opened_at.desc(), Case.id.desc())
    return list(unit.session.execute(ordered.offset(offset).limit(limit)))


def known(unit: Unit, code: str) -> bool:
    return unit.session.scalar(select(Case.id).where(Case.code == code)) is not None


def _key() -> ColumnElement[Any]:
    return tuple_(Case.opened_at, Case.id)


def _key_of(unit: Unit, code: str) -> ColumnElement[Any]:
    row = unit.session.execute(select(Case.opened_at, Case.id).where(Case.code == code)).one()
    return _at(row.opened_at, row.id)


def _at(opened: datetime, number: int) -> ColumnElement[Any]:
    return tuple_(literal(opened, UtcTime), literal(number))


def oldest(unit: Unit, wanted: Wanted, limit: int, after: tuple[datetime, int] | None) -> list[Row[Any]]:
    """One page for a whole export, the first opened first; ``after``: time and id of the last row before."""
    query = _which(select(*COLUMNS), wanted)
    if after:
        query = query.where(_key() > _at(*after))
    return list(unit.session.execute(query.order_by(Case.opened_at, Case.id).limit(limit)))


def one(unit: Unit, code: str, key_id: int | None = None) -> Row[Any] | None:
    """The case of that code, if it may be given away."""
    return unit.session.execute(_which(select(*COLUMNS), Wanted(codes=[code], key_id=key_id))).first()


def _which(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(_may_be_seen(wanted.key_id))
    lists = ((Case.code, wanted.codes), (Case.category, wanted.categories), (Case.status, wanted.statuses))
    for column, values in lists:
        query = query.where(column.in_(list(values))) if values else query
    single = ((Case.network, wanted.network), (Case.area, wanted.area), (Case.lead, wanted.lead))
    for place, value in single:
        query = query.where(place == value) if value else query
    return _when(query, wanted)


def _when(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.opened_from:
        query = query.where(Case.opened_at >= wanted.opened_from)
    if wanted.opened_until:
        query = query.where(Case.opened_at < wanted.opened_until)
    if wanted.changed_from:
        query = query.where(Case.changed_at >= wanted.changed_from)
    if wanted.changed_until:
        query = query.where(Case.changed_at <= wanted.changed_until)
    return query


def _may_be_seen(key_id: int | None) -> ColumnElement[bool]:
    told = issues()
    free = and_(
        Case.category.not_in(told.hidden),
        or_(Case.emergency.is_(None), Case.emergency.not_in(told.hidden_dangers)),
    )
    if key_id is None:
        return free
    own = exists().where(ApiRequest.case_id == Case.id, ApiRequest.key_id == key_id)
    return or_(free, own)


# --- what belongs to the cases of a page, each asked once for all of them


def helpers(unit: Unit, ids: Sequence[int]) -> dict[int, list[str]]:
    """Codes of the agencies that help, by case."""
    query = select(Helper.case_id, Helper.agency).where(Helper.case_id.in_(ids), Helper.state != "declined")
    found: dict[int, list[str]] = defaultdict(list)
    for case_id, agency in unit.session.execute(query.order_by(Helper.id)):
        found[case_id].append(agency)
    return found


def followers(unit: Unit, ids: Sequence[int]) -> dict[int, int]:
    query = select(Follower.case_id, func.count()).where(Follower.case_id.in_(ids))
    return {case_id: n for case_id, n in unit.session.execute(query.group_by(Follower.case_id))}


def promised(unit: Unit, ids: Sequence[int]) -> dict[int, datetime]:
    """By when the lead has promised to be done, by case, while that promise runs."""
    query = select(Deadline.case_id, Deadline.state, Deadline.kind, Deadline.due_at)
    found: dict[int, datetime] = {}
    # States are looked at here: asked for in SQL, SQLite would go through all that run in the whole city.
    for case_id, state, kind, due in unit.session.execute(query.where(Deadline.case_id.in_(ids))):
        if state == "running" and kind in _ENDS:
            found[case_id] = max(due, found.get(case_id, due))
    return found


def photos(unit: Unit, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """(role, token) of pictures of the problem and of the result; none that was sent in private."""
    private = exists().where(
        History.message_id == Photo.message_id, History.case_id == Photo.case_id, History.public.is_(False)
    )
    query = select(Photo.case_id, Photo.role, Photo.token).where(
        Photo.case_id.in_(ids),
        Photo.role.in_(("before", "after")),
        Photo.state == RowState.DONE,
        ~private,
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for case_id, role, token in unit.session.execute(query.order_by(Photo.id)):
        if case_id is not None:
            found[case_id].append((role, token))
    return found


# --- what happened


def news(
    unit: Unit,
    *,
    since: datetime | None,
    until: datetime | None,
    codes: Iterable[str] = (),
    key_id: int | None = None,
    limit: int,
    offset: int = 0,
) -> list[Row[Any]]:
    """Public rows of history with their case, the oldest first; times are included."""
    query = (
        select(
            History.id,
            History.at,
            History.kind,
            History.status_to,
            func.coalesce(History.status_to, _stood()).label("status_then"),
            History.text,
            History.agency,
            History.data,
            Case.code,
            Case.category,
            Case.emergency,
            Case.kind.label("case_kind"),
            Case.lead,
        )
        .join(Case, Case.id == History.case_id)
        .where(History.public, _may_be_seen(key_id))
    )
    query = query.where(History.at >= since) if since else query
    query = query.where(History.at <= until) if until else query
    named = list(codes)
    query = query.where(Case.code.in_(named)) if named else query
    return list(unit.session.execute(query.order_by(History.at, History.id).offset(offset).limit(limit)))


def _stood() -> ColumnElement[Any]:
    """Where the case stood when a row that moved nothing was written."""
    before = aliased(History)
    query = select(before.status_to).where(
        before.case_id == History.case_id, before.id < History.id, before.status_to.is_not(None)
    )
    newest = query.order_by(before.id.desc()).limit(1).scalar_subquery()
    return func.coalesce(newest, Status.NEW.value)


def months(unit: Unit) -> tuple[datetime, datetime] | None:
    """When the first and the last case were opened; None while there is none."""
    # Asked apart, each is one look at the end of an index.
    first = unit.session.scalar(select(func.min(Case.opened_at)))
    last = unit.session.scalar(select(func.max(Case.opened_at)))
    return (first, last) if first and last else None


def counts_by_status(unit: Unit, since: datetime | None = None) -> dict[str, int]:
    """How many cases that may be given away stand in each status."""
    query = select(Case.status, func.count()).where(_may_be_seen(None))
    query = query.where(Case.opened_at >= since) if since else query
    return {status: n for status, n in unit.session.execute(query.group_by(Case.status))}
