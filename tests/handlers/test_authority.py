"""Nobody reads or changes a case outside her agency, network or own reports: by button, text, code or id."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from handlers.dispatch import TAPS
from handlers.incoming import Kind
from store import Store
from store.models import (
    Base,
    Case,
    Conversation,
    Deadline,
    Follower,
    Helper,
    History,
    Outbox,
    Photo,
    Report,
    Role,
)
from store.words import RoleName
from tests.town import Town, words

SECRET = "ฝาท่อแตกหน้าวัดศรีสุทธาวาส คำลับของป้า"
INSIDE = "บันทึกลับของช่าง"
KEPT = (Case, Report, History, Helper, Follower, Photo, Deadline, Role)
OTHERS = ("ลุง", "ไฟ", "หัวหน้าไฟ", "ตัวแทน", "เคยเป็น", "ผู้ดูแล", "ประปา")
"""A stranger, an official and a head of another agency, a representative of another network, somebody who left,
an administrator, and an agency that declined."""
STAYS_HERS = {
    "me.forget",
    "me.export",
    "network.join",
    "network.leave",
    "digest.freq",
    "report.join",
    "case.follow",
}
"""Taps that change the speaker's own things only, or that anybody may do with a public case."""


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store, judged=False)
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("หัวหน้า", RoleName.HEAD, agency="WORKS")
    town.settle("ป้า")
    town.says("ป้า", SECRET)
    town.taps("ป้า", "ส่งเรื่อง")
    town.taps("ต้น", "รับเรื่อง")
    town.taps_data("ต้น", "do=case.inside&case=LOE69-0001")
    town.says("ต้น", INSIDE)
    town.settle("ลุง")
    town.settle("ไฟ", RoleName.OFFICIAL, agency="PEA")
    town.settle("หัวหน้าไฟ", RoleName.HEAD, agency="PEA")
    town.settle("ตัวแทน", RoleName.REPRESENTATIVE, network="ROADS")
    town.settle("ผู้ดูแล", RoleName.ADMINISTRATOR)
    town.settle("ประปา", RoleName.OFFICIAL, agency="PWA")
    town.settle("เคยเป็น", RoleName.OFFICIAL, agency="WORKS")
    left = town.person("เคยเป็น")
    assert left is not None
    town.taps_data("หัวหน้า", f"do=staff.remove&role={left.roles[0].id}&sure=1")
    town.seen.clear()
    return town


def kept(town: Town) -> list[Any]:
    """Every row that belongs to cases and roles."""
    with town.store.reading() as unit:
        tables = [Base.metadata.tables[kind.__tablename__] for kind in KEPT]
        return [sorted(map(str, unit.session.execute(select(table)).all())) for table in tables]


def forms(town: Town, do: str) -> list[str]:
    """The tap with everything that others' buttons could carry."""
    case = town.case("LOE69-0001")
    row, role = case.history[-1].id, 1
    person = town.person("ต้น")
    assert person is not None
    keys = (
        f"case=LOE69-0001&into=LOE69-0001&sure=1&over=1&ok=1&stars=5&row={row}&to={person.id}&role={role}"
        f"&cases={case.id}&how=accept&agency=PEA&why=area&category=road&t=*/looking&channel=nobody&days=x&page=0"
    )
    return [f"do={do}", f"do={do}&{keys}", f"do={do}&{keys.replace('how=accept', 'how=merge')}"]


@pytest.mark.parametrize("who", OTHERS)
def test_no_button_reads_or_changes_the_case_of_others(town: Town, who: str) -> None:
    before = kept(town)
    for do in sorted(set(TAPS) - STAYS_HERS):
        for data in forms(town, do):
            told = words(town.taps_data(who, data))
            assert SECRET not in told and INSIDE not in told, data
        forget_question(town, who)
        assert kept(town) == before, do


def test_the_same_buttons_do_something_for_those_in_charge(town: Town) -> None:
    """So that the test above can fail."""
    changed = set()
    for do in ("case.hand_to", "case.decline", "case.assign", "staff.remove"):
        before = kept(town)
        who = "หัวหน้า" if do == "staff.remove" else "ต้น"
        role = town.person("ต้น").roles[0].id  # type: ignore[union-attr]
        head = town.person("หัวหน้า").id  # type: ignore[union-attr]
        town.taps_data(who, f"do={do}&case=LOE69-0001&to={head}&why=area&agency=PEA&role={role}&sure=1")
        changed |= {do} if kept(town) != before else set()
    assert changed == {"case.hand_to", "case.decline", "staff.remove"}
    assert SECRET in words(town.says("หัวหน้า", "LOE69-0001")) or town.case("LOE69-0001").lead != "WORKS"


def forget_question(town: Town, who: str) -> None:
    with town.store.writing() as unit:
        chat = unit.get(Conversation, town.line_id(who))
        if chat is not None:
            chat.asked = chat.draft = None


@pytest.mark.parametrize("who", OTHERS)
def test_no_typed_word_shows_the_case_of_others(town: Town, who: str) -> None:
    before = kept(town)
    for text in ("LOE69-0001", "loe69-0001", "งาน", "ติดตาม", "คนในหน่วยงาน", "ไม่อยู่"):
        told = words(town.says(who, text))
        assert SECRET not in told and INSIDE not in told, text
    assert kept(town) == before


@pytest.mark.parametrize("who", OTHERS)
def test_an_open_question_gives_no_right(town: Town, who: str) -> None:
    """Even if a question about the case were open in her chat, her words change nothing."""
    for do in ("decline", "ask", "progress", "done", "note", "photo", "merge", "split"):
        _words_to_an_open_question(town, who, f"case.{do}")


def _words_to_an_open_question(town: Town, who: str, do: str) -> None:
    with town.store.writing() as unit:
        chat = unit.get(Conversation, town.line_id(who))
        assert chat is not None
        chat.asked = {"do": do, "case": "LOE69-0001"}
    before = kept(town)
    told = words(town.says(who, "เสร็จแล้วครับ"))
    assert kept(town) == before and SECRET not in told
    with town.store.writing() as unit:
        chat = unit.get(Conversation, town.line_id(who))
        assert chat is not None
        chat.asked, chat.focus = {"do": "group.done", "cases": str(town.case("LOE69-0001").id)}, "LOE69-0001"
    town.says(who, "เสร็จแล้วครับ")
    assert kept(town) == before


def test_a_follower_hears_the_steps_but_neither_thread_nor_notes(town: Town) -> None:
    town.taps_data("ลุง", "do=case.follow&case=LOE69-0001")
    town.taps_data("ต้น", "do=case.ask&case=LOE69-0001")
    town.says("ต้น", "ถามเฉพาะป้าค่ะ")
    town.says("ป้า", "ตอบเฉพาะช่างค่ะ")
    seen = words(town.taps_data("ลุง", "do=case.show&case=LOE69-0001"))
    everything = seen + words([s for s in town.seen if s.to == town.line_id("ลุง")])
    for private in ("ถามเฉพาะป้า", "ตอบเฉพาะช่าง", INSIDE):
        assert private not in everything
    for do in ("case.fixed", "case.rate", "case.accept", "case.inside", "behalf.answer", "case.outcome"):
        before = kept(town)
        town.taps_data("ลุง", f"do={do}&case=LOE69-0001&ok=1&stars=1")
        assert kept(town) == before, do


def test_a_helper_decides_nothing_about_the_whole_case(town: Town) -> None:
    town.taps_data("ต้น", "do=case.invite&case=LOE69-0001&agency=PEA")
    before = decided(town)
    for do in ("ask", "assign", "take", "hand_to", "ready", "merge", "split", "group", "accept", "decline"):
        town.taps_data("ไฟ", f"do=case.{do}&case=LOE69-0001&why=area&agency=PEA&over=1&ok=1&t=*/looking")
        forget_question(town, "ไฟ")
        assert decided(town) == before, do


def test_a_public_helper_sees_what_the_agencies_know(town: Town) -> None:
    town.taps_data("ต้น", "do=case.invite&case=LOE69-0001&agency=PEA")
    assert INSIDE in words(town.says("ไฟ", "LOE69-0001"))


def decided(town: Town) -> tuple[object, ...]:
    """What only the lead decides."""
    case = town.case("LOE69-0001")
    told = [row.kind for row in case.history if not row.kind.startswith("helper")]
    return case.status, case.lead, case.assignee_id, case.declined_by, case.merged_into, told, town.cases()


def test_a_case_is_merged_only_into_one_that_the_official_decides_about(town: Town) -> None:
    town.says("ลุง", "สายไฟห้อยต่ำหน้าตลาดเมืองใหม่")
    town.taps_data("ลุง", "do=report.confirm")
    other = town.case()
    if other.code == "LOE69-0001" or other.lead == "WORKS":
        pytest.skip("the second report went to the same agency")
    before = kept(town)
    told = town.taps_data("ต้น", f"do=case.merge&case=LOE69-0001&into={other.code}&sure=1")
    assert kept(town) == before and other.text not in words(told)


def test_a_coordinator_acts_on_every_case(town: Town) -> None:
    town.settle("กลาง", RoleName.COORDINATOR, agency="CENTER")
    assert SECRET in words(town.says("กลาง", "LOE69-0001"))
    town.taps_data("กลาง", "do=case.assign&case=LOE69-0001&agency=HIGHWAY")
    assert town.case("LOE69-0001").lead == "HIGHWAY"


def test_nothing_for_the_agency_is_queued_to_others(town: Town) -> None:
    town.sends("ป้า", Kind.PHOTO)
    town.says("ป้า", "ยังไม่ซ่อมเลย")
    with town.store.reading() as unit:
        rows = list(unit.session.scalars(select(Outbox).where(Outbox.purpose == "card")))
    assert {town.name_of(row.to) for row in rows} <= {"ต้น", "หัวหน้า", "เคยเป็น"}
    assert not any(row.messages for row in rows if town.name_of(row.to) == "เคยเป็น" and row.state != "done")
