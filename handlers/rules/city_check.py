"""Judges a city folder: who may lead what (functions of local government), and what nobody would take.

Pure. A finding carries a text key and plain data; the sentence is made where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from handlers.rules.routing import DELEGATED_LEAD, NO_POWER, Facts, fits, mandate_fault
from store.city_data import EVERYWHERE, AgencyRow, CategoryRow, CityData, RoutingRow

Severity = Literal["error", "warning"]

LEAD_ELSEWHERE = "city.lead_elsewhere"
__all__ = ["DELEGATED_LEAD", "LEAD_ELSEWHERE", "NEVER_FITS", "NO_NETWORK", "NO_POWER", "UNROUTABLE", "judge"]

UNROUTABLE = "city.unroutable"
NO_NETWORK = "city.no_network"
NEVER_FITS = "city.never_fits"


@dataclass(frozen=True)
class Finding:
    """One thing to tell the city. An error stops seeding, a warning does not; `data` fills the text."""

    severity: Severity
    key: str
    data: Mapping[str, str] = field(default_factory=dict)


def judge(city: CityData) -> list[Finding]:
    """Everything wrong (errors first) and everything left uncovered (warnings) in a city folder."""
    return [*_lead_faults(city), *_unroutable(city), *_without_network(city)]


def _lead_faults(city: CityData) -> Iterator[Finding]:
    agencies = {agency.code: agency for agency in city.agencies}
    categories = {category.code: category for category in city.categories}
    for rule in city.routing:
        lead = agencies[rule.lead]
        yield from _mandate_findings(rule, lead, categories)
        if rule.area != EVERYWHERE and not lead.serves(rule.area):
            yield Finding("error", LEAD_ELSEWHERE, _of(rule) | {"area": rule.area})


def _mandate_findings(
    rule: RoutingRow, lead: AgencyRow, categories: Mapping[str, CategoryRow]
) -> Iterator[Finding]:
    """A row for one category must have a lead that may lead it; one for all categories a lead that may lead some."""
    meant = _meant(rule, categories)
    faults = [(category, key) for category in meant if (key := _fault(category, lead))]
    if not meant:
        yield Finding("error", NEVER_FITS, _of(rule) | {"mandate": rule.mandate})
    elif len(faults) == len(meant):
        category, key = faults[0]
        yield Finding("error", key, _of(rule) | {"sector": lead.sector, "mandate": category.mandate})


def _fault(category: CategoryRow, lead: AgencyRow) -> str | None:
    return mandate_fault(category.mandate, category.code, lead.sector, lead.powers)


def _meant(rule: RoutingRow, categories: Mapping[str, CategoryRow]) -> list[CategoryRow]:
    named = categories.values() if rule.category == EVERYWHERE else [categories[rule.category]]
    return [category for category in named if rule.mandate in (category.mandate, EVERYWHERE)]


def _of(rule: RoutingRow) -> dict[str, str]:
    return {"position": str(rule.position), "category": rule.category, "lead": rule.lead}


def _unroutable(city: CityData) -> Iterator[Finding]:
    agencies = {agency.code: agency for agency in city.agencies}
    for area, category in _combinations(city):
        facts = Facts([area], category.code, category.mandate, _integrator(city, area, category.code))
        if not any(_reaches(rule, agencies[rule.lead], facts, category) for rule in city.routing):
            yield Finding("warning", UNROUTABLE, {"area": area, "category": category.code})


def _reaches(rule: RoutingRow, lead: AgencyRow, facts: Facts, category: CategoryRow) -> bool:
    return fits(rule, facts) and lead.serves(facts.areas[0]) and _fault(category, lead) is None


def _integrator(city: CityData, area: str, category: str) -> str:
    return next((n.integrator for n in city.networks if n.covers(area, category)), "")


def _without_network(city: CityData) -> Iterator[Finding]:
    for area, category in _combinations(city):
        if not any(network.covers(area, category.code) for network in city.networks):
            yield Finding("warning", NO_NETWORK, {"area": area, "category": category.code})


def _combinations(city: CityData) -> Iterable[tuple[str, CategoryRow]]:
    return ((area.code, category) for area in city.inside for category in city.categories)
