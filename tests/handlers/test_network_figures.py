"""Figures and checklists of a network: LITERATURE L1 (score), L3 and L25 (charter), L5, L7, L10, L14, L17, L20."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from handlers.rules import network_figures as figures
from handlers.rules.conditions import may_decide, six_conditions
from handlers.rules.conditions import missing as unmet
from handlers.rules.guidelines import Facts, ten_guidelines
from handlers.rules.network_figures import Stay, Taken
from handlers.services import keeping, network_life, reports
from handlers.talk import Scene
from nlp.replies import offers_thing, read_resource, reply_kind, resource_kinds
from store import Store
from store.city_data import CATEGORY_CODES
from store.models import Agreement, CaseNetwork, Charter, Loan, Membership, Network, Outbox, Resource
from store.queries import charters, city
from store.words import RoleName
from tests.town import DEMO_CITY, Town, words

NOW = datetime(2027, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FACTS = Facts(
    goal="a", level="collaborate", integration="state", integrator_known=True, founded=False, members=3,
    sectors=frozenset({"local", "civil"}), representatives=1, terms_set=1, charter_version=1, agreed=2, links=1,
    answered=2, tasks_done=1, resources=1, loans=1, digests=1, areas=1, refused=0,
    conditions=True, officials=True,
)  # fmt: skip


def test_the_score_is_the_mean_share_of_steps_done_in_time_l1() -> None:
    steps = [
        Taken(1, "answered", NOW - 9 * DAY, NOW - 9 * DAY),
        Taken(3, "answered", NOW - 7 * DAY, NOW - 6 * DAY),
        Taken(3, "silent", NOW - 7 * DAY, NOW),
        Taken(3, "void", NOW - 7 * DAY, None),
        Taken(4, "due", NOW, None, times=4, answered=1),
        Taken(5, "due", NOW + DAY, None),
    ]
    assert figures.score(steps, NOW) == {
        "1": 100.0,
        "2": None,
        "3": 50.0,
        "4": 25.0,
        "5": None,
        "score": 58.3,
    }
    assert figures.score([], NOW)["score"] is None


@pytest.mark.parametrize(("members", "size"), [(0, "small"), (29, "small"), (30, "medium"), (150, "large")])
def test_the_size_class_follows_thresholds_l1(members: int, size: str) -> None:
    assert network_life.size_class(members) == size


def test_retention_is_told_per_month_of_joining_and_never_about_fewer_than_five_l20() -> None:
    start = datetime(2027, 1, 5, tzinfo=UTC)
    stays = [Stay(start, start + 45 * DAY if n == 0 else None) for n in range(5)]
    stays += [Stay(start + 40 * DAY, None)]
    found = figures.retention(stays, start + 70 * DAY, ZoneInfo("Asia/Bangkok"))
    assert found == [
        {"month": "2027-01", "joined": 5, "still": [1.0, 0.8]},
        {"month": "2027-02", "joined": 1, "still": None},
    ]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"integrator_known": False}, "started"),
        ({"sectors": frozenset({"local"})}, "both_sides"),
        ({"level": "consult"}, "members_decide"),
        ({"refused": 2}, "structure"),
        ({"charter_version": 0, "agreed": 0, "conditions": False}, "structure"),
        ({"representatives": 0}, "structure"),
        ({"consensus": 0.5}, "consensus"),
        ({"goal": ""}, "aim"),
    ],
)
def test_each_of_the_six_conditions_can_be_missing_l10(change: dict[str, object], missing: str) -> None:
    assert may_decide(six_conditions(FACTS))
    assert unmet(six_conditions(Facts(**{**vars(FACTS), **change}))) == (missing,)


def test_the_ten_guidelines_each_show_their_evidence_l3() -> None:
    points = ten_guidelines(FACTS)
    assert len(points) == 10 and all(point.met and point.evidence for point in points)
    alone = Facts(**{**vars(FACTS), "links": 0, "terms_set": 0, "agreed": 0})
    assert [p.name for p in ten_guidelines(alone) if not p.met] == ["goals", "core", "links"]


def test_every_kind_of_thing_has_words_a_category_and_two_names_l17() -> None:
    for kind in resource_kinds().values():
        assert kind.words and kind.th and kind.en and kind.unit
        assert set(kind.categories) <= set(CATEGORY_CODES)


@pytest.mark.parametrize(
    ("text", "kind", "quantity"),
    [
        ("ให้ยืม: รถน้ำ 1 คัน ต.กุดป่อง", "water_truck", 1),
        ("ให้ยืมเรือท้องแบน ๒ ลำ", "boat", 2),
        ("มีให้ยืม เครื่องสูบน้ำ", "pump", 1),
        ("to lend: 1 excavator", "excavator", 1),
        ("ให้ยืมเต็นท์ 999999 หลัง", "tent", 1000),
    ],
)
def test_what_somebody_lends_is_read_from_plain_words_l17(text: str, kind: str, quantity: int) -> None:
    read = read_resource(text)
    assert read is not None and (read.kind, read.quantity) == (kind, quantity)


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("มีรถน้ำให้ยืม", True),
        ("ที่บ้านมีเรือ 2 ลำ ใครเดือดร้อนยืมได้เลย", True),
        ("I can lend a water truck", True),
        ("ใครมีรถน้ำให้ยืมบ้าง", False),
        ("รถน้ำให้ยืมไหมคะ", False),
        ("ขอยืมเครื่องสูบน้ำ", False),
        ("เทศบาลมีเต็นท์ให้ยืมหรือเปล่า", False),
        ("ให้ยืมเงิน", False),
        ("น้ำไม่ไหล อยากได้รถน้ำ", False),
    ],
)
def test_having_something_to_lend_is_told_from_asking_for_it_l17(text: str, offers: bool) -> None:
    assert offers_thing(text) is offers


def test_an_offer_before_consent_goes_to_the_register_and_is_no_report_l17(store: Store) -> None:
    town = Town(store)
    town.says("ลุงมี", "มีรถน้ำให้ยืม 2 คัน")
    said = town.taps_data("ลุงมี", "do=consent&ok=1")
    assert town.cases() == 0 and "อยู่ตำบลไหน" in said[-1].text
    town.taps("ลุงมี", "กุดป่อง")
    with store.reading() as unit:
        found = unit.session.scalars(select(Resource)).one()
        assert (found.kind, found.quantity) == ("water_truck", 2)


def test_words_that_name_nothing_to_lend_or_to_answer_are_left_alone() -> None:
    assert read_resource("ให้ยืม") is None
    assert reply_kind("วันนี้ฝนตก") is None


# --- in the town


def scene(town: Town, unit) -> Scene:
    return Scene(town.house, unit, town.now, town.now.timestamp())


def test_a_new_version_of_the_charter_is_asked_once_and_the_answer_is_kept_l25(store: Store) -> None:
    town = Town(store)
    town.settle("เมย์")
    town.taps_data("เมย์", "do=network.join&network=ROADS")
    town.taps_data("เมย์", "do=charter.show&network=ROADS")
    town.taps("เมย์", "ตกลง")
    assert asked(store) == [(1, "yes")]
    with store.writing() as unit:
        first = unit.session.scalars(select(Charter).where(Charter.network == "ROADS")).one()
        unit.add(
            Charter(
                network="ROADS",
                version=2,
                text_th="ใหม่",
                text_en="new",
                commitments=first.commitments,
                made_at=town.now,
            )
        )
    old = town.taps_data("เมย์", "do=charter.agree&network=ROADS&version=1&a=no")
    assert "ฉบับใหม่" in words(old) and asked(store) == [(1, "yes")]
    for _ in range(8):  # other questions come first, one at a time
        town.wait(days=2)
    assert asked(store) == [(1, "yes"), (2, "")]
    town.wait(days=30)
    assert asked(store) == [(1, "yes"), (2, "")]


def asked(store: Store) -> list[tuple[int, str]]:
    with store.reading() as unit:
        rows = unit.session.scalars(select(Agreement).order_by(Agreement.version))
        return [(row.version, row.answer) for row in rows]


def test_loading_the_folder_again_keeps_founded_networks_and_makes_no_new_version(store: Store) -> None:
    from store.city_folder import read_city

    town = Town(store)
    found_network(town)
    with store.writing() as unit:
        assert city.save(unit, read_city(DEMO_CITY)) is False
        data = read_city(DEMO_CITY)
        changed = data.charters[0].__class__(
            data.charters[0].network, "อื่น", "other", data.charters[0].commitments
        )
        from dataclasses import replace

        assert city.save(unit, replace(data, charters=(changed, *data.charters[1:]))) is True
    with store.reading() as unit:
        assert unit.get(Network, "NET1") is not None
        assert [
            c.version
            for c in unit.session.scalars(
                select(Charter).where(Charter.network == changed.network).order_by(Charter.version)
            )
        ] == [1, 2]


def found_network(town: Town) -> None:
    town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    town.settle("นก")
    for text in ("ตั้งเครือข่าย", "เพื่อนคลอง", "คลองสะอาด ไม่มีขยะ"):
        town.says("นก", text)
    town.taps("นก", "กุดป่อง")
    town.taps("ศูนย์", "ให้ตั้งได้")


def test_a_founded_network_takes_members_at_once_and_only_decisions_wait_l10(store: Store) -> None:
    town = Town(store)
    found_network(town)
    with store.reading() as unit:
        book = town.house.book(unit)
        found = reports.network(unit, book, book.networks["NET1"], town.now)
    assert found["founded"] and found["metrics"]["members"] == 1
    assert found["may_decide"] is False and found["conditions"]["members_decide"] is False
    assert found["metrics"]["size_class"] == "small" and found["integration"] == "state"


def test_a_thing_is_never_promised_twice_l17(store: Store) -> None:
    town = Town(store)
    town.settle("ช่าง", RoleName.OFFICIAL, agency="WORKS")
    town.settle("มี")
    town.settle("แก้ว")
    town.says("มี", "ให้ยืม: เครื่องสูบน้ำ 1 เครื่อง ต.กุดป่อง")
    for text in ("น้ำท่วมถนนหน้าตลาดกุดป่อง", "น้ำท่วมซอยหลังตลาดกุดป่อง"):
        town.says("แก้ว", text)
        town.taps("แก้ว", "ส่งเรื่อง")
    with store.reading() as unit:
        thing = unit.session.scalars(select(Resource)).one()
    for code in ("LOE69-0001", "LOE69-0002"):
        town.taps_data("ช่าง", f"do=case.accept&case={code}")
        town.taps_data("ช่าง", f"do=lend.ask&resource={thing.id}&case={code}")
    with store.reading() as unit:
        loans = list(unit.session.scalars(select(Loan)))
    assert [(loan.case_code, loan.state) for loan in loans] == [("LOE69-0001", "asked")]
    town.taps_data("แก้ว", f"do=lend.answer&loan={loans[0].id}&a=yes")
    town.wait(days=1)
    with store.reading() as unit:
        assert unit.session.scalars(select(Loan)).one().state == "lapsed"


def test_a_case_finds_its_networks_the_first_is_its_own_l5(store: Store) -> None:
    town = Town(store)
    town.settle("แก้ว")
    town.says("แก้ว", "น้ำประปาไม่ไหล บ้านน้ำหมาน ต.น้ำหมาน")
    town.taps("แก้ว", "ส่งเรื่อง")
    assert town.case().network == "NAMMAN"
    with store.reading() as unit:
        assert [row.network for row in unit.session.scalars(select(CaseNetwork))] == ["RIVER"]


def test_an_agency_is_a_member_through_its_officials_l7(store: Store) -> None:
    town = Town(store)
    town.settle("ช่าง", RoleName.OFFICIAL, agency="WORKS")
    town.taps_data("ช่าง", "do=network.join&network=ROADS")
    with store.reading() as unit:
        assert unit.session.scalars(select(Membership)).one().sector == "local"


def test_networks_are_linked_once_in_both_directions_l3(store: Store) -> None:
    town = Town(store)
    with store.writing() as unit:
        assert charters.link(unit, "ROADS", "GREEN", town.now)
        unit.flush()
        assert not charters.link(unit, "GREEN", "ROADS", town.now)
        assert charters.links(unit, "GREEN") == ["ROADS"]
        assert not charters.link(unit, "GREEN", "GREEN", town.now)


def test_the_contribution_counts_fixed_cases_and_the_others_they_reached_l20(store: Store) -> None:
    town = Town(store)
    for name in ("แก้ว", "คำ", "มี"):
        town.settle(name)
    for name in ("แก้ว", "มี"):
        town.taps_data(name, "do=network.join&network=ROADS")
    town.settle("ช่าง", RoleName.OFFICIAL, agency="WORKS")
    town.says("แก้ว", "ไฟทางดับหน้าวัดโพนงาม")
    town.taps("แก้ว", "ส่งเรื่อง")
    town.taps_data("คำ", "do=case.follow&case=LOE69-0001")
    with store.reading() as unit:
        member = unit.session.scalars(select(Membership).order_by(Membership.id)).first()
        before = keeping.contribution(scene(town, unit), member)
    assert (before.reports, before.fixed, before.people) == (1, 0, 0)
    for data in ("case.accept", "case.done"):
        town.taps_data("ช่าง", f"do={data}&case=LOE69-0001")
    town.says("ช่าง", "เปลี่ยนหลอดใหม่แล้วเรียบร้อย")
    with store.reading() as unit:
        after = keeping.contribution(scene(town, unit), unit.get(Membership, member.id))
    assert (after.fixed, after.people) == (1, 2)


def test_what_the_clock_starts_together_goes_as_one_push(store: Store) -> None:
    from handlers.messages.neutral import Text
    from handlers.services.pushing import push
    from store.queries.people import by_line_id
    from store.words import Purpose

    town = Town(store)
    town.settle("เมย์")
    with store.writing() as unit:
        stage = scene(town, unit)
        person = by_line_id(unit, town.line_id("เมย์"))
        for n in range(7):
            push(stage, person, [Text(str(n))], Purpose.STEP, once=f"x-{n}")
    with store.reading() as unit:
        rows = list(unit.session.scalars(select(Outbox).where(Outbox.purpose == "step")))
    assert [len(row.messages) for row in rows] == [5, 2]


def test_a_term_that_ends_is_told_once_so_that_leaders_rotate_l3(store: Store) -> None:
    town = Town(store)
    town.settle("ฝน", RoleName.REPRESENTATIVE, network="ROADS")
    said = town.wait(days=336)
    assert sum("หาคนรับช่วงต่อ" in s.text for s in said) == 1
    assert not any("หาคนรับช่วงต่อ" in s.text for s in town.wait(days=5))
