"""The official's day: lists, handing on, notes, ready answers, tidying, taking back, and two who press at once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from handlers import dispatch
from handlers.incoming import Incoming, Kind
from handlers.rules.ready import fill
from store import Store
from store.models import Outbox
from store.words import RoleName, Status
from tests.town import MONDAY, Town, words

OLD_LAMP = "ไฟทางดับหน้าวัดศรีสุทธาวาส"
TEMPLE = "หน้าวัดศรีสุทธาวาส"


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store)
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("นก", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้า")
    return town


def report(town: Town, who: str = "ป้า", text: str = OLD_LAMP) -> str:
    """A report sent; gives its code."""
    town.says(who, text)
    if "ไม่ใช่ คนละเรื่อง" in [label for seen in town.seen[-1:] for label, _ in seen.buttons]:
        town.taps(who, "ไม่ใช่ คนละเรื่อง")
    town.taps(who, "ส่งเรื่อง")
    return town.case().code


def sent(town: Town) -> None:
    """Everything that waits has gone out."""
    with town.store.writing() as unit:
        unit.session.execute(update(Outbox).where(Outbox.state == "waiting").values(state="done", attempts=1))


def waiting(town: Town, name: str) -> list[str]:
    with town.store.reading() as unit:
        rows = unit.session.scalars(select(Outbox).where(Outbox.to == town.line_id(name)))
        return [row.purpose for row in rows if row.state in ("waiting", "held")]


# --- lists


def test_a_list_holds_the_agencys_own_cases_and_is_paged(town: Town) -> None:
    for number in range(12):
        town.settle(f"คน{number}")
        report(town, f"คน{number}", f"ฝาท่อแตกซอย {number + 20}")
        if town.case().place_text == "":
            raise AssertionError("the report has no place")
    town.settle("ไฟ", RoleName.OFFICIAL, agency="PEA")
    first = town.taps_data("ต้น", "do=inbox&list=new")
    assert "12" in first[0].text and "หน้าถัดไป" in town.visible("ต้น")
    assert len({data for _, data in first[0].buttons if data.startswith("do=case.accept")}) == 10
    second = town.taps("ต้น", "หน้าถัดไป")
    assert len({data for _, data in second[0].buttons if data.startswith("do=case.accept")}) == 2
    assert "ไม่มีเรื่อง" in words(town.taps_data("ไฟ", "do=inbox&list=new"))


@pytest.mark.parametrize("page", ["-1", "9999", "x", "๑", ""])
def test_a_page_that_can_not_be_is_the_first(town: Town, page: str) -> None:
    report(town)
    assert "ใหม่ 1 เรื่อง" in words(town.taps_data("ต้น", f"do=inbox&list=new&page={page}"))


def test_the_lists_follow_the_case(town: Town) -> None:
    report(town)
    town.taps("ต้น", "รับเรื่อง")

    def shown(who: str, name: str) -> bool:
        return "LOE69-0001" in words(town.taps_data(who, f"do=inbox&list={name}"))

    assert shown("ต้น", "mine") and not shown("นก", "mine") and shown("นก", "open")
    town.taps_data("ต้น", "do=case.ask&case=LOE69-0001")
    town.says("ต้น", "ดวงไหนครับ")
    assert shown("ต้น", "waiting") and not shown("ต้น", "new")
    town.now += timedelta(days=30)
    assert not shown("ต้น", "overdue"), "the clock stands still while the citizen is asked"
    town.says("ป้า", "ดวงที่สองค่ะ")
    town.now += timedelta(days=60)
    assert shown("ต้น", "overdue")


# --- two at once


def test_of_two_who_accept_at_the_same_moment_one_wins_and_the_other_hears_who(town: Town) -> None:
    code = report(town)
    start = threading.Barrier(2)

    def press(name: str) -> None:
        user = town.line_id(name)
        tap = Incoming(
            event_id=f"press-{name}",
            kind=Kind.TAP,
            conversation=user,
            at=town.now,
            user=user,
            reply_token=f"press-{name}",
            reply_until=town.now.timestamp() + 50,
            data={"do": "case.accept", "case": code},
        )
        start.wait()
        with town.store.writing() as unit:
            dispatch.decide(town.house, unit, tap, town.now)

    both = [threading.Thread(target=press, args=(name,)) for name in ("ต้น", "นก")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    case = town.case()
    assert [row.kind for row in case.history].count("accepted") == 1
    winner = next(name for name in ("ต้น", "นก") if town.person(name).id == case.assignee_id)  # type: ignore[union-attr]
    loser = "นก" if winner == "ต้น" else "ต้น"
    answers = {town.name_of(seen.to): seen.text for seen in town._new() if seen.how == "reply"}
    assert f"ล่าสุดโดย{winner}" in answers[loser] and "เรื่องนี้เป็นของท่านแล้ว" in answers[winner]


# --- handing on


def test_a_second_question_while_the_first_waits_does_not_stop_the_answer(town: Town) -> None:
    code = report(town)
    for official in ("ต้น", "นก"):
        town.taps_data(official, f"do=case.ask&case={code}")
    town.says("ต้น", "อยู่ฝั่งไหนของวัด")
    assert "รอ" in words(town.says("นก", "เสาเบอร์อะไร"))  # too late: one question at a time
    town.taps_data("ป้า", f"do=case.answer&case={code}")
    town.says("ป้า", "ฝั่งตลาดค่ะ")
    assert town.case(code).status == Status.ACCEPTED


def test_a_passed_case_brings_its_news_to_the_colleague_alone(town: Town) -> None:
    report(town)
    town.taps("ต้น", "รับเรื่อง")
    nok = town.person("นก")
    assert nok is not None
    town.taps_data("ต้น", f"do=case.hand_to&case=LOE69-0001&to={nok.id}")
    told = town.says("ป้า", "ยังไม่มาซ่อมเลยค่ะ")
    assert {town.name_of(seen.to) for seen in told if seen.how == "push"} == {"นก"}


def test_a_case_is_passed_to_nobody_outside_the_agency(town: Town) -> None:
    town.settle("ไฟ", RoleName.OFFICIAL, agency="PEA")
    report(town)
    town.taps("ต้น", "รับเรื่อง")
    other, citizen = town.person("ไฟ"), town.person("ป้า")
    assert other is not None and citizen is not None
    for person in (other, citizen):
        town.taps_data("ต้น", f"do=case.hand_to&case=LOE69-0001&to={person.id}")
        assert town.case().assignee_id == town.person("ต้น").id  # type: ignore[union-attr]


def test_what_is_noted_inside_never_reaches_the_citizen(town: Town) -> None:
    report(town)
    town.taps("ต้น", "รับเรื่อง")
    town.taps_data("ต้น", "do=case.inside&case=LOE69-0001")
    town.says("ต้น", "ลับเฉพาะช่าง")
    town.taps("ป้า", "ดูเรื่องนี้")
    town.says("ป้า", "ข้อมูลของฉัน")
    town.says("ป้า", "ติดตาม")
    assert not any("ลับเฉพาะช่าง" in seen.text for seen in town.seen if seen.to == town.line_id("ป้า"))
    assert "ลับเฉพาะช่าง" in words(town.says("นก", "LOE69-0001"))


# --- ready answers


@given(st.text(), st.dictionaries(st.sampled_from(["code", "date", "lead"]), st.text(min_size=1)))
def test_a_filled_answer_has_no_blank_left_and_opens_none(text: str, values: dict[str, str]) -> None:
    found = fill(f"{{code}} {text.replace('{', '').replace('}', '')} {{date}}", values)
    assert (found is None) == (not {"code", "date"} <= values.keys())
    if found is not None:
        assert found.startswith(values["code"]) and found.endswith(values["date"])


def test_a_ready_answer_whose_day_is_not_promised_is_not_offered(town: Town) -> None:
    report(town)
    offered = words(town.taps_data("ต้น", "do=case.ready&case=LOE69-0001"))
    assert "กำลังไปดูหน้างาน" in offered and "รอของ" not in offered
    town.taps("ต้น", "รับเรื่อง")
    assert "รอของ" in words(town.taps_data("ต้น", "do=case.ready&case=LOE69-0001"))


def test_a_ready_answer_is_seen_before_it_is_sent_and_reads_in_her_language(town: Town) -> None:
    town.settle("Ann")
    town.says("Ann", "The street light in front of Wat Si Sutthawat is broken")
    for label in ("Street", "💡"):
        if any(shown.startswith(label) for shown in town.visible("Ann")):
            town.taps("Ann", label)
            break
    town.taps_data("Ann", "do=report.skip")
    town.taps_data("Ann", "do=report.confirm")
    code = town.case().code
    preview = town.taps_data("ต้น", f"do=case.ready&case={code}&t=*/looking")
    assert {town.name_of(seen.to) for seen in preview} == {"ต้น"}
    sent_now = town.taps("ต้น", "ส่งข้อความนี้")
    assert not [s for s in sent_now if s.to == town.line_id("Ann")]
    assert "is on the way to look" in words(town.says("Ann", "menu"))


def test_a_template_of_another_agency_is_not_for_this_case(town: Town) -> None:
    report(town)
    told = town.taps_data("ต้น", "do=case.ready&case=LOE69-0001&t=RELIEF/pump&ok=1")
    assert "เครื่องสูบน้ำ" not in words(told) and town.case().status == Status.OFFERED


# --- taking back


def test_a_decline_is_taken_back_while_nobody_outside_has_heard(town: Town) -> None:
    report(town)
    before, running = town.case(), promises(town)
    town.taps("ต้น", "ไม่ใช่ของเรา")
    town.taps("ต้น", "นอกพื้นที่")
    after = town.case()
    assert after.lead != "WORKS" and after.declined_by == ["WORKS"]
    row = after.history[-1].id
    town.taps_data("ต้น", f"do=case.undo&case=LOE69-0001&row={row}")
    case = town.case()
    assert (case.lead, case.declined_by, case.status) == ("WORKS", [], Status.OFFERED)
    assert case.routing_reason == before.routing_reason
    assert promises(town) == running
    assert "case" not in waiting(town, "ป้า")


@pytest.mark.parametrize("act", ["accept", "progress", "done"])
def test_what_the_citizen_has_heard_is_not_taken_back(town: Town, act: str) -> None:
    report(town)
    town.taps_data("ต้น", f"do=case.{act}&case=LOE69-0001")
    if act != "accept":
        town.says("ต้น", "ทำแล้วครับ")
    sent(town)
    town.says("ป้า", "เมนู")
    case = town.case()
    told = town.taps_data("ต้น", f"do=case.undo&case=LOE69-0001&row={case.history[-1].id}")
    assert "ถึงผู้แจ้งแล้ว" in words(told)
    assert town.case().status == case.status and len(town.case().history) == len(case.history)


@pytest.mark.parametrize(
    ("act", "status"), [("accept", Status.OFFERED), ("progress", Status.OFFERED), ("done", Status.OFFERED)]
)
def test_an_act_whose_message_still_waits_is_taken_back_whole(town: Town, act: str, status: Status) -> None:
    report(town)
    if act == "done":
        town.taps("ต้น", "รับเรื่อง")
        status = Status.ACCEPTED
    before = promises(town)
    town.taps_data("ต้น", f"do=case.{act}&case=LOE69-0001")
    if act != "accept":
        town.says("ต้น", "ผิดเรื่องครับ")
    town.taps_data("ต้น", f"do=case.undo&case=LOE69-0001&row={town.case().history[-1].id}")
    case = town.case()
    assert case.status == status and case.done_at is None
    assert not any("ผิดเรื่อง" in row.text for row in case.history)
    assert promises(town) == before


def promises(town: Town) -> list[tuple[str, str, datetime]]:
    """What is promised now: by whom, what, until when."""
    return sorted((d.agency, d.kind, d.due_at) for d in town.case().deadlines if d.state == "running")


def test_after_a_minute_or_by_somebody_else_nothing_is_taken_back(town: Town) -> None:
    report(town)
    town.taps("ต้น", "รับเรื่อง")
    town.taps_data("ต้น", "do=case.inside&case=LOE69-0001")
    town.says("ต้น", "บันทึก")
    row = town.case().history[-1].id
    assert "ผู้อื่น" in words(town.taps_data("นก", f"do=case.undo&case=LOE69-0001&row={row}"))
    assert "ผู้อื่น" in words(town.taps_data("ต้น", "do=case.undo&case=LOE69-0001&row=๑"))
    town.now += timedelta(minutes=2)
    assert "เกินหนึ่งนาที" in words(town.taps_data("ต้น", f"do=case.undo&case=LOE69-0001&row={row}"))
    assert town.case().history[-1].text == "บันทึก"


# --- tidying


def test_a_group_of_cases_tells_each_citizen_once(town: Town) -> None:
    town.settle("ลุง")
    first = report(town)
    report(town, "ป้า", "ไฟถนนดับแถววัดศรีสุทธาวาส มืดมาก")
    third = report(town, "ลุง", "ไฟทางหน้าวัดศรีสุทธาวาสไม่ติด")
    town.taps_data("ต้น", f"do=case.group&case={first}")
    told = town.taps("ต้น", "รับทั้งหมด")
    pushes = [town.name_of(seen.to) for seen in told if seen.how == "push"]
    assert sorted(pushes) == ["ป้า", "ลุง"]
    town.taps_data("ต้น", f"do=case.group&case={third}")
    town.taps("ต้น", "เสร็จทั้งหมด")
    told = town.says("ต้น", "เปลี่ยนแล้ว")
    pushes = [town.name_of(seen.to) for seen in told if seen.how == "push"]
    assert sorted(pushes) == ["ป้า", "ลุง"]
    for code in (first, third):
        assert town.case(code).status == Status.DONE


def test_a_group_made_one_case_keeps_every_reporter(town: Town) -> None:
    town.settle("ลุง")
    first = report(town)
    second = report(town, "ลุง", "ไฟทางหน้าวัดศรีสุทธาวาสไม่ติด")
    town.taps_data("ต้น", f"do=case.group&case={second}")
    told = town.taps("ต้น", "รวมเป็นเรื่องเดียว")
    assert [town.name_of(s.to) for s in told if s.how == "push"] == ["ลุง"]
    assert town.case(second).merged_into == first and town.case(first).people == 2
    town.taps_data("ต้น", f"do=case.accept&case={first}")
    for name in ("ป้า", "ลุง"):
        assert f"รับเรื่อง {first}" in words(town.says(name, "เมนู"))


def test_a_split_part_is_a_case_of_its_own_with_the_same_reporter(town: Town) -> None:
    report(town)
    town.taps_data("ต้น", "do=case.split&case=LOE69-0001")
    town.says("ต้น", "ถนนเป็นหลุมใหญ่หน้าวัดศรีสุทธาวาส")
    told = town.taps_data("ต้น", "do=case.split&case=LOE69-0001&category=road")
    new = town.case()
    assert new.code == "LOE69-0002" and new.category == "road"
    assert new.reports[0].person_id == town.person("ป้า").id  # type: ignore[union-attr]
    assert [town.name_of(s.to) for s in told if s.how == "push"].count("ป้า") == 1
    again = town.taps_data("ต้น", "do=case.split&case=LOE69-0001&category=road")
    assert town.cases() == 2 and "พิมพ์เฉพาะส่วน" in words(again)


# --- the morning


def test_the_morning_summary_comes_once_on_working_days_and_only_with_news(town: Town) -> None:
    report(town)
    eight = MONDAY.replace(hour=8) + timedelta(days=1)
    assert town.wait(until=eight - timedelta(minutes=1)) == []
    told = town.wait(until=eight)
    assert sorted(town.name_of(seen.to) for seen in told if "งานวันนี้" in seen.text) == ["ต้น", "นก"]
    assert not any("งานวันนี้" in seen.text for seen in town.wait(until=eight + timedelta(minutes=5)))
    saturday = eight + timedelta(days=4)
    assert not any("งานวันนี้" in seen.text for seen in town.wait(until=saturday))
    monday = eight + timedelta(days=6, hours=3)
    summaries = [seen for seen in town.wait(until=monday) if "งานวันนี้" in seen.text]
    assert len(summaries) == 2, "one for each, however long the gap was"


def test_a_quiet_desk_gets_no_morning_summary(town: Town) -> None:
    assert town.wait(until=MONDAY.replace(hour=8) + timedelta(days=1)) == []
