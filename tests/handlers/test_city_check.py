"""A city folder is judged by who may lead what, and by what nobody would take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import store
from handlers.rules.city_check import (
    DELEGATED_LEAD,
    LEAD_ELSEWHERE,
    NO_NETWORK,
    NO_POWER,
    UNROUTABLE,
    Finding,
    judge,
)
from handlers.rules.routing import mandate_fault
from store.city_data import CityData, RoutingRow
from store.city_folder import read_city


@pytest.fixture(scope="module")
def city() -> CityData:
    return read_city(Path(store.__file__).parent / "demo_city")


def with_lead(city: CityData, category: str, lead: str, area: str = "*") -> CityData:
    """The city with one rule more, which comes first."""
    return replace(city, routing=(RoutingRow(1, area, category, lead, (), "เหตุผล", "reason"), *city.routing))


def test_the_demo_city_has_nothing_to_judge(city: CityData) -> None:
    assert judge(city) == []


@pytest.mark.parametrize("lead", ["TELECOM", "RESCUE"])
def test_a_delegated_function_refuses_a_private_or_civil_lead(city: CityData, lead: str) -> None:
    (finding,) = judge(with_lead(city, "cables", lead))
    assert (finding.severity, finding.key) == ("error", DELEGATED_LEAD)
    assert finding.data["lead"] == lead
    assert finding.data["category"] == "cables"
    assert finding.data["position"] == "1"


@pytest.mark.parametrize("lead", ["NBTC", "WORKS"])
def test_a_delegated_function_takes_a_state_or_local_lead(city: CityData, lead: str) -> None:
    assert judge(with_lead(city, "cables", lead)) == []


def test_a_function_by_law_needs_a_lead_with_the_power(city: CityData) -> None:
    (finding,) = judge(with_lead(city, "road", "EDU"))
    assert (finding.severity, finding.key) == ("error", NO_POWER)


@pytest.mark.parametrize("lead", ["TEMPLE", "TELECOM", "EDU", "LAND"])
def test_a_general_function_takes_a_lead_of_any_sector(city: CityData, lead: str) -> None:
    assert judge(with_lead(city, "welfare", lead)) == []


def test_a_rule_for_an_area_its_lead_does_not_serve_is_an_error(city: CityData) -> None:
    (finding,) = judge(with_lead(city, "public_facility", "PARK", area="420101"))
    assert (finding.severity, finding.key) == ("error", LEAD_ELSEWHERE)
    assert finding.data["area"] == "420101"


def test_a_category_that_no_rule_takes_is_a_warning_in_each_served_area(city: CityData) -> None:
    unrouted = replace(city, routing=tuple(rule for rule in city.routing if rule.category != "land"))
    expected = [
        Finding("warning", UNROUTABLE, {"area": area.code, "category": "land"}) for area in city.inside
    ]
    assert judge(unrouted) == expected


def test_a_rule_counts_only_where_its_lead_works(city: CityData) -> None:
    """The provincial waterworks has no pipes in Nam Man, whose own rows are taken out."""
    only_pwa = tuple(rule for rule in city.routing if rule.category != "water_supply" or rule.lead == "PWA")
    assert judge(replace(city, routing=only_pwa)) == [
        Finding("warning", UNROUTABLE, {"area": "420105", "category": "water_supply"})
    ]


def test_what_no_network_covers_is_a_warning(city: CityData) -> None:
    findings = judge(replace(city, networks=tuple(row for row in city.networks if row.code != "TOWN")))
    assert {(finding.severity, finding.key) for finding in findings} == {("warning", NO_NETWORK)}
    assert {"area": "420101", "category": "corruption"} in [finding.data for finding in findings]
    # In Nam Man the area's own network takes land.
    assert {"area": "420105", "category": "land"} not in [finding.data for finding in findings]


def test_errors_come_before_warnings(city: CityData) -> None:
    spoilt = replace(with_lead(city, "drugs", "TEMPLE"), networks=())
    severities = [finding.severity for finding in judge(spoilt)]
    assert severities == sorted(severities)
    assert severities[0] == "error"


@pytest.mark.parametrize(
    ("mandate", "sector", "powers", "key"),
    [
        ("law", "local", ("road",), None),
        ("law", "local", (), NO_POWER),
        ("law", "civil", (), NO_POWER),
        ("delegated", "state", (), None),
        ("delegated", "local", (), None),
        ("delegated", "private", ("road",), DELEGATED_LEAD),
        ("delegated", "civil", ("road",), DELEGATED_LEAD),
        ("general", "civil", (), None),
        ("general", "private", (), None),
    ],
)
def test_the_mandate_of_one_lead(mandate: str, sector: str, powers: tuple[str, ...], key: str | None) -> None:
    assert mandate_fault(mandate, "road", sector, powers) == key
