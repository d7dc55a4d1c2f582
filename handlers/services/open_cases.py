"""Cases as everybody may take them away as data: masked, without people, private matters without words or exact point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlp import mask
from store import Store, Unit
from store.issues import Issues, issues
from store.queries import open_cases as rows
from store.queries.open_cases import Wanted
from store.words import CaseKind

CHUNK = 2000
"""Rows read at a time of an export; each chunk is a short look of its own at the database."""


@dataclass(frozen=True)
class OpenCase:
    """One case. ``words`` is False where its words, place name, pictures and exact point are left out."""

    code: str
    kind: str
    status: str
    category: str
    network: str | None
    area: str | None
    lead: str | None
    helpers: tuple[str, ...]
    words: bool
    text: str
    place: str
    lat: float | None
    lon: float | None
    urgent: bool
    opened_at: datetime
    changed_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    closed_how: str | None
    expected_at: datetime | None
    overdue_at: datetime | None
    rating: int | None
    reopened: int
    reporters: int
    followers: int
    recurrence: int
    merged_into: str | None
    photos: tuple[tuple[str, str], ...]
    """(role, token) of each picture that may be shown."""

    @property
    def public(self) -> bool:
        """Whether the case itself may be linked to with its words."""
        return self.words


def may_show_words(category: str, kind: str, emergency: str | None, told: Issues) -> bool:
    """Whether everybody may read a case's words: not of private matters, questions, and dangers to life."""
    return told.public(category) and kind != CaseKind.QUESTION and emergency is None


def newest(unit: Unit, wanted: Wanted, limit: int, *, offset: int = 0, after: str = "") -> list[OpenCase]:
    """One page, the latest first. Raises KeyError for an ``after`` that is no case."""
    if after and not rows.known(unit, after):
        raise KeyError(after)
    return seen(unit, rows.newest(unit, wanted, limit, offset=offset, after=after))


def one(unit: Unit, code: str, key_id: int | None = None) -> OpenCase | None:
    found = rows.one(unit, code, key_id)
    return seen(unit, [found])[0] if found is not None else None


def everything(store: Store, wanted: Wanted) -> Iterator[OpenCase]:
    """All cases in the order they were opened, a chunk in memory at a time."""
    last: tuple[datetime, int] | None = None
    while True:
        with store.reading() as unit:
            found = rows.oldest(unit, wanted, CHUNK, last)
            cases = seen(unit, found)
        whole = len(found) == CHUNK
        last = (found[-1].opened_at, found[-1].id) if found else None
        del found  # else this chunk and the next would be held at once
        yield from cases
        del cases
        if not whole:
            return


def seen(unit: Unit, found: Sequence[Any]) -> list[OpenCase]:
    """Rows as everybody may see them."""
    if not found:
        return []
    ids = [row.id for row in found]
    helpers, followers = rows.helpers(unit, ids), rows.followers(unit, ids)
    promised, photos = rows.promised(unit, ids), rows.photos(unit, ids)
    told = issues()
    made = []
    for row in found:
        words = may_show_words(row.category, row.kind, row.emergency, told)
        decimals = told.decimals if words else told.rounded_decimals
        made.append(
            OpenCase(
                code=row.code,
                kind=row.kind,
                status=row.status,
                category=row.category,
                network=row.network,
                area=row.area,
                lead=row.lead,
                helpers=tuple(helpers.get(row.id, ())),
                words=words,
                text=mask(row.public_text) if words else "",
                place=mask(row.place_text) if words and row.place_text else "",
                lat=None if row.lat is None else round(row.lat, decimals),
                lon=None if row.lon is None else round(row.lon, decimals),
                urgent=row.urgent,
                opened_at=row.opened_at,
                changed_at=row.changed_at,
                accepted_at=row.accepted_at,
                done_at=row.done_at,
                closed_at=row.closed_at,
                closed_how=row.closed_how,
                expected_at=row.expected_at or promised.get(row.id),
                overdue_at=row.overdue_at,
                rating=row.rating,
                reopened=row.reopened,
                reporters=row.people,
                followers=followers.get(row.id, 0),
                recurrence=row.recurrence,
                merged_into=row.merged_into,
                photos=tuple(photos.get(row.id, ())) if words else (),
            )
        )
    return made
