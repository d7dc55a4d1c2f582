"""Judges a city folder: who may lead what (functions of local government), and what nobody would take.

Pure. A finding carries a text key and plain data; the sentence is made where it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from store.city_data import EVERYWHERE, AgencyRow, CategoryRow, CityData, RoutingRow

Severity = Literal["error", "warning"]

DELEGATED_LEAD = "city.delegated_lead"
NO_POWER = "city.no_power"
LEAD_ELSEWHERE = "city.lead_elsewhere"
UNROUTABLE = "city.unroutable"
NO_NETWORK = "city.no_network"


@dataclass(frozen=True)
class Finding:
    """One thing to tell the city. An error stops seeding, a warning does not; `data` fills the text."""

    severity: Severity
    key: str
    data: Mapping[str, str] = field(default_factory=dict)


def judge(city: CityData) -> list[Finding]:
    """Everything wrong (errors first) and everything left uncovered (warnings) in a city folder."""
    return [*_lead_faults(city), *_unroutable(city), *_without_network(city)]


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


def _lead_faults(city: CityData) -> Iterator[Finding]:
    agencies = {agency.code: agency for agency in city.agencies}
    categories = {category.code: category for category in city.categories}
    for rule in city.routing:
        lead = agencies[rule.lead]
        yield from _mandate_findings(rule, lead, categories[rule.category])
        if rule.area != EVERYWHERE and not lead.serves(rule.area):
            yield Finding("error", LEAD_ELSEWHERE, _of(rule) | {"area": rule.area})


def _mandate_findings(rule: RoutingRow, lead: AgencyRow, category: CategoryRow) -> Iterator[Finding]:
    key = mandate_fault(category.mandate, category.code, lead.sector, lead.powers)
    if key:
        yield Finding("error", key, _of(rule) | {"sector": lead.sector, "mandate": category.mandate})


def _of(rule: RoutingRow) -> dict[str, str]:
    return {"position": str(rule.position), "category": rule.category, "lead": rule.lead}


def _unroutable(city: CityData) -> Iterator[Finding]:
    agencies = {agency.code: agency for agency in city.agencies}
    for area, category in _combinations(city):
        if not any(_reaches(rule, agencies[rule.lead], area, category) for rule in city.routing):
            yield Finding("warning", UNROUTABLE, {"area": area, "category": category})


def _reaches(rule: RoutingRow, lead: AgencyRow, area: str, category: str) -> bool:
    return rule.category == category and rule.area in (EVERYWHERE, area) and lead.serves(area)


def _without_network(city: CityData) -> Iterator[Finding]:
    for area, category in _combinations(city):
        if not any(network.covers(area, category) for network in city.networks):
            yield Finding("warning", NO_NETWORK, {"area": area, "category": category})


def _combinations(city: CityData) -> Iterable[tuple[str, str]]:
    return ((area.code, category.code) for area in city.inside for category in city.categories)
