"""Questions, ideas, praise, and who saw the original words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.services import open_cases, reports
from nlp import mask
from store import Store
from store.queries import audit
from store.queries.open_cases import Wanted
from store.words import RoleName
from tests.town import Town, words


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def readings(town: Town, code: str = "LOE69-0001") -> list[tuple[str, str]]:
    with town.store.reading() as unit:
        return [(row.what, row.actor) for row in reversed(audit.listing(unit, case_code=code))]


def reported(town: Town, text: str = "ไฟทางหน้าวัดโพนงามดับ โทร 081-234-5678") -> None:
    town.settle("แก้ว")
    town.says("แก้ว", text)
    town.taps("แก้ว", "ส่งเรื่อง")


def test_a_pushed_card_counts_once_and_each_opened_thread_again(town: Town) -> None:
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    reported(town)
    assert readings(town) == [("card", "WORKS")]
    town.taps("ต้น", "รับเรื่อง")
    town.taps("ต้น", "ดูทั้งหมด")
    town.taps("ต้น", "ดูทั้งหมด")
    assert readings(town) == [("card", "WORKS"), ("thread", "WORKS"), ("thread", "WORKS")]


def test_an_official_of_another_agency_neither_reads_nor_is_noted(town: Town) -> None:
    town.settle("ครู", RoleName.OFFICIAL, agency="EDU")
    reported(town)
    before = readings(town)
    assert "081-234-5678" not in words(town.taps_data("ครู", "do=case.show&case=LOE69-0001"))
    assert "081-234-5678" not in words(town.says("ครู", "LOE69-0001"))
    assert readings(town) == before


def test_the_second_problem_of_one_message_lies_where_the_first_does(town: Town) -> None:
    town.settle("แก้ว")
    town.says("แก้ว", "ถนนหน้าวัดโพนงามเป็นหลุมลึกมาก แล้วก็ขยะล้นถังไม่มีคนมาเก็บ")
    town.taps("แก้ว", "แยกเป็นสองเรื่อง")
    assert words(town.taps("แก้ว", "ส่งเรื่อง")).count("หน้าวัดโพนงาม (นาอาน)") == 2
    town.taps("แก้ว", "ส่งเรื่อง")
    assert town.case().category == "waste" and town.case().lat is not None


def test_followers_read_masked_words_and_nothing_said_in_private(town: Town) -> None:
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    reported(town)
    town.settle("สี")
    town.taps_data("สี", "do=case.follow&case=LOE69-0001")
    town.taps_data("ต้น", "do=case.progress&case=LOE69-0001")
    town.says("ต้น", "ช่างนัดเจ้าของบ้านเลขที่ 12/3 แล้ว โทร 089-999-8888")
    told = {name: words(town.taps_data(name, "do=case.track")) for name in ("แก้ว", "สี")}
    assert "ช่างนัด" in told["สี"]
    assert "089-999-8888" in told["แก้ว"]
    assert "089-999-8888" not in told["สี"] and "12/3" not in told["สี"]
    town.taps_data("ต้น", "do=case.ask&case=LOE69-0001")
    town.says("ต้น", "บ้านอยู่ซอยไหนคะ")
    shown = words(town.says("สี", "LOE69-0001"))
    assert "บ้านอยู่ซอยไหน" not in shown and "089-999-8888" not in shown


def test_an_operator_who_reads_a_case_is_noted(town: Town) -> None:
    from handlers.services import seeing

    reported(town)
    with town.store.writing() as unit:
        seeing.by_operator(unit, town.now, "noi", "case", "LOE69-0001")
    with town.store.reading() as unit:
        newest = reports.readings(unit, "LOE69-0001", None)[0]
    assert (newest["actor"], newest["what"], newest["case"]) == ("cli:noi", "case", "LOE69-0001")


def test_a_question_nobody_wrote_down_goes_to_an_official_with_one_tap(town: Town) -> None:
    town.settle("แก้ว")
    assert "ส่งคำถาม" in [label for one in town.says("แก้ว", "นายกเทศมนตรีชื่ออะไรคะ") for label, _ in one.buttons]
    town.taps("แก้ว", "ส่งคำถาม")
    assert (town.case().kind, town.case().category) == ("question", "service")


def test_a_question_can_still_become_a_problem_to_fix(town: Town) -> None:
    town.settle("แก้ว")
    town.says("แก้ว", "นายกเทศมนตรีชื่ออะไรคะ")
    town.taps("แก้ว", "เป็นปัญหา")
    town.taps_data("แก้ว", "do=report.skip")
    town.taps("แก้ว", "ส่งเรื่อง")
    assert town.case().kind == "problem"


def test_an_idea_has_a_promise_of_an_answer_and_none_of_a_fix(town: Town) -> None:
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("แก้ว")
    town.says("แก้ว", "เสนอให้ติดไฟทางเพิ่มที่สวนกุดป่องค่ะ")
    town.taps("แก้ว", "ส่งให้หน่วยงาน")
    code = town.case().code
    town.taps_data("ต้น", f"do=case.accept&case={code}")
    assert [(d.kind, d.state) for d in town.case(code).deadlines] == [("ack", "kept")]


def test_old_buttons_of_an_answer_change_nothing(town: Town) -> None:
    town.settle("แก้ว")
    town.says("แก้ว", "รถขยะมาวันไหนบ้างคะ")
    town.says("แก้ว", "เทศบาลเปิดกี่โมง")
    assert "เก่าแล้ว" in words(town.taps_data("แก้ว", "do=faq.ask&code=WASTE-DAYS"))
    assert "เก่าแล้ว" in words(town.taps_data("แก้ว", "do=faq.yes&code=NOBODY"))
    assert town.cases() == 0


def test_an_answer_button_of_a_stranger_or_a_problem_changes_nothing(town: Town) -> None:
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    reported(town)
    before = town.case().version
    town.taps_data("แก้ว", "do=case.answer&case=LOE69-0001")
    town.taps_data("ต้น", "do=case.answer&case=LOE69-0001")
    assert town.case().version == before


def test_praise_of_an_hour_comes_as_one_message_and_never_twice(town: Town) -> None:
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("แก้ว")
    town.settle("สี")
    town.says("แก้ว", "ขอชื่นชมกองช่างค่ะ มาซ่อมไฟเร็วมาก")
    town.says("สี", "ขอบคุณกองช่าง เก่งมากค่ะ โทร 081-234-5678")
    told = [one for one in town.wait(hours=2) if town.name_of(one.to) == "ต้น"]
    assert len(told) == 1
    assert "2 ข้อความ" in told[0].text and "081-234-5678" not in told[0].text
    assert [one for one in town.wait(hours=2) if town.name_of(one.to) == "ต้น"] == []


def test_reminders_of_a_danger_to_life_are_sent_at_night(town: Town) -> None:
    town.settle("ดาบ", RoleName.OFFICIAL, agency="POLICE")
    town.now += timedelta(hours=14)
    town.settle("แก้ว")
    town.says("แก้ว", "มีคนถือมีดไล่ฟันกันหน้าวัดโพนงามตอนนี้ ช่วยด้วย")
    sent = town.taps("แก้ว", "ส่งเรื่อง")
    assert "ดาบ" in [town.name_of(one.to) for one in sent]
    assert "ดาบ" in [town.name_of(one.to) for one in town.wait(hours=2)]


def test_a_place_outside_goes_to_the_integrator_who_is_told_why(town: Town) -> None:
    town.settle("ศรี", RoleName.COORDINATOR, agency="CENTER")
    town.settle("แก้ว")
    town.says("แก้ว", "ถนนเป็นหลุมลึกหน้าโรงเรียนบ้านกกดู่ ต.กกดู่ รถล้มหลายคัน")
    sent = town.taps("แก้ว", "ส่งเรื่อง")
    case = town.case()
    assert (case.lead, case.unassigned, case.network) == ("CENTER", True, None)
    assert "นอกเขต" in words([one for one in sent if town.name_of(one.to) == "ศรี"])


def test_open_data_holds_no_original_words(town: Town) -> None:
    reported(town)
    assert "081" not in str(list(open_cases.everything(town.store, Wanted())))
    assert mask("081-234-5678") not in ("081-234-5678",)
