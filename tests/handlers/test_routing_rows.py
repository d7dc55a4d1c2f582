"""Rows by mandate and integrator, what a change moves, how well rows guess, and dates as people type them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.city import CityBook
from handlers.rules import handover
from handlers.rules.city_check import NEVER_FITS, NO_POWER, judge
from handlers.rules.dates import read_day
from handlers.rules.deadlines import targets_of, usual_days
from handlers.rules.handover import Step
from handlers.rules.routing import DELEGATED_LEAD, hops
from handlers.services import routing, seed
from store import Store
from store.city_data import CATEGORY_CODES, CityData, RoutingRow
from store.city_folder import read_city
from store.queries import routing as rows
from store.words import RoleName
from tests.town import BANGKOK, DEMO_CITY, MONDAY, Town

DEMO = read_city(DEMO_CITY)
BOOK = CityBook(DEMO, BANGKOK)
AREAS = [area.code for area in DEMO.inside]


def book(*first: RoutingRow, **networks: str) -> CityBook:
    """The demo city with rows before all others, and networks integrated in another way."""
    changed = tuple(replace(n, integration=networks.get(n.code, n.integration)) for n in DEMO.networks)
    return CityBook(replace(DEMO, routing=(*first, *DEMO.routing), networks=changed), BANGKOK)


def row(lead: str, category: str = "*", mandate: str = "*", integrator: str = "*") -> RoutingRow:
    return RoutingRow(1, "*", category, lead, (), "เหตุผล", "reason", mandate, integrator)


# --- L6: functions of local government, in the rows


def test_a_row_for_a_mandate_takes_every_category_of_it_and_no_other() -> None:
    city = book(row("DAMRONG", mandate="delegated"))
    assert city.route("420101", "traffic", []).lead == "DAMRONG"
    assert city.route("420101", "road", []).lead == "WORKS"


def test_a_row_for_all_is_passed_over_where_its_lead_has_no_power_by_law() -> None:
    city = book(row("WORKS"))
    assert city.route("420101", "road", []).lead == "WORKS"
    assert city.route("420101", "noise", []).lead == "HEALTH"


def test_a_private_or_civil_lead_never_gets_a_delegated_function_l6() -> None:
    assert book(row("RESCUE")).route("420101", "safety", []).lead == "POLICE"
    assert BOOK.lead_fault("RESCUE", "safety") == DELEGATED_LEAD
    assert BOOK.lead_fault("EDU", "road") == NO_POWER
    assert BOOK.lead_fault("TEMPLE", "homeless") is None


def test_a_row_whose_mandate_its_category_does_not_have_is_refused() -> None:
    (finding,) = judge(replace(DEMO, routing=(row("WORKS", "road", "delegated"), *DEMO.routing)))
    assert (finding.severity, finding.key) == ("error", NEVER_FITS)


def test_a_row_for_all_whose_lead_may_lead_nothing_of_it_is_refused() -> None:
    (finding,) = judge(replace(DEMO, routing=(row("TELECOM", "*", "delegated"), *DEMO.routing)))
    assert finding.key == DELEGATED_LEAD


# --- L14: three ways to integrate


def test_a_prime_partner_gets_the_cases_of_its_network_first_where_the_law_lets_it_l14() -> None:
    city = book(RIVER="prime")
    assert city.route("420101", "water_supply", []).lead == "WATER"
    assert city.route("420101", "water_supply", []).prime
    assert city.route("420101", "flooding", []).lead == "WORKS", "WATER has no power over floods"


def test_a_prime_partner_that_declined_is_not_asked_again() -> None:
    city = book(RIVER="prime")
    assert city.route("420101", "water_supply", ["WATER"]).lead == "PWA"


def test_a_row_may_be_for_the_networks_of_one_integrator() -> None:
    city = book(row("WATER", "canal", integrator="WATER"))
    assert city.route("420101", "canal", []).lead == "WATER"
    assert city.route("420105", "canal", []).lead == "IRRIG", "there the volunteers integrate"


def test_a_third_party_decides_beside_the_city_and_agencies_alone_leave_it_to_the_city() -> None:
    assert BOOK.integrators("RIVER") == ["CENTER", "WATER"]
    assert BOOK.integrators("ROADS") == BOOK.integrators(None) == ["CENTER"]


# --- hops


@given(st.sampled_from(AREAS), st.sampled_from(CATEGORY_CODES), st.randoms())
def test_a_chain_of_declines_never_meets_an_agency_twice_and_ends_with_the_integrator(
    area: str, category: str, chance: random.Random
) -> None:
    already = chance.sample([a.code for a in DEMO.agencies], 3)
    chain = list(hops(lambda declined: BOOK.route(area, category, declined), already))
    leads = [step.lead for step in chain[:-1]]
    assert len(set(leads)) == len(leads) and not set(leads) & set(already)
    assert chain[-1].lead == "CENTER" and chain[-1].rule is None
    assert all(BOOK.lead_fault(lead, category) is None for lead in leads)


# --- statistics


def offered(lead: str, rule: int | None = 30, why: str = "") -> Step:
    return Step("offered", lead, rule, why)


def declined(why: str) -> Step:
    return Step("declined", "WORKS", None, why)


@pytest.mark.parametrize(
    ("steps", "right"),
    [
        ([offered("WORKS"), Step("accepted", "WORKS")], True),
        ([offered("WORKS"), declined("power"), offered("HIGHWAY", 40)], False),
        ([offered("WORKS"), declined("area"), offered("HIGHWAY", 40)], False),
        ([offered("WORKS"), declined("duplicate"), offered("CENTER", None)], None),
        ([offered("WORKS"), offered("HIGHWAY", None, "coordinator")], False),
        ([offered("WORKS"), Step("accepted", "WORKS"), declined("power"), offered("HIGHWAY", 40)], True),
        ([offered("WORKS")], None),
    ],
)
def test_the_first_try_of_a_row_is_judged_by_what_happened(steps: list[Step], right: bool | None) -> None:
    found = handover.trial(steps)
    assert found is not None and found.right is right


def test_a_case_that_no_row_placed_judges_no_row() -> None:
    assert handover.trial([offered("CENTER", None)]) is None
    assert handover.trial([]) is None


def test_a_row_whose_cases_mostly_end_elsewhere_is_named_with_the_better_lead() -> None:
    wrong = [offered("WORKS"), declined("power"), offered("HIGHWAY", 40)]
    right = [offered("WORKS"), Step("accepted", "WORKS")]
    trials = [handover.trial(steps) for steps in [wrong] * 8 + [right] * 3]
    (record,) = handover.tally(trial for trial in trials if trial)
    assert (record.share, record.better) == (3 / 11, ("HIGHWAY", 8))


def test_a_row_with_few_cases_or_with_no_single_better_lead_is_left_alone() -> None:
    wrong = [offered("WORKS"), declined("power"), offered("HIGHWAY", 40)]
    few = handover.tally(t for t in [handover.trial(wrong)] * 4 if t)
    assert few[0].better is None


# --- changes of the rows


def without(position: int) -> CityData:
    return replace(DEMO, routing=tuple(r for r in DEMO.routing if r.position != position))


def test_a_change_is_kept_as_a_version_with_the_cases_it_would_have_moved(store: Store) -> None:
    town = Town(store)
    town.settle("ลุงมี")
    for text in ("ถนนเป็นหลุมใหญ่มาก หน้าวัดศรีสุทธาวาส", "ขยะล้นถังหน้าตลาดเช้าค่ะ"):
        town.says("ลุงมี", text)
        town.taps("ลุงมี", "ส่งเรื่อง")
    with store.reading() as unit:
        found = routing.preview(unit, without(30), town.now, BANGKOK)
    assert (found["changes"], found["cases"], found["moved"]) == (1, 2, 1)
    assert found["pairs"] == [{"from": "WORKS", "to": "HIGHWAY", "n": 1, "codes": ["LOE69-0001"]}]
    with store.writing() as unit:
        seed.load_city(unit, without(30), town.now)
    with store.reading() as unit:
        (version,) = routing.versions(unit)
        assert (version["changed"], version["moved"]) == ([30], 1)
        assert rows.versions(unit)[0].rows[0]["position"] == 10


def test_looking_at_a_change_changes_nothing_and_old_cases_do_not_count(store: Store) -> None:
    town = Town(store)
    town.settle("ลุงมี")
    town.says("ลุงมี", "ถนนเป็นหลุมใหญ่มาก หน้าวัดศรีสุทธาวาส")
    town.taps("ลุงมี", "ส่งเรื่อง")
    with store.reading() as unit:
        found = routing.preview(unit, without(30), town.now + timedelta(days=91), BANGKOK)
        assert found["cases"] == 0 and routing.versions(unit) == []


def test_loading_the_same_rows_again_makes_no_new_version(store: Store) -> None:
    for _ in range(2):
        with store.writing() as unit:
            seed.load_city(unit, DEMO, MONDAY)
    with store.reading() as unit:
        assert len(routing.versions(unit)) == 1


def test_a_case_remembers_the_row_and_version_that_placed_it(store: Store) -> None:
    town = Town(store)
    with store.writing() as unit:
        seed.load_city(unit, DEMO, MONDAY)
    town.now += timedelta(seconds=10)
    town.settle("ลุงมี")
    town.says("ลุงมี", "ถนนเป็นหลุมใหญ่มาก หน้าวัดศรีสุทธาวาส")
    town.taps("ลุงมี", "ส่งเรื่อง")
    reason = town.case().routing_reason
    assert reason["rule"] == 30 and "กองช่าง" in reason["th"]


def test_the_coordinator_hears_once_a_month_of_rows_that_guess_wrong(store: Store) -> None:
    town = Town(store, judged=False)
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("พี่ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    town.settle("ลุงมี")
    for number in range(5):
        town.says("ลุงมี", "ถนนเป็นหลุมใหญ่มาก หน้าวัดศรีสุทธาวาส")
        if number:
            town.taps("ลุงมี", "ไม่ใช่ คนละเรื่อง")
        town.taps("ลุงมี", "ส่งเรื่อง")
        town.taps_data("ช่างต้น", f"do=case.decline&case={town.case().code}&why=power")
    sent = [seen for seen in town.wait(until=town.now + timedelta(days=9)) if "แถว 30" in seen.text]
    assert [town.name_of(seen.to) for seen in sent] == ["พี่ศูนย์"]
    assert "5 จาก 5" in sent[0].text and "แขวงทางหลวง" in sent[0].text
    assert not [seen for seen in town.wait(days=2) if "แถว 30" in seen.text]
    assert [seen for seen in town.wait(days=30) if "แถว 30" in seen.text]


# --- targets, usual times, dates


def test_an_urgent_case_has_its_own_targets_and_what_is_left_open_follows() -> None:
    road = BOOK.categories["road"]
    assert targets_of(road, False).plan == road.plan_hours
    assert targets_of(road, True).finish == road.urgent_finish_hours
    bare = replace(road, plan_hours=0.0, urgent_plan_hours=0.0, urgent_finish_hours=0.0)
    assert targets_of(bare, False).plan == 2 * bare.ack_hours
    assert targets_of(bare, True).finish == bare.finish_hours / 4


@given(st.sampled_from(CATEGORY_CODES), st.booleans())
def test_targets_rise_from_answer_over_date_to_fix(category: str, urgent: bool) -> None:
    found = BOOK.targets(category, urgent)
    assert 0 < found.ack <= found.plan <= found.finish


def test_fewer_than_twenty_cases_say_nothing_about_the_usual_time() -> None:
    assert usual_days([3.0] * 19) is None
    assert usual_days([1.0] * 5 + [4.0] * 10 + [9.0] * 5) == (3, 5)
    assert usual_days([0.1] * 20) == (1, 1)


MONTHS = "ม.ค.|ก.พ.|มี.ค.|เม.ย.|พ.ค.|มิ.ย.|ก.ค.|ส.ค.|ก.ย.|ต.ค.|พ.ย.|ธ.ค.".split("|")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("5 วัน", date(2026, 11, 28)),
        ("๕ วัน", date(2026, 11, 28)),
        ("30/11", date(2026, 11, 30)),
        ("30-11-69", date(2026, 11, 30)),
        ("30/11/2569", date(2026, 11, 30)),
        ("30/11/2026", date(2026, 11, 30)),
        ("2/1", date(2027, 1, 2)),
        ("30 พ.ย.", date(2026, 11, 30)),
        ("30 พ.ย. 2569", date(2026, 11, 30)),
        ("22/11/2026", None),
        ("31/11", None),
        ("400 วัน", None),
        ("อีกนาน", None),
        ("", None),
    ],
)
def test_a_typed_day_is_read_and_nonsense_is_not(typed: str, day: date | None) -> None:
    assert read_day(typed, date(2026, 11, 23), ["วัน"], MONTHS) == day


@given(st.text(max_size=30))
def test_no_words_make_the_reader_of_days_fall(typed: str) -> None:
    read_day(typed, date(2026, 11, 23), ["วัน"], MONTHS)
