"""What a message is about, what the writer wants, and whether somebody is in danger."""

from __future__ import annotations

import pytest

from nlp import Gazetteer, Model, Understander

CATEGORIES = 32


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ไฟดับทั้งซอยเลยค่ะ ช่วยมาซ่อมด้วย", "report"),
        ("ยุงเยอะมากเลย รบกวนมาพ่นยาได้ไหมคะ", "report"),
        ("ถนนพังมาก ขอบคุณครับ", "report"),
        ("ทำบัตรคนพิการต้องใช้เอกสารอะไรบ้างคะ", "question"),
        ("เทศบาลเปิดกี่โมง", "question"),
        ("เสนอให้ทำเลนจักรยานรอบหนองน้ำครับ", "suggestion"),
        ("ขอชื่นชมพี่ๆ ที่มาเก็บขยะ ทำงานดีมากค่ะ", "praise"),
        ("เรื่องที่แจ้งไว้เดือนก่อนถึงไหนแล้วครับ", "status"),
        ("เคสหลุมหน้าตลาด ยังไม่เห็นความคืบหน้าเลย", "status"),
        ("ฝาท่อหน้าบ้านจะพังเมื่อไหร่ก็ไม่รู้ ขอให้ช่างเข้าตรวจสอบด้วยค่ะ แข็งแรงหรือไม่", "report"),
        ("ขอเบอร์กองช่างหน่อยค่ะ", "question"),
        ("ยายแถวบ้านนอนติดเตียงคนเดียว อยากให้มีคนมาช่วยดูแลค่ะ", "report"),
        ("ในวัดยุงเยอะ อยากให้เทศบาลมาฉีดพ่นให้หน่อย", "report"),
        ("สวัสดีครับ", "none"),
        ("ปากซอยเจริญสุข 12 ครับ", "none"),
    ],
)
def test_the_intent_is_read(understander: Understander, text: str, intent: str) -> None:
    assert understander.understand(text).intent == intent


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ไฟไหม้บ้านในซอย 3 ช่วยด้วย", "199"),
        ("แก๊สรั่วกลิ่นแรงมาก", "199"),
        ("มีคนหมดสติอยู่หน้าตลาด", "1669"),
        ("เด็กจมน้ำในหนอง", "1669"),
        ("คนถือมีดไล่ฟันกันหน้าเซเว่น", "191"),
        ("ได้ยินเสียงปืนเมื่อกี้", "191"),
        ("พ่อเลี้ยงเมากำลังตีแม่อยู่ค่ะ", "191"),
        ("There is a fire at the market", "199"),
    ],
)
def test_danger_to_life_now_names_the_number_to_call(
    understander: Understander, text: str, number: str
) -> None:
    found = understander.understand(text)
    assert found.emergency == number
    assert found.urgent


@pytest.mark.parametrize(
    "text",
    [
        "สายไฟรกมาก กลัวไฟไหม้",
        "ปีที่แล้วไฟไหม้ตรงนี้ ยังไม่รื้อซากเลย",
        "ขอถังดับเพลิงไว้ป้องกันไฟไหม้",
        "มีอบรมซ้อมหนีไฟเมื่อไหร่คะ",
        "ศาลาโดนรถชนพัง ยังไม่ซ่อม",
        "ไม่มีใครบาดเจ็บ แค่ต้นไม้ล้ม",
        "ขอบคุณที่มาช่วยดับไฟไหม้เร็วมาก ชื่นชมครับ",
    ],
)
def test_what_is_feared_past_or_denied_is_no_emergency(understander: Understander, text: str) -> None:
    assert understander.understand(text).emergency is None


@pytest.mark.parametrize("text", ["สายไฟขาดห้อยลงมากลางถนน", "งูเห่าอยู่ในห้องเด็กเล็ก"])
def test_a_danger_of_the_next_hours_is_urgent(understander: Understander, text: str) -> None:
    assert understander.understand(text).urgent


def test_an_everyday_matter_is_not_urgent(understander: Understander) -> None:
    assert not understander.understand("ทางเท้าหน้าบ้านกระเบื้องแตก").urgent


def test_three_categories_come_best_first_with_their_chances(understander: Understander) -> None:
    found = understander.understand("น้ำท่วมซอยมาสามวัน ท่อก็ตัน")
    chances = [chance for _, chance in found.top]
    assert len(chances) == 3
    assert chances == sorted(chances, reverse=True)
    assert found.top[0] == (found.category, found.confidence)
    assert 0 < found.confidence <= 1


def test_a_clear_report_is_sure_and_a_vague_one_is_not(understander: Understander) -> None:
    assert understander.understand("ไฟถนนดับ").decision == "sure"
    assert understander.understand("มันแย่ลงทุกวันแล้วนะ").decision != "sure"


def test_the_model_knows_every_category(model: Model) -> None:
    assert len(model.heads["category"].labels) == CATEGORIES


def test_a_place_word_does_not_make_the_category(understander: Understander) -> None:
    assert understander.understand("ไฟดับบนถนนใหญ่หน้าตลาดสด").category == "street_light"


def test_the_words_of_a_city_are_evidence(model: Model, gazetteer: Gazetteer) -> None:
    text = "เจอจุกกรูอยู่หน้าบ้าน"
    without = Understander(model, gazetteer).understand(text)
    told = Understander(model, gazetteer, {"animals": ("จุกกรู",)}).understand(text)
    assert dict(told.top).get("animals", 0.0) > dict(without.top).get("animals", 0.0)


def test_personal_data_is_masked_in_the_understanding(understander: Understander) -> None:
    found = understander.understand("ไฟดับ โทรกลับ ๐๘๑-๒๓๔-๕๖๗๘")
    assert "5678" not in found.masked
    assert found.text.endswith("081-234-5678")
