"""Where cases are looked for by place and by words: one short range of an index for each key, however many cases there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
    update,
)

from store.models import Case, Trace
from store.unit import Unit
from store.words import OPEN, Status

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of a case that is open."""
MOST_PER_KEY = 12
"""Newest cases read under one key; what is hotter than that is found under its other keys, or is news to nobody."""
MOST_BY_WORDS = 20
PLACE, WORDS = "place", "words"
_LIVE = (*OPEN, Status.DONE, Status.CLOSED)


class Found(NamedTuple):
    """What is compared of a case: read without the rest of it."""

    id: int
    code: str
    category: str
    public_text: str
    place_text: str
    area: str | None
    lat: float | None
    lon: float | None
    opened_at: datetime
    closed_at: datetime | None
    earlier: list[str]


_CASE, _TRACE = Case.__table__.c, Trace.__table__.c
_FACTS = select(*(_CASE[name] for name in Found._fields)).where(
    _CASE.status.in_(_LIVE), _CASE.id.in_(bindparam("chosen", expanding=True))
)


def lay(unit: Unit, case: Case, kind: str, keys: Iterable[str], ends_at: datetime = FAR) -> None:
    """Write the traces of one kind anew. A case that has no id yet gets them together with it."""
    if case.id is not None:
        drop(unit, case.id, kind)
    found = list(keys)
    unit.add_plain(
        Trace,
        lambda: [{"case_id": case.id, "kind": kind, "key": key, "ends_at": ends_at} for key in found],
    )


def end(unit: Unit, case_id: int, at: datetime = FAR) -> None:
    """The case was closed then, or (without a time) is open again."""
    unit.change(update(Trace).where(Trace.case_id == case_id).values(ends_at=at))


def drop(unit: Unit, case_id: int, kind: str | None = None) -> None:
    """Nobody finds the case by its place or its words (or one of them) any more."""
    query = delete(Trace).where(Trace.case_id == case_id)
    unit.change(query if kind is None else query.where(Trace.kind == kind))


def found(unit: Unit, keys: Sequence[str], since: datetime) -> list[Found]:
    """Cases under the keys that are open or were closed after ``since``: all that are near, and those whose words
    share the most marks."""
    if not keys:
        return []
    connection = unit.session.connection()  # rows for this, not objects: it is asked with every report
    if connection.dialect.name == "postgresql":
        rows = connection.execute(_UNDER_ALL, {"keys": list(keys), "since": since}).all()
    else:
        values = {f"key{at}": key for at, key in enumerate(keys)} | {"since": since}
        rows = connection.execute(under(len(keys)), values).all()
    near = [case_id for case_id, is_near, _ in rows if is_near]
    alike = [case_id for case_id, is_near, _ in rows if not is_near]
    chosen = {"chosen": [*near, *alike[:MOST_BY_WORDS]]}
    return [Found(*row) for row in connection.execute(_FACTS, chosen)] if rows else []


def without(unit: Unit, categories: Collection[str], since: datetime, limit: int) -> list[Case]:
    """Newest cases of these categories that could be looked for and have no traces: those of before there were any."""
    alive = or_(
        Case.status.in_((*OPEN, Status.DONE)), and_(Case.status == Status.CLOSED, Case.closed_at > since)
    )
    known = exists().where(Trace.case_id == Case.id)
    query = select(Case).where(alive, Case.category.in_(categories), Case.public_text != "", ~known)
    return list(unit.session.scalars(query.order_by(Case.id.desc()).limit(limit)))


_UNDER_ALL = text(
    f"""
    SELECT found.case_id, max(found.near) AS near, count(*) AS shared
    FROM unnest(CAST(:keys AS text[])) AS wanted (key)
    CROSS JOIN LATERAL (
        SELECT case_id, CASE WHEN kind = '{PLACE}' THEN 1 ELSE 0 END AS near
        FROM trace WHERE trace.key = wanted.key AND ends_at > :since
        ORDER BY ends_at DESC LIMIT {MOST_PER_KEY}
    ) AS found
    GROUP BY found.case_id ORDER BY near DESC, shared DESC, found.case_id DESC
    """
).bindparams(bindparam("since", type_=_TRACE.ends_at.type))
"""The same as ``under`` for any number of keys: one statement to plan, where the union is as many as there are numbers."""


@cache
def under(count: int) -> Select[int, int, int]:
    """The question to the index for so many keys (``key0`` …, ``since``); asked with every report, so put together once."""
    ranges = [_newest_under(f"key{at}") for at in range(count)]
    together = union_all(*ranges).subquery()
    near, shared = func.max(together.c.near), func.count()
    query = select(together.c.case_id, near, shared).group_by(together.c.case_id)
    return query.order_by(near.desc(), shared.desc(), together.c.case_id.desc())


def _newest_under(key: str) -> Select[int, int]:
    since = bindparam("since", type_=_TRACE.ends_at.type)
    near = case((_TRACE.kind == literal_column(f"'{PLACE}'"), literal_column("1")), else_=literal_column("0"))
    newest = select(_TRACE.case_id, near.label("near")).where(
        _TRACE.key == bindparam(key), _TRACE.ends_at > since
    )
    limit = literal_column(str(MOST_PER_KEY), Integer)
    part = newest.order_by(_TRACE.ends_at.desc()).limit(limit).subquery()
    return select(part.c.case_id, part.c.near)
