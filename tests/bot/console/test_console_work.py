"""An official works on cases at the console: the same steps as in the chat, and the citizen hears the same words."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.web.console import sheets
from store.queries import audit
from tests.bot.console.kit import CITIZEN, OFFICIAL, Desk, Place, photo, place, report

PHONE = "081-234-5678"


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return place(tmp_path)


@pytest.fixture
def desk(at: Place) -> Desk:
    return at.enter(OFFICIAL)


def told(at: Place) -> str:
    """What the citizen has been sent since the last look."""
    fresh = at.town._new()
    return "\n".join(one.text for one in fresh if one.to == at.town.line_id(CITIZEN))


def press(desk: Desk, code: str, do: str, **fields: object) -> str:
    return desk.post("/console/press", do=do, case=code, back=f"/console/cases/{code}", **fields).text


def test_a_whole_case_from_taking_it_to_the_citizens_answer(at: Place, desk: Desk) -> None:
    code = report(at)
    path = f"/console/cases/{code}"
    told(at)
    assert "เรื่องนี้เป็นของท่านแล้ว" in desk.press(path, "รับเรื่อง").text
    assert at.town.case(code).status == "accepted"
    assert "ผู้แจ้ง" in press(desk, code, "case.progress", text="กำลังขนยางมะตอยมา")
    assert told(at) == "", "small news waits for the next message to her"
    press(desk, code, "case.ask", text="ฝั่งซ้ายหรือขวาคะ")
    asked = told(at)
    assert "กำลังขนยางมะตอยมา" in asked and "ฝั่งซ้ายหรือขวาคะ" in asked
    assert at.town.case(code).status == "waiting_citizen"
    at.town.says(CITIZEN, "ฝั่งซ้ายค่ะ")
    assert "ฝั่งซ้ายค่ะ" in desk.get(path).text
    page = press(desk, code, "case.done", text="ปะแล้ว", photos=photo())
    assert "ส่งให้ผู้แจ้ง" in page and "ปะแล้ว" in told(at)
    case = at.town.case(code)
    assert case.status == "done" and [(p.role, p.state) for p in case.photos] == [("after", "done")]
    small = desk.client.get(f"/media/{case.photos[0].token}/small.jpg")
    assert small.content_type == "image/jpeg"
    at.town.taps(CITIZEN, "เรียบร้อยแล้ว")
    assert at.town.case(code).status == "closed"


def test_what_a_button_answered_is_shown_once(at: Place, desk: Desk) -> None:
    code = report(at)
    assert "เรื่องนี้เป็นของท่านแล้ว" in desk.press(f"/console/cases/{code}", "รับเรื่อง").text
    assert "เรื่องนี้เป็นของท่านแล้ว" not in desk.get(f"/console/cases/{code}").text


def test_pressing_twice_does_it_once(at: Place, desk: Desk) -> None:
    code = report(at)
    press(desk, code, "case.accept")
    rows = len(at.town.case(code).history)
    press(desk, code, "case.accept")
    assert len(at.town.case(code).history) == rows


def test_handing_on_with_a_reason_and_words(at: Place, desk: Desk) -> None:
    code = report(at)
    press(desk, code, "case.decline", why="other", text="ถนนเส้นนี้เป็นของทางหลวง")
    case = at.town.case(code)
    assert case.lead != "WORKS" and "WORKS" in case.declined_by
    assert any(row.kind == "declined" and row.text == "ถนนเส้นนี้เป็นของทางหลวง" for row in case.history)


def test_asking_another_agency_with_its_task(at: Place, desk: Desk) -> None:
    code = report(at)
    press(desk, code, "case.accept")
    press(desk, code, "case.invite", agency=other_agency(at), text="ช่วยกวาดเศษหิน")
    assert any(helper.task == "ช่วยกวาดเศษหิน" for helper in at.town.case(code).helpers)


def agencies(at: Place) -> list[str]:
    with at.wiring.store.reading() as unit:
        return list(at.wiring.house.book(unit).agencies)


def other_agency(at: Place) -> str:
    known = {"WORKS", *(helper.agency for helper in at.town.case().helpers)}
    return next(code for code in agencies(at) if code not in known)


def test_a_question_of_the_chat_is_asked_and_answered_on_the_page(at: Place, desk: Desk) -> None:
    code = report(at)
    press(desk, code, "case.accept")
    page = press(desk, code, "case.inside")
    assert "คำตอบของท่าน" in page
    desk.post("/console/answer", text="รอยางจากคลัง", back=f"/console/cases/{code}")
    notes = [row for row in at.town.case(code).history if row.kind == "inside"]
    assert [row.text for row in notes] == ["รอยางจากคลัง"] and not notes[0].public
    chat = at.town.says(OFFICIAL, "เมนู")
    assert chat  # the chat's own state was not touched by the page


def test_a_file_that_is_no_picture_changes_nothing(at: Place, desk: Desk) -> None:
    code = report(at)
    page = press(desk, code, "case.done", text="เสร็จ", photos=(io.BytesIO(b"no picture"), "x.jpg"))
    assert "เปิดไฟล์รูปไม่ได้" in page and at.town.case(code).status == "offered"


def test_a_picture_that_no_case_took_is_not_kept(at: Place, desk: Desk) -> None:
    code = report(at)
    folder = Path(str(at.wiring.settings.data_dir))
    before = len(list(folder.rglob("*.jpg")))
    press(desk, code, "case.done", text="เสร็จ", photos=photo())
    kept = len(list(folder.rglob("*.jpg")))
    assert kept > before
    press(desk, code, "case.done", text="เสร็จอีกครั้ง", photos=photo())
    assert len(list(folder.rglob("*.jpg"))) == kept


def test_several_cases_are_taken_in_one_go(at: Place, desk: Desk) -> None:
    first = at.town.case(report(at))
    second = at.town.case(report(at, "ฝาท่อพังอันตราย หน้าตลาดสด ต.กุดป่อง"))
    mine = [case for case in (first, second) if case.lead == "WORKS"]
    fields = {"case": [str(case.id) for case in mine], "how": "accept", "back": "/console/cases"}
    desk.client.post("/console/cases/bulk", data={"csrf": desk.csrf(), **fields})
    assert {at.town.case(case.code).status for case in mine} == {"accepted"}


def test_lists_mask_personal_data_and_a_case_page_is_written_down(at: Place, desk: Desk) -> None:
    code = report(at)
    for path in ("/console/", "/console/cases", "/console/cases.csv"):
        answer = desk.get(path)
        assert "หลุมลึก" in answer.text and PHONE not in answer.text, path
    with at.wiring.store.reading() as unit:
        assert [row.what for row in audit.listing(unit, case_code=code) if row.what == "page"] == []
    assert PHONE in desk.get(f"/console/cases/{code}").text
    with at.wiring.store.reading() as unit:
        seen = [row for row in audit.listing(unit, case_code=code) if row.what == "page"]
    person = at.town.person(OFFICIAL)
    assert person is not None and [(row.person_id, row.actor) for row in seen] == [(person.id, "WORKS")]


def test_filters_narrow_and_odd_ones_are_left_out(at: Place, desk: Desk) -> None:
    code = report(at)
    assert code in desk.get("/console/cases?q=หลุมลึก&category=road&status=offered").text
    assert code not in desk.get("/console/cases?q=น้ำท่วม").text
    assert code not in desk.get("/console/cases?status=closed").text
    odd = desk.get("/console/cases?category=nothing&lead=HIGHWAY&status=x&page=zzz&list=none&q=%00%25_'")
    assert odd.status_code == 200
    press(desk, code, "case.accept")
    assert (
        code in desk.get("/console/cases?list=mine").text and code in desk.get("/console/cases?who=me").text
    )


def test_the_list_as_excel_and_csv_holds_the_same_rows(at: Place, desk: Desk) -> None:
    code = report(at)
    text = desk.get("/console/cases.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    sheet = load_workbook(io.BytesIO(desk.get("/console/cases.xlsx").data)).active
    assert sheet is not None
    same = [
        [str(cell if cell is not None else "") for cell in row] for row in sheet.iter_rows(values_only=True)
    ]
    assert rows == same and rows[1][0] == code
    assert desk.client.get("/console/cases.exe").status_code == 404


def test_no_cell_of_a_sheet_becomes_a_formula() -> None:
    answer = sheets.download("csv", "x", ["a"], [["=1+1"], ["@x"], ["-2"], ["ดี"], [3], ["a\x00\x07b"]])
    assert answer.data.decode("utf-8-sig").split() == ["a", "'=1+1", "'@x", "'-2", "ดี", "3", "ab"]
