"""An administrator gives the bot's sentences and the city's settings other words; a mistake changes nothing."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from handlers.messages.texts import LANGUAGES, sentences, speak
from handlers.rules import own_words
from store import city_settings_text, city_tables
from store.city_data import TextRow
from store.city_folder import read_city
from store.city_settings import read_settings
from store.queries import city as city_rows
from tests.bot.console.kit import ADMINISTRATOR, CITIZEN, Desk, Place, place
from tests.town import DEMO_CITY

PROGRAM = {lang: sentences(lang) for lang in LANGUAGES}


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return place(tmp_path)


@pytest.fixture
def desk(at: Place) -> Desk:
    return at.enter(ADMINISTRATOR)


def number_of(page: str) -> str:
    found = re.search(r"/console/city/uploads/(\d+)", page)
    assert found is not None, page
    return found[1]


def yes(desk: Desk, page: str) -> str:
    return desk.post(f"/console/city/uploads/{number_of(page)}", yes="1").text


def version(at: Place) -> int | None:
    with at.wiring.store.reading() as unit:
        return city_rows.version(unit)


# --- sentences


def test_a_sentence_is_seen_on_a_phone_before_the_bot_says_it_and_goes_back_by_one_button(
    at: Place, desk: Desk
) -> None:
    page = desk.post("/console/texts/help.citizen", th="พิมพ์มาได้เลยจ้า โทร {phone}", en="Just write to us").text
    assert 'class="bubble">พิมพ์มาได้เลยจ้า โทร 042-000-100<' in page and "จะเปลี่ยน 1 แถว" in page
    assert "พิมพ์มาได้เลยจ้า" not in str(at.town.says(CITIZEN, "ช่วยเหลือ"))
    yes(desk, page)
    assert "พิมพ์มาได้เลยจ้า" in str(at.town.says(CITIZEN, "ช่วยเหลือ"))
    assert "help.citizen" in desk.get("/console/texts").text
    assert "กลับไปใช้ข้อความเดิมแล้ว" in desk.post("/console/texts/help.citizen/original").text
    assert "พิมพ์มาได้เลยจ้า" not in str(at.town.says(CITIZEN, "ช่วยเหลือ"))


@pytest.mark.parametrize(
    ("thai", "told"),
    [
        ("อยู่ไหน {nothing}", "ใช้ช่องว่างได้เฉพาะ {category}"),
        ("อยู่ไหน {category", "วงเล็บปีกกาให้ครบคู่"),
        ("{category.__class__}", "ใช้ช่องว่างได้เฉพาะ"),
        ("{category:>99999999}", "ใช้ช่องว่างได้เฉพาะ"),
        ("{category} " + "ยาว" * 200, "ใส่ได้ไม่เกิน"),
    ],
)
def test_a_sentence_that_would_break_changes_nothing(at: Place, desk: Desk, thai: str, told: str) -> None:
    before = version(at)
    page = desk.post("/console/texts/report.where", th=thai, en="")
    assert page.status_code == 400 and told in page.text
    again = desk.post(page.request.path, yes="1")
    assert again.status_code == 400 and version(at) == before


def test_words_that_people_type_and_unknown_keys_can_not_be_changed(desk: Desk) -> None:
    for key in ("word.menu", "time.months", "nothing.here", "mail_word.accept"):
        assert desk.get(f"/console/texts/{key}").status_code == 404
        assert desk.post(f"/console/texts/{key}", th="x").status_code == 404


def test_a_blank_that_got_lost_is_only_said(desk: Desk) -> None:
    page = desk.post("/console/texts/report.where", th="อยู่ตรงไหนคะ", en="")
    assert page.status_code == 200 and "ไม่มี {category} แล้ว" in page.text


def test_sentences_are_found_by_their_words_in_either_language(desk: Desk) -> None:
    assert "report.where" in desk.get("/console/texts?q=temple or a shop").text
    assert "report.where" in desk.get("/console/texts?group=report").text
    assert "ยังไม่มี" in desk.get("/console/texts?q=zzzz").text


def test_every_group_of_sentences_has_a_name(desk: Desk) -> None:
    page = desk.get("/console/texts").text
    groups = dict(re.findall(r'<option value="([a-z_]+)">([^<]+)</option>', page))
    assert len(groups) > 50 and [code for code, name in groups.items() if code == name] == []


def test_every_sentence_of_the_program_passes_its_own_judgement() -> None:
    own = tuple(
        TextRow(key, PROGRAM["th"][key].strip(), PROGRAM["en"][key].strip())
        for key in PROGRAM["th"]
        if own_words.open_to_change(key, PROGRAM)
    )
    assert len(own) > 1000 and own_words.judge(own, PROGRAM) == []


def test_what_one_city_says_is_not_said_by_another(at: Place, tmp_path: Path) -> None:
    desk = at.enter(ADMINISTRATOR)
    yes(desk, desk.post("/console/texts/help.citizen", th="พิมพ์มาได้เลยจ้า", en="").text)
    other = place(tmp_path / "other")
    assert "พิมพ์มาได้เลยจ้า" not in str(other.town.says(CITIZEN, "ช่วยเหลือ"))
    speak({})


# --- settings


def test_settings_that_are_written_read_back_the_same() -> None:
    city = read_city(DEMO_CITY).city
    assert read_settings(city_settings_text.as_toml(city_settings_text.document(city))) == city


def test_areas_keep_their_borders_when_a_table_is_edited(tmp_path: Path) -> None:
    data = read_city(DEMO_CITY)
    border = (((17.0, 101.0), (17.1, 101.0), (17.1, 101.1)),)
    shaped = tuple(
        type(area)(**{**vars(area), "shape": border}) if area.inside else area for area in data.areas
    )
    drawn = type(data)(**{**vars(data), "areas": shaped})
    rows = city_tables.rows_of_table(drawn, "holidays.csv")
    again = city_tables.with_table(drawn, "holidays.csv", city_tables.as_csv("holidays.csv", rows))
    assert again == drawn


def form_of(page: str) -> dict[str, str]:
    fields = re.findall(r'<input id="([a-z_/0-9]+)" class="wide" name="[^"]+" value="([^"]*)"', page)
    return dict(fields)


def test_the_city_is_renamed_and_gets_an_emergency_number_after_a_look(at: Place, desk: Desk) -> None:
    shown = form_of(desk.get("/console/settings").text)
    assert shown["city/name_th"] == "เทศบาลเมืองฟ้าเลย" and shown["emergency/0/number"] == "191"
    free = str(sum(1 for path in shown if path.startswith("emergency/") and path.endswith("/number")) - 2)
    new = {f"emergency/{free}/{key}": cell for key, cell in (("number", "1422"), ("label_th", "โรคติดต่อ"), ("label_en", "Diseases"))}  # fmt: skip
    page = desk.post("/console/settings", **{**shown, "city/name_th": "เทศบาลเมืองใหม่", **new}).text
    assert "เทศบาลเมืองใหม่" in page and "โรคติดต่อ" in page and "จะเปลี่ยน 2 แถว" in page
    assert "เทศบาลเมืองใหม่" not in desk.client.get("/").text
    yes(desk, page)
    assert "เทศบาลเมืองใหม่" in desk.client.get("/").text
    with at.wiring.store.reading() as unit:
        data = city_rows.load(unit)
    assert data is not None and data.city.emergency[-1].number == "1422"
    assert data.city.demo_people == read_city(DEMO_CITY).city.demo_people


@pytest.mark.parametrize(
    "fields",
    [{"city/name_en": ""}, {"hours/open": "25:00"}, {"city/phone": "โทรมา"}, {"emergency/0/number": "เก้า"},
     {"city/lat": "99"}, {"city/integrator": "NOBODY"}, {"city/name_th": 'x"\n[hours]\nopen = "'}],
)  # fmt: skip
def test_settings_with_a_mistake_change_nothing(at: Place, desk: Desk, fields: dict[str, str]) -> None:
    before = version(at)
    shown = form_of(desk.get("/console/settings").text)
    page = desk.post("/console/settings", **{**shown, **fields})
    if page.status_code == 200:  # odd, but words like any: shown as they are, and not taken for more
        assert "จะเปลี่ยน 1 แถว" in page.text
    assert version(at) == before


def test_the_settings_file_goes_out_and_comes_back(at: Place, desk: Desk) -> None:
    text = desk.get("/console/settings/download").data.decode()
    sent = text.replace("เทศบาลเมืองฟ้าเลย", "ฟ้าเลยบ้านเรา", 1)
    page = desk.post("/console/settings/upload", table=(io.BytesIO(sent.encode()), "city.toml")).text
    assert "ฟ้าเลยบ้านเรา" in page
    broken = desk.post("/console/settings/upload", table=(io.BytesIO(b"name = "), "city.toml"))
    assert broken.status_code == 400
