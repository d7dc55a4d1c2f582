"""Lists to take away, the map of a case, a network's cases, and a network founded with its first people."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.web.console.lists import ADMINISTRATORS, REPRESENTATIVES
from handlers.rules import invites
from store.models import Endorsement, Invite
from store.queries import city as city_rows
from tests.bot.console.kit import ADMINISTRATOR, OFFICIAL, REPRESENTATIVE, Desk, Place, place, report

PHONE = "081-234-5678"


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return place(tmp_path)


def rows_of(desk: Desk, path: str) -> list[list[str]]:
    """The CSV, after a look that Excel holds the same."""
    rows = list(csv.reader(io.StringIO(desk.get(f"{path}.csv").data.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(desk.get(f"{path}.xlsx").data)).active
    assert sheet is not None
    same = [[str("" if cell is None else cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == same, path
    return rows


def test_every_list_of_an_administrator_can_be_taken_away(at: Place) -> None:
    report(at)
    desk = at.enter(ADMINISTRATOR)
    found = {name: rows_of(desk, f"/console/lists/{name}") for name in ADMINISTRATORS}
    assert {row[0] for row in found["people"][1:]} == {OFFICIAL, REPRESENTATIVE, ADMINISTRATOR}
    assert [len(set(map(len, rows))) for rows in found.values()] == [1] * len(found)
    assert desk.client.get("/console/lists/nothing.csv").status_code == 404
    assert desk.client.get("/console/lists/people.exe").status_code == 404


def test_every_list_of_a_representative_holds_masked_words_of_her_network_only(at: Place) -> None:
    code = report(at)
    desk = at.enter(REPRESENTATIVE)
    found = {name: rows_of(desk, f"/console/networks/ROADS/{name}") for name in REPRESENTATIVES}
    assert [row[0] for row in found["cases"][1:]] == [code] and PHONE not in str(found)
    assert desk.client.get("/console/networks/RIVER/cases.csv").status_code == 404


def test_the_lists_of_a_desk_are_files_too(at: Place) -> None:
    code = report(at)
    desk = at.enter(OFFICIAL)
    for name, codes in (("new", [code]), ("mine", [])):
        text = desk.get(f"/console/cases.csv?list={name}").data.decode("utf-8-sig")
        assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == codes


def test_tables_of_the_city_are_there_for_excel(at: Place) -> None:
    desk = at.enter(ADMINISTRATOR)
    sheet = load_workbook(io.BytesIO(desk.get("/console/city/areas.csv/download?as=xlsx").data)).active
    assert sheet is not None and sheet["A1"].value == "code" and sheet.max_row > 3


def test_a_case_page_has_its_map_with_the_case_on_it(at: Place) -> None:
    code = report(at)
    desk = at.enter(OFFICIAL)
    page = desk.get(f"/console/cases/{code}")
    assert f'data-from="/console/cases/{code}/map.json"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    found = desk.get(f"/console/cases/{code}/map.json").json
    case = at.town.case(code)
    assert found["points"][0][:3] == [case.lat, case.lon, code] and found["areas"]
    assert desk.client.get("/console/cases/LOE69-9999/map.json").status_code == 404


def test_a_representative_stands_behind_a_case_and_asks_its_agency(at: Place) -> None:
    code = report(at)
    desk = at.enter(REPRESENTATIVE)
    page = "/console/networks/ROADS"
    assert code in desk.get(page).text and PHONE not in desk.get(page).text
    for _ in range(2):
        desk.press(page, "หนุนเรื่องนี้")
    with at.wiring.store.reading() as unit:
        assert unit.session.query(Endorsement).count() == 1
    assert "ตัวแทนหนุน 1 คน" in desk.get(page).text
    told = desk.post("/console/press", do="digest.ask", case=code, text="จะซ่อมเมื่อไร", back=page).text
    assert "กองช่าง" in told and "จะซ่อมเมื่อไร" in str(at.town.case(code).history[-1].text)
    other = desk.post("/console/press", do="digest.endorse", case="LOE69-9999", back=page)
    assert other.status_code == 200


def test_a_network_is_founded_and_each_founder_gets_a_code_that_works(at: Place) -> None:
    desk = at.enter(ADMINISTRATOR)
    good = {
        "code": "CANAL", "name_th": "คลองสวย", "name_en": "Clean canals", "goal_th": "คลองใส", "goal_en": "Clear water",
        "category": "canal", "area": "*", "founders": "ลุงชม\nป้าศรี\n",
    }  # fmt: skip
    for wrong in (
        {"code": "ROADS"},
        {"code": "x y"},
        {"goal_en": ""},
        {"category": "none"},
        {"founders": " "},
    ):
        page = desk.post("/console/founding", **{**good, **wrong})
        assert page.status_code == 400 and "ยังไม่มีอะไรเปลี่ยน" in page.text
    with at.wiring.store.reading() as unit:
        assert "CANAL" not in {network.code for network in (city_rows.load(unit) or at).networks}  # type: ignore[union-attr]
    page = desk.post("/console/founding", **good)
    codes = re.findall(r">([A-Z0-9]{4}-[A-Z0-9]{4})<", page.text)
    assert len(codes) == 2
    with at.wiring.store.reading() as unit:
        kept = {row.code_hash: row for row in unit.session.query(Invite) if row.network == "CANAL"}
    assert set(kept) == {invites.hashed(code) for code in codes}
    at.town.settle("ลุงชม")
    at.town.says("ลุงชม", codes[0])
    person = at.town.person("ลุงชม")
    assert person is not None and [role.network for role in person.roles] == ["CANAL"]
