"""The city's past from another system: read in, to be counted and learnt from.

Past cases are no cases of ours: nobody is asked, promised or reminded because of them. How long they took is told by
``usual``, where our own cases are too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.city import CityBook
from nlp import mask, normalise
from store import Unit
from store.queries import learning as rows


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
