"""Which agency leads a case, and why: ordered rows, the first that fits and has not declined."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from store.city_data import EVERYWHERE, RoutingRow

DELEGATED_LEAD = "city.delegated_lead"
NO_POWER = "city.no_power"


@dataclass(frozen=True)
class Facts:
    """What the rows look at.

    ``areas``: the case's area and everything around it, codes; empty when the place is unknown (then only rows for
    everywhere fit). ``mandate``: the category's function of local government. ``network_integrator``: the agency that
    integrates the case's network, empty for none.
    """

    areas: Sequence[str]
    category: str
    mandate: str = ""
    network_integrator: str = ""


@dataclass(frozen=True)
class Route:
    """``rule`` is the row's position, or None when the integrator takes what no row (or nobody) wants.

    ``prime``: the network's prime partner was asked before the rows.
    """

    lead: str
    helpers: tuple[tuple[str, str], ...]
    reason_th: str
    reason_en: str
    rule: int | None
    prime: bool = False


def mandate_fault(mandate: str, category: str, sector: str, powers: Collection[str]) -> str | None:
    """Why an agency of that sector and those powers may not lead a case of the category; None when it may.

    A delegated function belongs to the state and private hands may not take it; one by law needs the power;
    one of general competence is open to any sector.
    """
    if mandate == "delegated" and sector in ("private", "civil"):
        return DELEGATED_LEAD
    if mandate == "law" and category not in powers:
        return NO_POWER
    return None


def fits(row: RoutingRow, facts: Facts) -> bool:
    """Whether the row speaks of such a case; who leads is not looked at."""
    return (
        row.category in (facts.category, EVERYWHERE)
        and (row.area == EVERYWHERE or row.area in facts.areas)
        and row.mandate in (facts.mandate, EVERYWHERE)
        and row.integrator in (facts.network_integrator, EVERYWHERE)
    )


def choose(
    rows: Iterable[RoutingRow],
    facts: Facts,
    declined: Iterable[str],
    integrator: str,
    able: Callable[[str], bool],
    prime: str = "",
) -> Route:
    """The route of a case.

    ``declined``: agencies that already said no and are never asked again by rule. ``integrator``: the agency whose
    coordinator decides when no row is left. ``able(agency)``: whether it works there and may lead this category.
    ``prime``: the network's prime partner, who gets the case first where it is able.
    """
    refused = set(declined)
    matching = [row for row in rows if fits(row, facts)]
    if prime and prime not in refused and able(prime):
        first = next((row for row in matching if row.lead == prime), None)
        helpers = _helpers(first, prime, refused) if first else ()
        return Route(prime, helpers, "", "", first.position if first else None, prime=True)
    for row in matching:
        if row.lead not in refused and able(row.lead):
            return Route(
                row.lead, _helpers(row, row.lead, refused), row.reason_th, row.reason_en, row.position
            )
    return Route(integrator, (), "", "", None)


def _helpers(row: RoutingRow, lead: str, refused: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, task) for code, task in row.helpers if code != lead and code not in refused)


def hops(route: Callable[[list[str]], Route], declined: Sequence[str] = ()) -> Iterator[Route]:
    """Every agency in the order in which it would be asked, should each one decline; the integrator comes last.

    ``route(declined)`` is the decision itself, so that a forecast can never differ from what happens.
    """
    gone = list(declined)
    while True:
        found = route(gone)
        yield found
        if found.rule is None and not found.prime:
            return
        gone.append(found.lead)
