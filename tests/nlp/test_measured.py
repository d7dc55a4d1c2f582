"""What is read out of our own written messages, measured as a whole: dangers, places, personal data, questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.city import CityBook
from nlp import Index, Model, Understander, enough, mask
from store.city_folder import read_city
from tests.town import DEMO_CITY, model

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def book() -> CityBook:
    return CityBook(read_city(DEMO_CITY), ZoneInfo("Asia/Bangkok"))


@pytest.fixture(scope="module")
def reader(book: CityBook) -> Iterator[Understander]:
    shipped: Model = model()
    yield Understander(shipped, book.gazetteer, book.lexicon)


def test_dangers_are_found_and_near_misses_left_alone(reader: Understander) -> None:
    found = [(row, reader.understand(row["text"]).emergency) for row in rows("dangers")]
    right = sum(1 for row, number in found if row["number"] and number == row["number"])
    missed = [row["text"] for row, number in found if row["number"] and number is None]
    false = [row["text"] for row, number in found if not row["number"] and number]
    assert len(found) >= 230
    assert len(missed) <= 2, missed
    assert len(false) <= 2, false
    assert right >= 103


def test_somebody_who_despairs_is_given_a_number_where_somebody_listens(reader: Understander) -> None:
    u = reader.understand("หนูไม่อยากมีชีวิตอยู่แล้วค่ะ")
    assert (u.emergency, u.hotlines, u.urgent) == ("1669", ("1323",), True)
    assert reader.understand("ดูหนังเรื่องฆ่าตัวตายมา").hotlines == ()


def test_places_are_found_with_their_areas(reader: Understander) -> None:
    good = 0
    for row in rows("places"):
        place = reader.understand(row["text"]).place
        words = place is None if row["place"] is None else bool(place and row["place"] in place.text)
        area, inside = (place.area, place.inside) if place else (None, None)
        good += words and area == row["area"] and inside == row["inside"]
    assert good >= 118, f"{good} of {len(rows('places'))}"


def test_personal_data_goes_and_other_numbers_and_names_stay() -> None:
    secret = [row for row in rows("personal") if row["secret"]]
    plain = [row for row in rows("personal") if not row["secret"]]
    missed = [row["text"] for row in secret if row["secret"] in mask(row["text"])]
    false = [row["text"] for row in plain if mask(row["text"]) != row["text"]]
    assert len(secret) + len(plain) >= 200
    assert len(missed) <= 4, missed
    assert false == []


def test_the_right_answer_is_found_and_none_for_what_nobody_wrote_down(book: CityBook) -> None:
    index: Index = book.faq_index
    found = [(row["answer"], index.best(row["text"])) for row in rows("questions")]
    given = [(answer, match.key if match and match.score >= enough() else None) for answer, match in found]
    right = sum(1 for answer, key in given if answer and key == answer)
    wrong = sum(1 for answer, key in given if key and key != answer)
    assert right >= 95, right
    assert wrong <= 4, wrong


def test_two_places_of_one_name_are_both_offered(book: CityBook) -> None:
    found = book.gazetteer.find("วัดศรีบุญเรือง")
    assert found is not None
    assert {area.code for area in found.candidates} == {"420101", "420103"}
    assert book.gazetteer.find("วัดศรีบุญเรือง ต.นาอ้อ").area == "420103"  # type: ignore[union-attr]
