"""Rows of the literature that show best by themselves (docs/literature.md lists them all)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.rules import network_health
from handlers.rules.conditions import missing, six_conditions
from handlers.rules.network_health import Counts
from store import Store
from store.words import RoleName
from tests.handlers.test_network_figures import FACTS
from tests.town import Town, words


@pytest.mark.parametrize(
    ("level", "decides"),
    [("inform", False), ("consult", False), ("involve", False), ("collaborate", True), ("empower", True)],
)
def test_l2_only_the_levels_that_let_members_decide_open_decisions(level: str, decides: bool) -> None:
    assert missing(six_conditions(replace(FACTS, level=level))) == (() if decides else ("members_decide",))


def test_l9_the_three_indicators_follow_from_what_was_counted() -> None:
    counted = Counts(
        members=20, active_members=10, sectors=frozenset({"local", "civil"}), kept=9, broken=1,
        answered=10, content=7, done=10, done_jointly=4, closed=10, confirmed=8,
    )  # fmt: skip
    assert network_health.collaboration(counted) == {"engagement": 0.5, "motivation": 0.8, "capacity": 0.6}
    unhappy = replace(counted, kept=1, broken=9)
    assert network_health.collaboration(unhappy)["motivation"] == 0.4
    assert set(network_health.collaboration(Counts(members=4, active_members=4)).values()) == {None}


def test_l22_the_four_promises_are_measured_and_never_from_a_handful() -> None:
    counted = Counts(cases=10, by_others=3, accepted=8, first_try=6, lessons=2, answer_hours=[1, 2, 3, 4, 50])
    assert network_health.network_government(counted) == {
        "flexibility": 0.3,
        "innovation": 2.0,
        "specialisation": 0.75,
        "speed_hours": 3.0,
    }
    few = network_health.network_government(Counts(cases=4, by_others=4, accepted=4, answer_hours=[1, 2]))
    assert (few["flexibility"], few["specialisation"], few["speed_hours"]) == (None, None, None)


def test_l24_one_chat_reaches_every_agency_and_nobody_asks_whose_it_is(store: Store) -> None:
    town = Town(store)
    town.settle("ช่าง", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้า")
    leads = set()
    for text in (
        "ไฟทางดับหน้าวัดโพนงาม",
        "ขยะกองหน้าวัดโพนงาม เหม็นมาก",
        "ร้านเหล้าเปิดเพลงเสียงดังหน้าวัดโพนงาม",
    ):
        town.says("ป้า", text)
        assert "หน่วยงานไหน" not in words(town.seen)
        town.taps("ป้า", "ส่งเรื่อง")
        leads.add(town.case().lead)
    assert len(leads) == 3 and None not in leads
