"""Handing on, helping, promising: whole chats, with strangers, stale taps and a clock that jumps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.rules import deadlines
from handlers.rules.deadlines import LADDER
from handlers.services import agencies
from store import Store
from store.models import Case, UsualTime
from store.queries import cases as rows
from store.words import RoleName, Status
from tests.handlers.test_routing_rows import BOOK
from tests.town import BANGKOK, MONDAY, Town, words

ROAD = "ถนนเป็นหลุมใหญ่มาก หน้าวัดศรีสุทธาวาส"
LIGHT = "ไฟทางดับหน้าวัดโพนงาม มืดมาก"


@pytest.fixture
def town(store: Store) -> Town:
    found = Town(store)
    for name, agency in (("ช่าง", "WORKS"), ("ทางหลวง", "HIGHWAY"), ("เทศกิจ", "CITYLAW"), ("ไฟฟ้า", "PEA")):
        found.settle(name, RoleName.OFFICIAL, agency=agency)
    found.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    found.settle("ยายสี")
    return found


APART = "ไม่ใช่ คนละเรื่อง"


def report(town: Town, text: str = ROAD) -> str:
    answer = town.says("ยายสี", text)
    if any(APART == label for seen in answer for label, _ in seen.buttons):
        town.taps("ยายสี", APART)
    town.taps("ยายสี", "ส่งเรื่อง")
    return town.case().code


def hears(town: Town, name: str, seen: list) -> list:  # type: ignore[type-arg]
    return [s for s in seen if s.to == town.line_id(name)]


def act(town: Town, name: str, do: str, **keys: str) -> list:  # type: ignore[type-arg]
    pairs = "&".join(f"{key}={value}" for key, value in {"do": do, **keys}.items())
    return town.taps_data(name, pairs)


# --- hops


def test_a_first_hand_over_rides_on_the_next_message(town: Town) -> None:
    code = report(town)
    assert not hears(town, "ยายสี", act(town, "ช่าง", "case.decline", case=code, why="power"))
    assert not hears(town, "ยายสี", act(town, "ทางหลวง", "case.accept", case=code))
    told = words(town.says("ยายสี", "เมนู"))
    assert "ส่งต่อให้แล้ว" in told and "รับเรื่อง" in told
    assert town.case(code).untold == []


def test_a_first_hand_over_is_told_by_itself_after_a_working_day_and_only_once(town: Town) -> None:
    code = report(town)
    act(town, "ช่าง", "case.decline", case=code, why="power")
    assert not [s for s in hears(town, "ยายสี", town.wait(hours=7)) if "ส่งต่อ" in s.text]
    assert [s for s in hears(town, "ยายสี", town.wait(hours=24)) if "ส่งต่อ" in s.text]
    assert not [s for s in hears(town, "ยายสี", town.wait(days=3)) if "ส่งต่อ" in s.text]


def test_however_many_hands_a_case_goes_through_one_message_is_pushed_for_it(town: Town) -> None:
    code = report(town)
    pushed = []
    for name, why in (("ช่าง", "power"), ("ทางหลวง", "area")):
        pushed += hears(town, "ยายสี", act(town, name, "case.decline", case=code, why=why))
    for agency in ("RURAL", "WORKS", "HIGHWAY"):
        pushed += hears(town, "ยายสี", act(town, "ศูนย์", "case.assign", case=code, agency=agency))
    assert len(pushed) == 1


def test_opening_the_case_tells_of_the_hand_over_and_nothing_is_pushed_later(town: Town) -> None:
    code = report(town)
    act(town, "ช่าง", "case.decline", case=code, why="area")
    assert "ส่งต่อให้แล้ว" in words(act(town, "ยายสี", "case.show", case=code))
    assert not [s for s in hears(town, "ยายสี", town.wait(days=2)) if "ส่งต่อให้แล้ว" in s.text]


def test_the_agency_that_is_named_gets_the_case_when_the_law_lets_it(town: Town) -> None:
    code = report(town)
    act(town, "ช่าง", "case.decline", case=code, why="first", agency="RURAL")
    assert town.case(code).lead == "RURAL"


@pytest.mark.parametrize("agency", ["EDU", "TEMPLE", "NOBODY", "WORKS"])
def test_a_named_agency_that_may_not_lead_is_refused_in_words_and_nothing_changes(
    town: Town, agency: str
) -> None:
    code = report(town)
    before = town.case(code)
    assert act(town, "ช่าง", "case.decline", case=code, why="first", agency=agency)
    after = town.case(code)
    assert (after.lead, after.version, after.declined_by) == (before.lead, before.version, [])


def test_a_better_address_is_honoured_once_and_only_from_who_handed_on(town: Town) -> None:
    code = report(town)
    act(town, "ช่าง", "case.decline", case=code, why="power")
    act(town, "ไฟฟ้า", "case.suggest", case=code, agency="RURAL")
    assert town.case(code).lead == "HIGHWAY"
    assert not hears(town, "ยายสี", act(town, "ช่าง", "case.suggest", case=code, agency="RURAL"))
    assert town.case(code).lead == "RURAL"
    act(town, "ช่าง", "case.suggest", case=code, agency="HIGHWAY")
    assert town.case(code).lead == "RURAL"


def test_a_duplicate_goes_to_the_coordinator_with_the_case_it_repeats(town: Town) -> None:
    first, second = report(town), report(town)
    act(town, "ช่าง", "case.decline", case=second, why="duplicate")
    assert any(first in label for label, _ in town.seen[-1].buttons)
    card = hears(town, "ศูนย์", act(town, "ช่าง", "case.decline", case=second, why="duplicate", of=first))
    assert first in words(card)
    case = town.case(second)
    assert case.unassigned and case.history[-1].kind == "offered"


def test_the_coordinator_may_go_back_to_who_declined_but_not_past_the_law(town: Town) -> None:
    code = report(town)
    act(town, "ช่าง", "case.decline", case=code, why="power")
    act(town, "ทางหลวง", "case.decline", case=code, why="power")
    refused = act(town, "ศูนย์", "case.assign", case=code, agency="EDU")
    assert "ไม่มีอำนาจตามกฎหมาย" in words(refused) and town.case(code).unassigned
    act(town, "ศูนย์", "case.assign", case=code, agency="WORKS")
    assert town.case(code).lead == "WORKS" and not town.case(code).unassigned


def test_the_coordinator_of_a_third_party_integrator_decides_in_its_network_alone(town: Town) -> None:
    town.settle("ฮักน้ำ", RoleName.COORDINATOR, agency="WATER")
    code = report(town, "น้ำท่วมถนนหน้าตลาดเช้า เข้าบ้านแล้ว")
    assert town.case(code).network == "RIVER"
    act(town, "ฮักน้ำ", "case.assign", case=code, agency="RELIEF")
    assert town.case(code).lead == "RELIEF"
    other = report(town)
    act(town, "ฮักน้ำ", "case.assign", case=other, agency="HIGHWAY")
    assert town.case(other).lead == "WORKS"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whys=st.lists(
        st.sampled_from(["area", "power", "first", "not_problem", "duplicate"]), min_size=1, max_size=6
    )
)
def test_declines_of_any_kind_never_lead_back_without_a_person(town: Town, whys: list[str]) -> None:
    code = report(town)
    led = [town.case(code).lead]
    people = {"WORKS": "ช่าง", "HIGHWAY": "ทางหลวง", "CENTER": "ศูนย์"}
    for why in whys:
        case = town.case(code)
        act(town, people[case.lead or ""], "case.decline", case=code, why=why)
        act(town, people[case.lead or ""], "case.decline", case=code, why=why, how="words")
        town.says(people[case.lead or ""], "ยกเลิก")
        if town.case(code).lead != led[-1]:
            led.append(town.case(code).lead)
        assert town.case(code).status == Status.OFFERED
    assert len(set(led)) == len(led)


# --- helpers


def test_a_helper_takes_and_ends_its_own_part_and_the_case_stays_with_its_lead_l13(town: Town) -> None:
    code = report(town, LIGHT)
    act(town, "ไฟฟ้า", "case.accept", case=code)
    case = town.case(code)
    assert (case.status, case.lead, case.helpers[0].state) == (Status.OFFERED, "WORKS", "accepted")
    act(town, "ไฟฟ้า", "case.done", case=code, part="PEA")
    town.says("ไฟฟ้า", "ต่อไฟแล้ว")
    case = town.case(code)
    assert (case.status, case.helpers[0].state) == (Status.OFFERED, "done")
    assert {d.kind: d.state for d in case.deadlines if d.agency == "PEA"} == {
        "help_ack": "kept",
        "help_finish": "kept",
    }


def test_a_helper_that_can_not_help_ends_its_clock_and_the_lead_hears_of_it(town: Town) -> None:
    code = report(town, LIGHT)
    act(town, "ช่าง", "case.accept", case=code)
    seen = act(town, "ไฟฟ้า", "case.decline", case=code, part="PEA", why="power")
    assert hears(town, "ช่าง", seen) and not hears(town, "ยายสี", seen)
    case = town.case(code)
    assert (case.lead, case.status, case.helpers[0].state) == ("WORKS", Status.ACCEPTED, "declined")
    assert [d.state for d in case.deadlines if d.agency == "PEA"] == ["void"]


@pytest.mark.parametrize("do", ["case.accept", "case.decline", "case.done"])
@pytest.mark.parametrize("who", ["ทางหลวง", "ยายสี", "ช่าง"])
def test_nobody_answers_for_the_part_of_another_agency(town: Town, who: str, do: str) -> None:
    code = report(town, LIGHT)
    before = town.case(code).version
    assert act(town, who, do, case=code, part="PEA", why="area")
    case = town.case(code)
    assert (case.version, case.helpers[0].state) == (before, "asked")


def test_a_late_helper_makes_no_case_late(town: Town) -> None:
    code = report(town, LIGHT)
    act(town, "ช่าง", "case.accept", case=code)
    town.wait(hours=20)
    case = town.case(code)
    assert any(d.kind == "help_ack" and d.due_at < town.now for d in case.deadlines)
    with town.store.reading() as unit:
        assert rows.overdue_count(unit, town.now) == 0
    assert case.overdue_at is None


def test_who_leads_does_not_help_itself(town: Town) -> None:
    code = report(town, LIGHT)
    act(town, "ช่าง", "case.decline", case=code, why="power")
    case = town.case(code)
    assert case.lead == "PEA" and "PEA" not in [h.agency for h in case.helpers]
    assert [d.state for d in case.deadlines if (d.agency, d.kind) == ("PEA", "help_ack")] == ["void"]


# --- promises


def test_a_first_date_rides_and_another_date_is_pushed_with_its_reason(town: Town) -> None:
    code = report(town)
    act(town, "ช่าง", "case.accept", case=code)
    assert not hears(town, "ยายสี", act(town, "ช่าง", "case.plan", case=code, when="3d"))
    case = town.case(code)
    assert {d.kind: d.state for d in case.deadlines}["plan"] == "kept"
    assert case.expected_at == datetime(2026, 11, 26, 16, 30, tzinfo=BANGKOK)
    act(town, "ช่าง", "case.plan", case=code, when="2w")
    assert town.case(code).expected_at == case.expected_at, "no other date without a reason"
    told = hears(town, "ยายสี", act(town, "ช่าง", "case.plan", case=code, when="2w", why="budget"))
    assert "รออนุมัติงบ" in words(told)
    assert [d.state for d in town.case(code).deadlines if d.kind == "promise"] == ["moved", "running"]


@pytest.mark.parametrize(
    "keys", [{"when": "9y"}, {"on": "yesterday"}, {"on": "2020-01-01"}, {"on": "2099-01-01"}, {}]
)
def test_an_edited_date_is_answered_and_changes_nothing(town: Town, keys: dict[str, str]) -> None:
    code = report(town)
    act(town, "ช่าง", "case.accept", case=code)
    town.says("ยายสี", "เมนู")
    before = town.case(code).version
    assert act(town, "ช่าง", "case.plan", case=code, **keys)
    assert act(town, "เทศกิจ", "case.plan", case=code, when="3d")
    assert act(town, "ยายสี", "case.plan", case=code, when="3d")
    assert (town.case(code).version, town.case(code).expected_at) == (before, None)


def test_waiting_for_the_citizen_stops_the_clocks_of_the_lead_and_not_of_helpers(town: Town) -> None:
    code = report(town, LIGHT)
    act(town, "ช่าง", "case.accept", case=code)
    act(town, "ช่าง", "case.plan", case=code, when="3d")
    promised = town.case(code).expected_at
    act(town, "ช่าง", "case.ask", case=code)
    town.says("ช่าง", "ไฟดวงไหนครับ")
    states = {d.kind: d.state for d in town.case(code).deadlines if d.ended_at is None}
    assert states == {"finish": "paused", "promise": "paused", "help_ack": "running"}
    town.now += timedelta(days=1)
    town.says("ยายสี", "ดวงหน้าประตูวัด")
    case = town.case(code)
    assert promised and case.expected_at and case.expected_at > promised


# --- ladders


def rungs(town: Town, code: str) -> list[tuple[str, str]]:
    return [
        (h.data["kind"], h.why)
        for h in town.case(code).history
        if h.kind == "reminded" and h.data["lead"] == "WORKS"
    ]


def test_the_whole_ladder_ends_with_representatives_and_a_public_mark(town: Town) -> None:
    town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    code = report(town)
    seen = town.wait(days=14)
    assert rungs(town, code) == [("ack", r) for r in ("remind", "head", "coordinate", "represent")]
    assert town.case(code).overdue_at == town.now
    assert [h.kind for h in town.case(code).history if h.public][-1] == "overdue"
    mine = [s for s in hears(town, "ครูฝน", seen) if s.purpose == "reminder"]
    assert len(mine) == 1 and "หลุม" in mine[0].text
    act(town, "ช่าง", "case.accept", case=code)
    assert town.case(code).overdue_at is None


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gaps=st.lists(st.integers(1, 90), min_size=2, max_size=7))
def test_however_the_clock_jumps_each_rung_is_climbed_once_and_in_order(town: Town, gaps: list[int]) -> None:
    town.now = max(town.now, MONDAY)
    code = report(town)
    for hours in gaps:
        town.wait(hours=hours)
        town.run_jobs()
    steps = [rung for rung, _ in LADDER[deadlines.ACK]]
    climbed = [rung for kind, rung in rungs(town, code) if kind == "ack"]
    assert climbed == steps[: len(climbed)]
    due = next(d for d in town.case(code).deadlines if d.kind == "ack")
    calendar = BOOK.calendar("WORKS")
    passed = [
        r
        for n, (r, _) in enumerate(LADDER["ack"])
        if (deadlines.rung_at("ack", n, due.due_at, calendar) or town.now) <= town.now
    ]
    # At night the clock keeps silent, so the last look may have had to wait.
    assert BOOK.quiet(town.now) or due.rung == len(passed)


# --- figures


def test_kept_and_broken_promises_are_counted_for_each_agency(town: Town) -> None:
    first = report(town)
    act(town, "ช่าง", "case.accept", case=first)
    late = report(town)
    town.wait(days=3)
    act(town, "ช่าง", "case.accept", case=late)
    with town.store.reading() as unit:
        found = {row["code"]: row for row in agencies.report(unit, town.house.book(unit))}
    works = found["WORKS"]
    assert works["promises"]["ack"] == {"kept": 1, "broken": 1}
    assert works["share_kept"] == 0.5
    assert works["median_ack_hours"] is not None and works["median_ack_hours"] > 1
    assert found["EDU"]["share_kept"] is None


def past_cases(town: Town, n: int, days: float) -> None:
    with town.store.writing() as unit:
        for number in range(n):
            opened = town.now - timedelta(days=60)
            done = opened + timedelta(days=days)
            unit.add(
                Case(
                    code=f"LOE69-{9000 + number}-{days}".replace(".", ""),
                    status=Status.CLOSED,
                    category="road",
                    text="",
                    public_text="",
                    area="420101",
                    lead="WORKS",
                    routing_reason={},
                    declined_by=[],
                    opened_at=opened,
                    changed_at=done,
                    done_at=done,
                    closed_at=done,
                    closed_how="fixed",
                )
            )


def test_the_receipt_says_how_long_such_cases_usually_take_once_there_are_twenty(town: Town) -> None:
    past_cases(town, 19, 3)
    town.wait(minutes=5)
    report(town)
    assert "ที่ผ่านมามักใช้เวลา" not in words(town.seen)
    past_cases(town, 11, 8)
    town.wait(days=1)
    report(town)
    assert "ที่ผ่านมามักใช้เวลา · 3–8 วัน" in town.seen[-1].text
    with town.store.reading() as unit:
        found = unit.session.query(UsualTime).all()
        assert {(row.area, row.n) for row in found} == {("420101", 30), ("*", 30)}
