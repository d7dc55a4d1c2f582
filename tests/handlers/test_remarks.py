"""Short remarks that people type instead of tapping, and numbers of cases as people type them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.flows import remarks as r
from handlers.flows.remarks import remark, remarks
from handlers.rules import speaking
from handlers.rules.codes import loose_code
from handlers.rules.speaking import Open, Said, whose


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ส่งเลยค่ะ", r.SEND),
        ("ใช่ครับ ส่งได้เลย", r.SEND),
        ("เอ้ย ไม่เอาแล้วจ้า", r.STOP),
        ("เปลี่ยนใจแล้ว ไม่ต้องส่ง", r.STOP),
        ("เดี๋ยวก่อนนะคะ", r.WAIT),
        ("ไม่ใช่ตรงนั้นค่ะ", r.ELSEWHERE),
        ("no, not there", r.ELSEWHERE),
        ("ไม่รู้ค่ะ จำไม่ได้", r.NOWHERE),
        ("ขอออกจากเครือข่ายค่ะ", r.LEAVE),
        ("ขอบคุณมากค่ะ", r.THANKS),
        ("ค่ะ", r.POLITE),
        ("send it please", r.SEND),
    ],
)
def test_a_remark_is_known_with_its_polite_ends(text: str, kind: str) -> None:
    assert remark(text, kind) == kind


@pytest.mark.parametrize(
    "text",
    [
        "ไฟดับหน้าวัดโพนงาม",
        "ใช่ค่ะ ตรงเสาไฟต้นที่สาม",
        "ไม่เอาถังขยะสีเขียว",
        "ส่งรถมาดูดส้วมหน่อย",
        "",
        " ",
        "ได้" * 40,
        "😡",
    ],
)
def test_words_that_say_more_are_no_remark(text: str) -> None:
    assert remarks(text) == ()


@pytest.mark.parametrize("text", ["ใหญ่มาก", "หลายวันแล้วค่ะ", "เหม็นทุกวันเลย"])
def test_what_goes_on_about_the_problem_is_no_place(text: str) -> None:
    assert r.ends_like_a_sentence(text)


@pytest.mark.parametrize("text", ["ป้าแดงส้มตำ", "ซอย 5", "เซเว่น"])
def test_a_place_may_have_any_name(text: str) -> None:
    assert not r.ends_like_a_sentence(text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("LOE690001", "LOE69-0001"),
        ("loe69 0001", "LOE69-0001"),
        ("๖๙-๐๐๐๑", "LOE69-0001"),
        ("69/0012", "LOE69-0012"),
        ("0012", "LOE69-0012"),
        ("LOE 68-0003", "LOE68-0003"),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert loose_code(typed, "LOE", 2569) == code


@pytest.mark.parametrize("typed", ["1669", "0812345678", "12", "ซอย 5", "12345", "", "A1B2-C3D4"])
def test_other_numbers_are_no_cases_or_only_guessed_at(typed: str) -> None:
    assert loose_code(typed, "LOE", 2569) in (None, "LOE69-1669")


# --- whose words are they?


def said(**given: object) -> Said:
    plain: dict[str, object] = {
        "reply": "",
        "intent": "report",
        "sure": False,
        "category": "other",
        "emergency": False,
        "letters": 20,
        "place": False,
    }
    return Said(**{**plain, **given})  # type: ignore[arg-type]


def case(**given: object) -> Open:
    plain: dict[str, object] = {"code": "LOE69-0001", "issues": frozenset({"drainage"}), "heard": None}
    return Open(**{**plain, **given})  # type: ignore[arg-type]


def test_an_answer_after_the_question_lapsed_is_still_the_answer() -> None:
    late = case(heard=timedelta(days=8), asked=True)
    assert whose(said(sure=True, category="drainage"), [late]).kind == speaking.CASE
    assert whose(said(), [late]).kind == speaking.CASE
    assert whose(said(), [case(heard=timedelta(days=8))]).kind == speaking.ASK


def test_what_follows_a_report_within_minutes_is_a_part_of_it() -> None:
    fresh = case(age=timedelta(minutes=2))
    assert whose(said(), [fresh]).kind == speaking.CASE
    assert whose(said(sure=True, category="drainage"), [fresh]).kind == speaking.CASE
    assert whose(said(), [case(age=timedelta(hours=2))]).kind == speaking.ASK


def test_a_place_of_its_own_makes_the_same_kind_of_problem_a_new_one() -> None:
    fresh = case(age=timedelta(minutes=2))
    assert whose(said(sure=True, category="drainage", place=True), [fresh]).kind == speaking.NEW


def test_danger_and_ideas_never_disappear_in_a_case() -> None:
    fresh = case(age=timedelta(minutes=2))
    assert whose(said(emergency=True), [fresh]).kind == speaking.NEW
    assert whose(said(intent="suggestion", letters=40), [case()]).kind == speaking.NEW
