"""Where a message points to."""

from __future__ import annotations

import pytest

from nlp import Gazetteer, Understander


@pytest.mark.parametrize(
    ("typed", "area", "inside", "precise"),
    [
        ("หน้าวัดโพนงาม ซอย 3", "420103", True, True),
        ("ต.นาอ้อ", "420103", True, False),
        ("ตำบลนาอ้อ อ.เมือง จ.เลย", "420103", True, False),
        ("ต. กุดป่อง", "420101", True, False),
        ("Kut Pong", "420101", True, False),
        ("ตลาดเช้าเทศบาล", "420101", True, True),
        ("อ.เมือง", "4201", None, False),
        ("เลย", "42", None, False),
        ("ต.กกดู่", "420104", False, False),
        ("อ.เชียงคาน", "4203", False, False),
        ("จ.เลย", "42", None, False),
        ("ต.บ้านใหม่ อ.ปากเกร็ด จ.นนทบุรี", "120603", False, False),
        ("เขตสายไหม กทม.", "1042", False, False),
        ("ขอนแก่น", "40", False, False),
        ("วัดโพนงาม จ.หนองคาย", "43", False, True),
        ("หมู่ 5 บ้านโนนสูง", None, None, True),
        ("ม.4", None, None, True),
        ("กม. 14+300", None, None, True),
        ("ซอย ๓", None, None, True),
        ("ถ.เจริญรัฐ", None, None, True),
        ("ตรงข้ามบิ๊กซี", None, None, True),
        ("รร.บ้านนา", None, None, True),
        ("รพ.สต.ท่าบม", None, None, True),
        ("ถนนเชียงใหม่ ซอย 2", None, None, True),
    ],
)
def test_a_typed_place_is_found(
    gazetteer: Gazetteer, typed: str, area: str | None, inside: bool | None, precise: bool
) -> None:
    found = gazetteer.find(typed)
    assert found is not None
    assert (found.area, found.inside, found.precise) == (area, inside, precise)


@pytest.mark.parametrize("text", ["ไม่มีอะไร", "ขยะเต็มเลย", "หน้าบ้าน", "ขอบคุณค่ะ", "", "มืดมาก"])
def test_words_that_name_no_place_give_none(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) is None


def test_a_landmark_brings_its_point(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("วัดโพนงาม")
    assert found is not None
    assert (found.lat, found.lon) == (17.41, 101.70)


def test_a_name_of_many_areas_lists_them(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("ต.บ้านใหม่")
    assert found is not None
    assert found.area is None
    assert len(found.candidates) > 3
    assert {area.name_th for area in found.candidates} == {"บ้านใหม่"}


def test_without_a_city_nothing_is_inside_or_outside() -> None:
    found = Gazetteer((), ()).find("ต.นาอ้อ")
    assert found is not None
    assert found.inside is None
    assert found.area == "420103"


def test_the_country_is_searched_by_name(gazetteer: Gazetteer) -> None:
    assert [area.code for area in gazetteer.national("จังหวัดเชียงใหม่")] == ["50"]
    assert {area.level for area in gazetteer.national("เชียงใหม่")} == {"province", "subdistrict"}
    assert len(gazetteer.national("ต.วังทอง")) > 3
    assert gazetteer.national("ไม่มีที่นี่แน่นอน") == ()


@pytest.mark.parametrize(
    ("text", "words", "area"),
    [
        ("ไฟดับเลยครับหน้าวัดโพนงาม มืดมาก ซอย 3", "หน้าวัดโพนงาม ซอย 3", "420103"),
        ("น้ำท่วมต.นาอ้อครับ", "ต.นาอ้อ", "420103"),
        ("ถนนพังที่ขอนแก่น", "ขอนแก่น", "40"),
        ("หมากัดเด็ก หน้าโรงเรียนบ้านนาอาน ม.4", "หน้าโรงเรียนบ้านนาอาน ม.4", None),
        ("ท่อตันค่ะ ซอยเจริญสุข 12", "ซอยเจริญสุข 12", None),
        ("ขยะกองใหญ่ ตรงข้ามตลาดสดเทศบาล", "ตรงข้ามตลาดสดเทศบาล", None),
        ("ไฟดับหน้าวัดโพนงาม 3 คืนแล้ว", "หน้าวัดโพนงาม", "420103"),
        ("ไฟดับซอยเจริญสุข 12 คืนก่อนก็ดับ", "ซอยเจริญสุข 12", None),
    ],
)
def test_the_words_that_say_where_are_read_out_of_a_message(
    understander: Understander, text: str, words: str, area: str | None
) -> None:
    place = understander.understand(text).place
    assert place is not None
    assert (place.text, place.area) == (words, area)


@pytest.mark.parametrize("text", ["ขยะเต็มเลยครับ", "เสียงดังมากนอนไม่ได้", "ยุงเยอะ"])
def test_a_message_without_a_place_has_none(understander: Understander, text: str) -> None:
    assert understander.understand(text).place is None
