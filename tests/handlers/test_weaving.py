"""Introductions and lessons in a town: asked before told, once, and private words stay private."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.services import reports
from store import Store
from store.models import Introduction, Lesson, NetworkMonth
from store.words import RoleName
from tests.town import Town, words


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    made.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    made.settle("หนึ่ง", RoleName.OFFICIAL, agency="POLICE")
    made.settle("ฝน", RoleName.REPRESENTATIVE, network="ROADS")
    made.settle("แก้ว")
    return made


def two_cases(town: Town) -> None:
    for text in ("ถนนเป็นหลุมใหญ่หน้าวัดโพนงาม", "ร้านค้าตั้งของขวางทางเท้าหน้าวัดโพนงาม"):
        town.says("แก้ว", text)
        town.taps("แก้ว", "ส่งเรื่อง")


def rows(town: Town, kind: type) -> list:  # type: ignore[type-arg]
    with town.store.reading() as unit:
        return list(unit.session.scalars(select(kind)))


def test_the_first_of_a_month_is_written_down_once(town: Town) -> None:
    two_cases(town)
    town.wait(days=7)
    assert rows(town, NetworkMonth) == []
    town.wait(days=1)
    town.wait(minutes=30)
    months = [row for row in rows(town, NetworkMonth) if row.network == "ROADS"]
    assert [row.month for row in months] == ["2026-12"] and months[0].figures["ties"] > 0
    assert len(rows(town, Introduction)) == 1


def test_nobody_hears_of_a_contact_before_both_said_yes(town: Town) -> None:
    two_cases(town)
    town.wait(days=8)
    town.taps("ฝน", "แนะนำให้รู้จัก")
    town.taps("ต้น", "ยินดี")
    told = town.says("ต้น", "ต้น 089-999-9999")
    assert "089-999-9999" not in words(told)
    told = town.taps("หนึ่ง", "ยังไม่สะดวก")
    assert "089-999-9999" not in words(told) and "ครั้งนี้" in words(told)
    (row,) = rows(town, Introduction)
    assert (row.state, row.a_card, row.b_card) == ("declined", "", "")
    town.wait(days=31)
    assert len(rows(town, Introduction)) == 1, "the pair is never proposed again"


def test_a_strangers_tap_introduces_nobody(town: Town) -> None:
    two_cases(town)
    town.wait(days=8)
    ref = rows(town, Introduction)[0].ref
    for data in (f"do=intro.make&ref={ref}", f"do=intro.answer&ref={ref}&a=yes", "do=intro.card&ref=&how=x"):
        town.taps_data("แก้ว", data)
    assert rows(town, Introduction)[0].state == "offered"
    town.taps("ฝน", "แนะนำให้รู้จัก")
    town.taps_data("แก้ว", f"do=intro.card&ref={ref}&how=name")
    assert {rows(town, Introduction)[0].a_answer, rows(town, Introduction)[0].b_answer} == {""}


def test_silence_is_no_yes(town: Town) -> None:
    two_cases(town)
    town.wait(days=8)
    town.taps("ฝน", "แนะนำให้รู้จัก")
    town.wait(days=15)
    assert rows(town, Introduction)[0].state == "dropped"
    assert "เก่าแล้ว" in words(town.taps("ต้น", "ยินดี"))


def test_the_network_tells_operators_its_figures_and_its_health(town: Town) -> None:
    two_cases(town)
    with town.store.reading() as unit:
        book = town.house.book(unit)
        found = reports.network_seen(unit, book, book.networks["ROADS"], town.now)
    assert found["metrics"]["stage"] in ("scattered", "hub", "multi_hub", "core_periphery")
    assert found["metrics"]["ties"] > 0 and found["metrics"]["members"] == 1
    assert set(found["health"]) == {"goals", "supervision", "communication", "coordination", "data", "size"}
    line = words(town.taps_data("ฝน", "do=network.show&network=ROADS"))
    assert "เครือข่าย" in line and "ตอนนี้ยังไม่เห็นสัญญาณ" in line


def solved(town: Town, stars: int = 5) -> None:
    town.says("แก้ว", "ไฟทางดับหน้าวัดโพนงาม มืดมาก")
    town.taps("แก้ว", "ส่งเรื่อง")
    town.taps("ต้น", "รับเรื่อง")
    town.taps("ต้น", "เสร็จแล้ว")
    town.says("ต้น", "เปลี่ยนหลอดใหม่ทั้งแถว ติดต่อ 081-234-5678")
    town.taps("แก้ว", "เรียบร้อยแล้ว")
    town.taps_data("แก้ว", f"do=case.rate&case={town.case().code}&stars={stars}")


def test_a_lesson_hides_personal_data_and_is_asked_for_once_a_week(town: Town) -> None:
    solved(town)
    assert "บทเรียน" in words(town.taps_data("ต้น", "do=inbox"))
    assert "บทเรียน" not in words(town.taps_data("ต้น", "do=inbox"))
    draft = words(town.taps("ต้น", "ดูร่างบทเรียน"))
    assert "เปลี่ยนหลอดใหม่ทั้งแถว" in draft and "5678" not in draft
    town.taps("ต้น", "เผยแพร่")
    (lesson,) = rows(town, Lesson)
    assert lesson.state == "published" and "5678" not in lesson.worked


def test_a_badly_rated_case_is_no_lesson(town: Town) -> None:
    solved(town, stars=3)
    assert "บทเรียน" not in words(town.taps_data("ต้น", "do=inbox"))


def test_a_lesson_is_decided_by_its_own_official_only(town: Town) -> None:
    solved(town)
    town.taps_data("ต้น", "do=inbox")
    code = rows(town, Lesson)[0].case_code
    for act in ("publish", "refuse", "edit&part=worked", "tell"):
        town.taps_data("หนึ่ง", f"do=lesson.{act}&case={code}")
        town.taps_data("แก้ว", f"do=lesson.{act}&case={code}")
    assert rows(town, Lesson)[0].state == "asked"
    town.taps_data("ต้น", f"do=lesson.refuse&case={code}")
    town.now += timedelta(days=8)
    assert "บทเรียน" not in words(town.taps_data("ต้น", "do=inbox")), "what was refused is not asked again"


def test_who_is_forgotten_takes_her_words_out_of_lessons(town: Town) -> None:
    solved(town)
    town.taps_data("ต้น", "do=inbox")
    town.taps("ต้น", "ดูร่างบทเรียน")
    town.taps("ต้น", "เผยแพร่")
    town.taps_data("แก้ว", "do=me.forget")
    town.taps("แก้ว", "ลบ")
    assert rows(town, Lesson)[0].problem == ""
