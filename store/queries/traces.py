"""Where cases are looked for by place and by words: one short range of an index for each key, however many cases there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Select, bindparam, delete, insert, literal, select, union_all, update

from store.models import Case, Trace
from store.unit import Unit
from store.words import OPEN, Status

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of a case that is open."""
MOST_PER_KEY = 20
"""Newest cases read under one key; what is hotter than that is found under its other keys, or is news to nobody."""
_LIVE = (*OPEN, Status.DONE, Status.CLOSED)


def lay(unit: Unit, case_id: int, kind: str, keys: Iterable[str], ends_at: datetime = FAR) -> None:
    """Write the traces of one kind anew."""
    drop(unit, case_id, kind)
    rows = [{"case_id": case_id, "kind": kind, "key": key, "ends_at": ends_at} for key in keys]
    if rows:
        unit.session.execute(insert(Trace), rows)


def end(unit: Unit, case_id: int, at: datetime = FAR) -> None:
    """The case was closed then, or (without a time) is open again."""
    unit.session.execute(update(Trace).where(Trace.case_id == case_id).values(ends_at=at))


def drop(unit: Unit, case_id: int, kind: str | None = None) -> None:
    """Nobody finds the case by its place or its words (or one of them) any more."""
    query = delete(Trace).where(Trace.case_id == case_id)
    unit.session.execute(query if kind is None else query.where(Trace.kind == kind))


def cases_at(unit: Unit, keys: Sequence[str], since: datetime) -> list[Case]:
    """Cases under one of the keys that are open or were closed after ``since``."""
    if not keys:
        return []
    values = {f"key{at}": key for at, key in enumerate(keys)} | {"since": since}
    found = {case_id for (case_id,) in unit.session.execute(under(len(keys)), values)}
    return list(unit.session.scalars(select(Case).where(Case.id.in_(found), Case.status.in_(_LIVE))))


@cache
def under(count: int) -> Select[tuple[int]]:
    """The question to the index for so many keys (``key0`` …, ``since``); asked with every report, so put together once."""
    ranges = [
        select(
            select(Trace.case_id)
            .where(
                Trace.key == bindparam(f"key{at}"),
                Trace.ends_at > bindparam("since", type_=Trace.ends_at.type),
            )
            .order_by(Trace.ends_at.desc())
            .limit(literal(MOST_PER_KEY, literal_execute=True))
            .subquery()
            .c.case_id
        )
        for at in range(count)
    ]
    return select(union_all(*ranges).subquery().c.case_id)
