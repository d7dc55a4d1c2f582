"""Where cases are looked for by place and by words: one short range of an index for each key, however many cases there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    union_all,
    update,
)

from store.models import Case, Trace
from store.unit import Unit
from store.words import OPEN, Status

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of a case that is open."""
MOST_PER_KEY = 20
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


_FACTS = select(*(getattr(Case, name) for name in Found._fields)).where(Case.status.in_(_LIVE))


def lay(unit: Unit, case: Case, kind: str, keys: Iterable[str], ends_at: datetime = FAR) -> None:
    """Write the traces of one kind anew. A case that has no id yet gets them together with it."""
    if case.id is not None:
        drop(unit, case.id, kind)
    for key in keys:
        unit.add(Trace(case=case, kind=kind, key=key, ends_at=ends_at))


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
    values = {f"key{at}": key for at, key in enumerate(keys)} | {"since": since}
    near, alike = set[int](), Counter[int]()
    for case_id, kind in unit.session.execute(under(len(keys)), values):
        near.add(case_id) if kind == PLACE else alike.update((case_id,))
    chosen = near | {case_id for case_id, _ in alike.most_common(MOST_BY_WORDS)}
    return [Found(*row) for row in unit.session.execute(_FACTS.where(Case.id.in_(chosen)))]


def without(unit: Unit, categories: Collection[str], since: datetime, limit: int) -> list[Case]:
    """Newest cases of these categories that could be looked for and have no traces: those of before there were any."""
    alive = or_(
        Case.status.in_((*OPEN, Status.DONE)), and_(Case.status == Status.CLOSED, Case.closed_at > since)
    )
    known = exists().where(Trace.case_id == Case.id)
    query = select(Case).where(alive, Case.category.in_(categories), Case.public_text != "", ~known)
    return list(unit.session.scalars(query.order_by(Case.id.desc()).limit(limit)))


@cache
def under(count: int) -> Select[int, str]:
    """The question to the index for so many keys (``key0`` …, ``since``); asked with every report, so put together once."""
    ranges = [_newest_under(f"key{at}") for at in range(count)]
    together = union_all(*ranges).subquery()
    return select(together.c.case_id, together.c.kind)


def _newest_under(key: str) -> Select[int, str]:
    since = bindparam("since", type_=Trace.ends_at.type)
    newest = select(Trace.case_id, Trace.kind).where(Trace.key == bindparam(key), Trace.ends_at > since)
    limit = literal(MOST_PER_KEY, literal_execute=True)
    part = newest.order_by(Trace.ends_at.desc()).limit(limit).subquery()
    return select(part.c.case_id, part.c.kind)
