"""Looking for words: the index finds what walking finds, follows every change, and is made again when it is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from store import Store, word_index
from store.models import Case
from store.queries import board
from store.queries.board import Wanted
from tests import many_cases

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WORDS = ("น้ำท่วมหน้าวัด", "ไฟดับ 100% ทั้งซอย", "Broken Street Light", "น้ำ", 'ถนน_เป็น/หลุม "ใหญ่"')


@pytest.fixture
def filled(store: Store) -> Store:
    many_cases.write(store, NOW, [{"public_text": words, "lead": "WORKS"} for words in WORDS])
    return store


def found(store: Store, words: str, **more: object) -> set[str]:
    with store.reading() as unit:
        assert len(words) < word_index.SHORTEST or word_index.candidates(unit, words) is not None
        cases, total = board.page(unit, Wanted(leads=None, words=words, **more), 0, 50)  # type: ignore[arg-type]
    assert total == len(cases)
    return {case.public_text for case in cases}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("น้ำท่วม", [0]), ("น้ำ", [0, 3]), ("ไฟ", [1]), ("100%", [1]), ("street", [2]), ("STREET LIGHT", [2]),
     ("_เป็น/", [4]), ('"ใหญ่"', [4]), ("ไม่มีใครเขียน", []), ("วัดน้ำ", []), ("zzz AND", [])],
)  # fmt: skip
def test_letters_are_found_wherever_they_stand(filled: Store, words: str, numbers: list[int]) -> None:
    assert found(filled, words) == {WORDS[number] for number in numbers}


def test_filters_hold_beside_the_words(filled: Store) -> None:
    assert found(filled, "น้ำท่วม", area="420102") == set()
    assert found(filled, "น้ำท่วม", category="road") == {WORDS[0]}


def test_changed_and_blanked_words_are_followed(filled: Store) -> None:
    with filled.writing() as unit:
        case = unit.session.query(Case).filter(Case.public_text == WORDS[0]).one()
        case.public_text = "ต้นไม้ล้ม"
    assert found(filled, "น้ำท่วม") == set() and found(filled, "ต้นไม้") == {"ต้นไม้ล้ม"}
    with filled.writing() as unit:
        unit.session.query(Case).filter(Case.public_text == "ต้นไม้ล้ม").update({"public_text": ""})
    assert found(filled, "ต้นไม้") == set()


def test_the_place_is_looked_at_too(filled: Store) -> None:
    many_cases.write(
        filled, NOW, [{"public_text": "เหม็น", "place_text": "ตลาดเช้าฟ้าเลย", "lead": "WORKS"}], first=99_000
    )
    assert found(filled, "ตลาดเช้า") == {"เหม็น"}


def test_an_index_that_got_lost_is_made_again(filled: Store) -> None:
    if not filled.sqlite:
        pytest.skip("PostgreSQL keeps indexes with their table")
    with filled.writing_connection() as connection:
        connection.execute(text("DROP TRIGGER case_words_new"))
        assert not word_index.is_there(connection)
    many_cases.write(filled, NOW, [{"public_text": "ฝาท่อหาย", "lead": "WORKS"}], first=98_000)
    with filled.writing_connection() as connection:
        word_index.make(connection)
    assert found(filled, "ฝาท่อ") == {"ฝาท่อหาย"}


def test_of_a_word_that_everybody_writes_the_list_is_walked(store: Store) -> None:
    rows = [{"public_text": "ถนนเป็นหลุม", "lead": "WORKS"} for _ in range(word_index.MOST + 1)]
    many_cases.write(store, NOW, rows)
    with store.reading() as unit:
        assert word_index.candidates(unit, "หลุม") is None
        cases, total = board.page(unit, Wanted(leads=None, words="หลุม"), 0, 5)
    assert (len(cases), total) == (5, board.MOST_COUNTED)
