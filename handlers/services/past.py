"""The city's past from another system: counted, learnt from, and told as "it usually took so long".

Past cases are no cases of ours: nobody is asked, promised or reminded because of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles
from typing import Any

from handlers.city import CityBook
from nlp import mask, normalise
from store import Unit
from store.queries import learning as rows

LEAST_CASES = 20
"""Fewer finished cases of a category say nothing about the next one."""
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Words:
    """Another system's words in ours: kind → category (empty: says nothing), state → state."""

    types: Mapping[str, str]
    states: Mapping[str, str]

    def categories(self, types: Iterable[str]) -> tuple[list[str], list[str]]:
        """Our categories among the types, in their order, and the types that are not known."""
        found = [self.types[name] for name in types if self.types.get(name)]
        return list(dict.fromkeys(found)), [name for name in types if name not in self.types]


def words_of(book: CityBook, types: Mapping[str, str], states: Mapping[str, str]) -> Words:
    """The words of the other system, and the city's own names of its categories."""
    own = {name: row.code for row in book.data.categories for name in (row.name_th, row.name_en, row.code)}
    known = {name: code for name, code in types.items() if not code or code in book.categories}
    return Words({**own, **known}, states)


def row_of(book: CityBook, words: Words, source: str, ticket: Any) -> dict[str, Any]:
    """A ticket as a row of the table, personal data masked."""
    categories, unknown = words.categories(ticket.types)
    area = book.area_at(ticket.lat, ticket.lon) if ticket.lat is not None else None
    return {
        "source": source,
        "ticket": ticket.number,
        "types": ", ".join(ticket.types),
        "category": categories[0] if categories else None,
        "clear": len(categories) == 1 and not unknown,
        "organization": ticket.organization,
        "text": mask(normalise(ticket.text)),
        "area": area.code if area else None,
        "lat": ticket.lat,
        "lon": ticket.lon,
        "opened_at": ticket.opened,
        "moved_at": ticket.moved,
        "state": words.states.get(ticket.state, "other"),
        "stars": ticket.stars,
        "reopened": ticket.reopened,
    }


def save(unit: Unit, found: Sequence[Mapping[str, Any]]) -> int:
    """Store rows; of one ticket the last counts. Gives how many were new."""
    by_ticket = {row["ticket"]: row for row in found}
    return rows.save_past(unit, list(by_ticket.values()))


def count_usual(unit: Unit) -> int:
    """Work out anew how long finished past cases took; gives for how many categories that can be said."""
    days: dict[str, array[float]] = {}
    for category, opened, moved in rows.finished_past(unit):
        days.setdefault(category, array("f")).append(_days(opened, moved))
    found = [
        {"category": category, "cases": len(took), "low": low, "high": high}
        for category, took in sorted(days.items())
        if len(took) >= LEAST_CASES
        for low, _, high in [quantiles(took, n=4, method="inclusive")]
    ]
    rows.save_usual(unit, found)
    return len(found)


def _days(opened: datetime, moved: datetime) -> float:
    return (moved - opened).total_seconds() / _DAY_S


def usual(unit: Unit, category: str) -> tuple[int, int] | None:
    """In how many days (lower and upper quartile) such cases were finished; None when the past says nothing."""
    found = rows.usual(unit, category)
    return (max(round(found.low), 1), max(round(found.high), 1)) if found else None
