"""What is personal disappears, and what is not stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import mask
from nlp.pii import has_citizen_checksum
from nlp.wording import table

MARK = str(table("pii")["marker"])


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("โทร 081-234-5678 นะ", "081-234-5678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "๐๘๑ ๒๓๔ ๕๖๗๘"),
        ("ติดต่อ+66 81 234 5678", "81 234 5678"),
        ("(02) 123-4567", "123-4567"),
        ("สำนักงาน 042 811 123 ค่ะ", "042 811 123"),
        ("0.8.1.2.3.4.5.6.7.8", "0.8.1.2"),
        ("เบอร์ ศูนย์แปดหนึ่งสองสามสี่ห้าหกเจ็ดแปด", "แปดหนึ่งสอง"),
        ("บัตร 1-1017-00230-70-8", "00230"),
        ("เลขบัตรประชาชน 1234567890123", "1234567890123"),
        ("เมล me.you@mail.co.th ครับ", "me.you"),
        ("บัญชีกสิกร 123-4-56789-0", "56789"),
        ("โอนเข้า กรุงไทย 1234567890", "1234567890"),
        ("ทะเบียน กข 1234 กรุงเทพ", "กข 1234"),
        ("รถ 1กข 1234 ขับเร็ว", "1กข 1234"),
        ("รถบรรทุกทะเบียน 70-1234", "70-1234"),
        ("นายสมชาย ใจดี ทิ้งขยะหน้าบ้าน", "สมชาย"),
        ("นายสมชาย ใจดี ทิ้งขยะหน้าบ้าน", "ใจดี"),
        ("น.ส.วิภา แสงทอง โทรมา", "วิภา"),
        ("คุณสุชาติ จันสมบุญ กรรมการชุมชน", "จันสมบุญ"),
        ("นายธนวัน พลยมมา ครูโรงเรียน", "พลยมมา"),
        ("ครัวคุณอิ้น ทิ้งขยะ", "อิ้น"),
        ("หน้าบ้าน215/3 ไฟดับ", "215/3"),
        ("Mr. John Smith parks here", "John"),
        ("บ้านเลขที่ 12/3", "12/3"),
        ("อยู่ 45/6 หมู่ 4", "45/6"),
        ("ไลน์ไอดี somchai99", "somchai99"),
    ],
)
def test_personal_data_is_masked(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in mask(text)
    assert MARK in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "นายกไม่มาดูเลย นายอำเภอก็ไม่มา",
        "ขอบคุณครับ คุณภาพน้ำแย่ คุณครูตีเด็ก",
        "โทร 191 หรือ 1669",
        "กม. 12 ถนนสาย 201",
        "06-08-2566 09:00 เปิด 08.00-17.00 15 คน",
        "หมู่ 5 ซอย 3",
        "เรื่อง LOE69-0001 ถึงไหนแล้ว",
        "ฝุ่น PM2.5 วันนี้ 120",
        "ซอยลาดพร้าว 101",
        "ซอยเจริญพัฒนา 1/1 แขวงบางชัน",
        "ถนนสุขุมวิท 101/1 ซอย 8",
        "คุณดำเนินการช้ามาก คุณต้องเร่ง",
        "เลขที่รับแจ้ง 9ZLTTH กับ 2022-EBH99H",
        "แยกนางลิ้นจี่",
        "ส่งชื่อเรื่อยๆ",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask(text) == text


def test_the_marker_does_not_tell_the_length() -> None:
    assert mask("โทร 0812345678") == mask("โทร 081-234-5678")


def _citizen_id(first: str) -> str:
    return next(first + last for last in "0123456789" if has_citizen_checksum(first + last))


@given(st.from_regex(r"[1-8][0-9]{11}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_every_valid_citizen_id_is_masked(first: str, gap: str) -> None:
    number = _citizen_id(first)
    spelt = gap.join((number[0], number[1:5], number[5:10], number[10:12], number[12]))
    assert mask(f"เลข {spelt} ครับ") == f"เลข {MARK} ครับ"


@given(st.from_regex(r"0[689][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", "-", ".", "–"]))
def test_every_mobile_number_is_masked_however_it_is_spelt(number: str, gap: str) -> None:
    spelt = gap.join((number[:3], number[3:6], number[6:]))
    assert not any(part in mask(f"ติดต่อ {spelt} ค่ะ") for part in (number[3:6], number[6:]))


@given(st.from_regex(r"0[689][0-9]{8}", fullmatch=True))
def test_thai_digits_hide_nothing(number: str) -> None:
    thai = "".join(chr(0x0E50 + int(digit)) for digit in number)
    assert thai not in mask(f"โทร{thai}ด่วน")


@given(st.text(max_size=120))
def test_masking_never_fails_and_masks_once(text: str) -> None:
    once = mask(text)
    assert mask(once).count(MARK) >= once.count(MARK)
