"""How alike two messages are, and the marks by which alike ones are found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import alike, marks, telling
from nlp.alike import BANDS

SAME = [
    ("ถนนเป็นหลุมใหญ่หน้าร้านเจ๊แดง", "หลุมใหญ่มากหน้าร้านเจ๊แดงค่ะ รถล้มบ่อย"),
    ("ไฟทางดับมาสามคืนแล้วค่ะ หน้าวัดโพนงาม มืดมาก", "ไฟดับหน้าวัดโพนงาม มืดมากครับ"),
    ("ขยะไม่มาเก็บสามวันแล้ว ซอยร่วมใจ 3", "ขยะไม่มาเก็บหลายวันแล้ว ซอยร่วมใจ 3"),
    ("street light out near the market for two nights", "the lights near the market are out"),
]
OTHER = [
    ("ถนนเป็นหลุมลึก", "ฝาท่อแตกหล่นลงไป"),
    ("ทางเท้าพังหน้าบ้านเลขที่ 12", "กระเบื้องทางเท้าหลุด"),
    ("น้ำไม่ไหลทั้งหมู่บ้าน", "ไฟดับหน้าโรงเรียน"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_problem_in_other_words_is_alike(one: str, other: str) -> None:
    assert alike(one, other) >= 0.5


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_problem_is_not_alike(one: str, other: str) -> None:
    assert alike(one, other) < 0.35


def test_polite_words_spaces_and_tone_marks_make_no_difference() -> None:
    assert alike("ไฟ ดับ หน้าวัดโพนงามค่ะ", "ไฟดับหน้าวัดโพนงามครับ") == 1.0
    assert alike("น้ำท่วมหน้าตลาดเช้า", "นำท่วมหนาตลาดเชา") == 1.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_alikeness_is_symmetric_and_between_nothing_and_all(one: str, other: str) -> None:
    assert 0.0 <= alike(one, other) == alike(other, one) <= 1.0


@given(st.text(max_size=300))
def test_any_text_has_its_marks_or_none(text: str) -> None:
    found = marks(text)
    assert found == marks(text)
    assert len(found) in (0, BANDS) and len(set(found)) == len(found)


def test_a_short_message_says_too_little_to_be_compared() -> None:
    assert not telling("ไฟดับ")
    assert telling("ถนนเป็นหลุมใหญ่หน้าร้านเจ๊แดง")


def test_messages_that_are_very_alike_nearly_always_share_a_mark() -> None:
    """Random words with half of their letter groups in common: 1 - (1 - 0.5²)¹⁶ is 99 %."""
    rng = random.Random(7)
    letters = [chr(code) for code in range(0x0E01, 0x0E2F)]
    shared = 0
    for _ in range(200):
        common = "".join(rng.choices(letters, k=42))
        one, other = ("".join(rng.choices(letters, k=19)) for _ in range(2))
        shared += bool(set(marks(common + one)) & set(marks(common + other)))
    assert shared >= 190
