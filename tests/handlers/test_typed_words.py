"""What must never happen when people type where a button was expected."""

from __future__ import annotations

import pytest

from handlers.incoming import Kind
from handlers.services import privacy
from store import Store
from store.queries.people import conversation
from store.words import RoleName
from tests.town import Town, words


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store)
    town.settle("ช่าง", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้า")
    return town


def reported(town: Town, text: str = "ไฟทางดับหน้าวัดโพนงาม") -> str:
    town.says("ป้า", text)
    town.taps("ป้า", "ส่งเรื่อง")
    return town.case().code


def test_good_morning_finishes_no_case(town: Town) -> None:
    code = reported(town)
    town.taps("ช่าง", "รับเรื่อง")
    town.taps("ช่าง", "เสร็จแล้ว")
    town.wait(hours=20)
    town.says("ช่าง", "อรุณสวัสดิ์ครับ")
    assert town.case(code).status == "accepted"


def test_a_bare_yes_is_no_word_on_what_was_done(town: Town) -> None:
    code = reported(town)
    town.taps("ช่าง", "รับเรื่อง")
    town.taps("ช่าง", "เสร็จแล้ว")
    town.says("ช่าง", "ครับ")
    assert town.case(code).status == "accepted"
    town.says("ช่าง", "เปลี่ยนหลอดแล้วครับ")
    assert town.case(code).status == "done"


def test_words_begun_with_another_number_go_to_that_case(town: Town) -> None:
    first = reported(town)
    second = reported(town, "ถนนเป็นหลุมใหญ่หน้าตลาดเช้า")
    town.taps_data("ช่าง", f"do=case.done&case={first}")
    answer = town.says("ช่าง", f"{second} รอยางมะตอยครับ")
    assert town.case(first).status == town.case(second).status == "offered"
    assert second in words(answer)


def test_the_number_of_another_agencys_case_changes_nothing(town: Town) -> None:
    code = reported(town, "ขยะหน้าตลาดเช้าล้นถังไม่มีคนมาเก็บ")
    before = len(town.case(code).history)
    town.says("ช่าง", f"เสร็จ {code}")
    town.taps_data("ช่าง", f"do=ask.case&case={code}")
    assert len(town.case(code).history) == before
    assert town.case(code).status == "offered"


def test_pictures_without_a_button_find_their_case(town: Town) -> None:
    code = reported(town)
    town.sends("ช่าง", Kind.PHOTO, more_follow=True)
    town.sends("ช่าง", Kind.PHOTO)
    town.taps("ช่าง", code)
    town.taps("ช่าง", "เสร็จแล้ว ใช้รูปนี้")
    case = town.case(code)
    assert case.status == "done"
    assert [photo.role for photo in case.photos] == ["after", "after"]


def test_an_edited_button_finishes_nothing_without_a_picture(town: Town) -> None:
    code = reported(town)
    town.says("ช่าง", f"{code} จะไปดูพรุ่งนี้")
    town.taps_data("ช่าง", "do=ask.send&how=done")
    assert town.case(code).status == "offered"


def test_a_picture_after_done_in_words_belongs_to_the_case(town: Town) -> None:
    code = reported(town)
    town.taps("ช่าง", "รับเรื่อง")
    town.taps("ช่าง", "เสร็จแล้ว")
    town.says("ช่าง", "เปลี่ยนหลอดแล้วครับ")
    town.sends("ช่าง", Kind.PHOTO)
    assert [photo.role for photo in town.case(code).photos] == ["after"]


def test_danger_is_answered_before_anything_is_agreed_to(town: Town) -> None:
    assert "199" in words(town.says("ใครก็ไม่รู้", "ไฟไหม้บ้านข้าง ๆ ช่วยด้วย"))
    assert town.cases() == 0


def test_danger_is_answered_in_the_middle_of_another_report(town: Town) -> None:
    town.says("ป้า", "ขยะเหม็นมาก")
    assert "1669" in words(town.says("ป้า", "มีคนโดนไฟดูด สายไฟขาดพาดถนน"))
    assert "199" in words(town.says("ป้า", "ไฟไหม้ ช่วยด้วย"))


def test_nothing_typed_while_a_question_is_open_is_lost(town: Town) -> None:
    town.says("ป้า", "ไฟทางดับหน้าวัดโพนงาม")
    town.says("ป้า", "ขยะหน้าตลาดเช้าล้นถังเหม็นมาก")
    town.says("ป้า", "ไม่มาเก็บห้าวันแล้ว")
    town.says("ป้า", "คนละเรื่อง")
    town.says("ป้า", "ส่ง")
    town.says("ป้า", "ส่ง")
    assert town.cases() == 2
    assert "ไม่มาเก็บห้าวันแล้ว" in town.case().reports[0].text


@pytest.mark.parametrize("text", ["ไม่เอาแล้ว", "ค่ะ", "แม่ง", "ขอบคุณค่ะ", "ใหญ่มาก", "ทำไมต้องบอกด้วย"])
def test_a_remark_never_becomes_a_place(town: Town, text: str) -> None:
    town.says("ป้า", "ขยะเหม็นมาก")
    town.says("ป้า", text)
    with town.store.reading() as unit:
        chat = conversation(unit, town.line_id("ป้า"))
        assert chat is None or not (chat.draft or {}).get("place")


def test_a_message_taken_back_leaves_no_trace_in_a_second_thought(town: Town) -> None:
    town.says("ป้า", "ไฟทางดับหน้าวัดโพนงาม")
    town.says("ป้า", "ขยะหน้าตลาดเช้าล้นถังเหม็นมาก")
    with town.store.writing() as unit:
        chat = conversation(unit, town.line_id("ป้า"))
        assert chat and chat.draft and chat.draft["next"]
        privacy.unsend(unit, chat.draft["next"]["message"], town.line_id("ป้า"))
        assert chat.draft["next"] is None
        assert chat.draft["text"] == "ไฟทางดับหน้าวัดโพนงาม"
