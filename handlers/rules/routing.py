"""Which agency leads a case, and why: ordered rows, the first that fits and has not declined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from store.city_data import EVERYWHERE, RoutingRow


@dataclass(frozen=True)
class Route:
    """``rule`` is the row's position, or None when the integrator takes what no row (or nobody) wants."""

    lead: str
    helpers: tuple[tuple[str, str], ...]
    reason_th: str
    reason_en: str
    rule: int | None


def choose(
    rows: Iterable[RoutingRow],
    areas: Sequence[str],
    category: str,
    declined: Iterable[str],
    integrator: str,
    serves: Callable[[str, Sequence[str]], bool],
) -> Route:
    """The route of a case.

    ``areas``: the case's area and everything around it, codes; empty when the place is unknown (then only rows for
    everywhere fit). ``declined``: agencies that already said no and are never asked again by rule.
    ``integrator``: the agency whose coordinator decides when no row is left. ``serves(agency, areas)``: whether
    the agency works there.
    """
    refused = set(declined)
    for row in rows:
        if row.category not in (category, EVERYWHERE) or not (row.area == EVERYWHERE or row.area in areas):
            continue
        if row.lead in refused or not serves(row.lead, areas):
            continue
        helpers = tuple(
            (code, task) for code, task in row.helpers if code != row.lead and code not in refused
        )
        return Route(row.lead, helpers, row.reason_th, row.reason_en, row.position)
    return Route(integrator, (), "", "", None)
