"""Loading a city: whole or not at all, again without a change, and nothing that came before it is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.services.seed import CityRefused, load_city
from store import Store
from store.city_folder import read_city
from store.models import Inbox
from store.queries import city as rows
from tests.pipes import inbox_rows, new_event, stored
from tests.town import DEMO_CITY

DEMO = read_city(DEMO_CITY)


def test_loading_the_same_folder_again_changes_nothing(store: Store) -> None:
    with store.writing() as unit:
        assert load_city(unit, DEMO)[0] is True
    with store.writing() as unit:
        assert load_city(unit, DEMO)[0] is False
        assert rows.version(unit) == 1


def test_a_folder_that_breaks_rules_changes_nothing_and_names_every_fault(store: Store) -> None:
    civil = next(agency.code for agency in DEMO.agencies if agency.sector == "civil" and not agency.powers)
    wrong = tuple(replace(rule, lead=civil) if rule.position <= 20 else rule for rule in DEMO.routing)
    with store.writing() as unit:
        load_city(unit, DEMO)
    with pytest.raises(CityRefused) as refused, store.writing() as unit:
        load_city(unit, replace(DEMO, routing=wrong))
    assert len(refused.value.findings) >= 2
    with store.reading() as unit:
        assert rows.load(unit) == DEMO


def test_a_gap_is_a_warning_and_loads(store: Store) -> None:
    with store.writing() as unit:
        changed, warnings = load_city(unit, replace(DEMO, routing=DEMO.routing[:-1]))
    assert changed and warnings and all(finding.severity == "warning" for finding in warnings)


def test_what_came_before_there_was_a_city_is_decided_after_loading(store: Store) -> None:
    stored(store, new_event(1), new_event(2))
    with store.writing() as unit:
        unit.session.query(Inbox).filter(Inbox.id == 1).update(
            {"state": "parked", "reason": "NoCity: no city"}
        )
        unit.session.query(Inbox).filter(Inbox.id == 2).update({"state": "parked", "reason": "KeyError: x"})
    with store.writing() as unit:
        load_city(unit, DEMO)
    assert [row.state for row in inbox_rows(store)] == ["waiting", "parked"]
