"""Days and hours as people type them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import read_when

BANGKOK = ZoneInfo("Asia/Bangkok")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)
"""A Monday."""

READ = {
    "เสาร์หน้า 9 โมง": "2026-12-05 09:00",
    "วันเสาร์นี้ 9 โมงเช้า": "2026-11-28 09:00",
    "เสาร์ ๙.๓๐ น.": "2026-11-28 09:30",
    "12 ธ.ค. 13.00": "2026-12-12 13:00",
    "12 ธันวาคม 2569 บ่ายสอง": "2026-12-12 14:00",
    "12/12/69 บ่ายโมงครึ่ง": "2026-12-12 13:30",
    "5 ม.ค. เที่ยง": "2027-01-05 12:00",
    "พรุ่งนี้บ่าย 3 โมง": "2026-11-24 15:00",
    "มะรืน 5 โมงเย็น": "2026-11-25 17:00",
    "วันนี้ 1 ทุ่มครึ่ง": "2026-11-23 19:30",
    "จันทร์ 8 โมงครึ่ง": "2026-11-30 08:30",
    "วันอาทิตย์ ตี 5": "2026-11-29 05:00",
    "อีก 3 วัน 10:15": "2026-11-26 10:15",
    "11 โมง": "2026-11-23 11:00",
    "8 โมง": "2026-11-24 08:00",
    "เก้าโมงเช้า พฤหัส": "2026-11-26 09:00",
    "tomorrow 9am": "2026-11-24 09:00",
    "next Saturday 1:30 pm": "2026-12-05 13:30",
    "12 Dec 13:00": "2026-12-12 13:00",
}
DAYS = {"12 ธ.ค.": "2026-12-12", "เสาร์หน้า": "2026-12-05", "1/2/2570": "2027-02-01", "5 มค 70": "2027-01-05"}
NOTHING = ("", "ไม่รู้เหมือนกัน", "31 ก.พ.", "40/13", "บ้านเลขที่ 99", "99 โมง", "ขอคิดก่อน")


@pytest.mark.parametrize(("said", "at"), READ.items())
def test_a_day_with_its_hour_is_read(said: str, at: str) -> None:
    found = read_when(said, NOW)
    assert found is not None and found.has_time
    assert f"{found.at:%Y-%m-%d %H:%M}" == at and found.at.tzinfo is BANGKOK


@pytest.mark.parametrize(("said", "day"), DAYS.items())
def test_a_day_without_an_hour_is_read_and_says_so(said: str, day: str) -> None:
    found = read_when(said, NOW)
    assert found is not None and not found.has_time
    assert f"{found.at:%Y-%m-%d}" == day


@pytest.mark.parametrize("said", NOTHING)
def test_what_names_no_day_is_not_guessed(said: str) -> None:
    assert read_when(said, NOW) is None


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(said: str) -> None:
    read_when(said, NOW)
