"""Rows of people, reports for others, honest closing, and words that come after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.incoming import Kind
from handlers.services import privacy
from handlers.talk import Scene
from store import Store
from store.models import Outbox, Report
from store.queries import people
from store.queries.outbox import Letter, Outcome, write
from store.words import RoleName, RowState, Status
from tests.town import Town, words

LAMP = "ไฟทางดับหน้าวัดศรีสุทธาวาส"


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store)
    town.settle("หัวหน้า", RoleName.HEAD, agency="WORKS")
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้า")
    return town


def report(town: Town, text: str = LAMP) -> str:
    town.says("ป้า", text)
    town.taps("ป้า", "ส่งเรื่อง")
    return town.case().code


def role_of(town: Town, name: str) -> int:
    person = town.person(name)
    assert person is not None
    return next(role.id for role in person.roles if role.ended_at is None)


def queued(town: Town, name: str) -> list[str]:
    """Purposes of what waits to be sent to somebody."""
    with town.store.reading() as unit:
        rows = unit.session.scalars(
            select(Outbox).where(Outbox.to == town.line_id(name), Outbox.state == "waiting")
        )
        return [row.purpose for row in rows if row.purpose != "answer"]


# --- rows of people


def test_who_is_removed_gets_nothing_that_waits_and_sees_nothing(town: Town) -> None:
    report(town)
    assert queued(town, "ต้น") == ["card"]
    town.taps_data("หัวหน้า", f"do=staff.remove&role={role_of(town, 'ต้น')}&sure=1")
    assert queued(town, "ต้น") == []
    for told in (town.says("ต้น", "LOE69-0001"), town.taps_data("ต้น", "do=case.accept&case=LOE69-0001")):
        assert LAMP not in words(told)
    assert town.case().status == Status.OFFERED
    after = town.says("ป้า", "ยังไม่มาซ่อมเลย")
    assert {town.name_of(seen.to) for seen in after if seen.how == "push"} == {"หัวหน้า"}


def test_an_open_question_of_somebody_who_left_is_closed(town: Town) -> None:
    report(town)
    town.taps_data("ต้น", "do=case.done&case=LOE69-0001")
    town.taps_data("หัวหน้า", f"do=staff.remove&role={role_of(town, 'ต้น')}&sure=1")
    town.says("ต้น", "เสร็จแล้วครับ")
    assert town.case().status == Status.OFFERED


@pytest.mark.parametrize("who", ["ต้น", "ป้า", "ไฟ"])
def test_only_the_head_of_the_agency_removes_and_invites(town: Town, who: str) -> None:
    town.settle("ไฟ", RoleName.HEAD, agency="PEA")
    role = role_of(town, "ต้น")
    town.taps_data(who, f"do=staff.remove&role={role}&sure=1")
    told = town.taps_data(who, "do=staff.invite&agency=WORKS")
    assert "สำหรับหัวหน้า" in words(told)
    assert role_of(town, "ต้น") == role


@pytest.mark.parametrize("role", ["0", "-1", "๑", "99999999999999999999", "x", ""])
def test_a_hand_edited_role_removes_nobody(town: Town, role: str) -> None:
    assert "ไม่ได้ค่ะ" in words(town.taps_data("หัวหน้า", f"do=staff.remove&role={role}&sure=1"))


def test_a_head_removes_no_other_head_and_not_herself(town: Town) -> None:
    town.settle("หัวหน้าสอง", RoleName.HEAD, agency="WORKS")
    for name in ("หัวหน้า", "หัวหน้าสอง"):
        town.taps_data("หัวหน้า", f"do=staff.remove&role={role_of(town, name)}&sure=1")
        assert role_of(town, name)


def test_the_invite_code_is_blanked_once_it_was_sent(town: Town) -> None:
    town.taps_data("หัวหน้า", "do=staff.invite&agency=WORKS")
    town.says("หัวหน้า", "ช่างใหม่")
    code = town.last_code("หัวหน้า")
    with town.store.writing() as unit:
        row = unit.session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(1)).one()
        assert row.secret and code in str(row.messages)
        row.state, row.worker, row.attempts = RowState.CLAIMED, "w", 1
        letter = Letter(
            row.id, row.to, row.messages, None, None, False, row.retry_key, 1, None, "w", secret=row.secret
        )
        unit.flush()
        write(unit, [(letter, Outcome(RowState.DONE, how="reply"))], 1.0)
    with town.store.reading() as unit:
        assert not any(code in str(row.messages) for row in unit.session.scalars(select(Outbox)))


def test_codes_of_a_head_who_left_are_worth_nothing(town: Town) -> None:
    town.taps_data("หัวหน้า", "do=staff.invite&agency=WORKS")
    town.says("หัวหน้า", "ช่างใหม่")
    code = town.last_code("หัวหน้า")
    with town.store.writing() as unit:
        from handlers.services import staff

        person = people.by_line_id(unit, town.line_id("หัวหน้า"))
        assert person is not None
        staff.end_role(Scene(town.house, unit, town.now, 0.0), person.roles[0])
    assert "หมดอายุ" in words(town.says("ป้า", code))


def test_a_term_ends_by_itself_at_its_moment(town: Town) -> None:
    end = town.now + timedelta(days=1)
    with town.store.writing() as unit:
        code = people_invite(town, unit, end)
    town.says("กลาง", code)
    town.taps_data("กลาง", "do=consent&ok=1")
    report(town)
    assert LAMP in words(town.says("กลาง", "LOE69-0001"))
    town.now = end
    assert LAMP not in words(town.says("กลาง", "LOE69-0001"))
    assert "เจ้าหน้าที่" in words(town.says("กลาง", "งาน"))
    town.run_jobs()
    coordinator = town.person("กลาง")
    assert coordinator is not None and coordinator.roles[0].ended_at is not None


def people_invite(town: Town, unit: object, end: object) -> str:
    from handlers.services.people import new_invite

    return new_invite(unit, town.now, RoleName.COORDINATOR, agency="CENTER", until=end)  # type: ignore[arg-type]


# --- away


def test_cards_of_somebody_away_go_to_the_substitute_alone(town: Town) -> None:
    report(town)
    town.taps("ต้น", "รับเรื่อง")
    head = town.person("หัวหน้า")
    assert head is not None
    town.settle("นก", RoleName.OFFICIAL, agency="WORKS")
    town.taps_data("ต้น", f"do=duty.away&days=3&to={head.id}")
    told = town.says("ป้า", "ข้างร้านป้าแดงค่ะ")
    assert {town.name_of(seen.to) for seen in told if seen.how == "push"} == {"หัวหน้า"}
    town.now += timedelta(days=4)
    told = town.says("ป้า", "ยังไม่ซ่อมเลย")
    assert {town.name_of(seen.to) for seen in told if seen.how == "push"} == {"ต้น"}


@pytest.mark.parametrize("data", ["do=duty.away&days=99", "do=duty.away&days=๓", "do=duty.away"])
def test_a_hand_edited_absence_changes_nothing(town: Town, data: str) -> None:
    town.taps_data("ต้น", data)
    person = town.person("ต้น")
    assert person is not None and person.on_duty


def test_a_stranger_never_stands_in(town: Town) -> None:
    aunt = town.person("ป้า")
    assert aunt is not None
    town.taps_data("ต้น", f"do=duty.away&days=3&to={aunt.id}")
    person = town.person("ต้น")
    assert person is not None and person.substitute_id is None


# --- closing


def finish(town: Town) -> None:
    town.taps_data("ต้น", "do=case.done&case=LOE69-0001")
    town.says("ต้น", "ทำแล้วครับ")


def test_every_closing_is_asked_once_and_rated_once(town: Town) -> None:
    report(town)
    finish(town)
    town.taps_data("ป้า", "do=case.fixed&case=LOE69-0001&ok=1")
    town.taps_data("ป้า", "do=case.rate&case=LOE69-0001&stars=2")
    town.taps_data("ป้า", "do=case.rate&case=LOE69-0001&stars=5")
    assert town.case().rating == 2
    town.taps_data("ป้า", "do=case.reopen&case=LOE69-0001")
    assert town.case().rating is None
    finish(town)
    town.taps_data("ป้า", "do=case.fixed&case=LOE69-0001&ok=1")
    town.taps_data("ป้า", "do=case.rate&case=LOE69-0001&stars=4")
    case = town.case()
    assert case.rating == 4
    assert [row.data["stars"] for row in case.history if row.kind == "rated"] == [2, 4]
    asked = [s for s in town.seen if s.how == "push" and "เรียบร้อยแล้วหรือยัง" in s.text]
    assert len(asked) == 2, "once for each closing"


def test_not_fixed_twice_is_the_integrators(town: Town) -> None:
    town.settle("กลาง", RoleName.COORDINATOR, agency="CENTER")
    report(town)
    for turn in range(2):
        finish(town)
        town.taps_data("ป้า", "do=case.fixed&case=LOE69-0001&ok=0")
        assert town.case().lead == ("WORKS" if turn == 0 else "CENTER")
    assert town.case().unassigned


def test_words_and_photos_after_not_fixed_reach_the_same_agency(town: Town) -> None:
    report(town)
    finish(town)
    town.taps_data("ป้า", "do=case.fixed&case=LOE69-0001&ok=half")
    town.says("ป้า", "ติดแค่ดวงเดียวค่ะ")
    town.sends("ป้า", Kind.PHOTO)
    case = town.case()
    assert town.cases() == 1 and len(case.photos) == 1
    assert [row.text for row in case.history if row.kind == "words"][0] == "ติดแค่ดวงเดียวค่ะ"


def test_the_head_hears_of_the_second_nudge_and_never_again(town: Town) -> None:
    report(town)
    town.taps("ต้น", "รับเรื่อง")
    readers = []
    for _ in range(4):
        told = town.says("ป้า", "ยังไม่ซ่อมเลย")
        readers.append({town.name_of(seen.to) for seen in told if seen.how == "push"})
    assert readers == [{"ต้น"}, {"หัวหน้า"}, set(), set()]
    assert town.cases() == 1 and town.case().nudges == 4


def test_words_that_wait_for_a_tap_are_never_lost(town: Town) -> None:
    report(town)
    town.wait(minutes=20)
    town.says("ป้า", "ไฟตรงนั้นดับอีกแล้ว")
    town.says("ป้า", "ดับทั้งแถวเลย")
    town.taps("ป้า", "เพิ่มใน LOE69-0001")
    kept = [row.text for row in town.case().history if row.kind == "words"]
    assert kept == ["ไฟตรงนั้นดับอีกแล้ว\nดับทั้งแถวเลย"]
    again = town.taps_data("ป้า", "do=said.case&case=LOE69-0001")
    assert "เก่าแล้ว" in words(again) and len(town.case().history) == 3


def test_another_persons_case_takes_no_words_of_hers(town: Town) -> None:
    report(town)
    town.settle("ลุง")
    town.says("ลุง", "ถนนเป็นหลุมใหญ่หน้าโรงเรียนเทศบาล 1 ตรงร้านค้า")
    town.taps_data("ลุง", "do=report.confirm")
    town.says("ลุง", "ถนนตรงนั้นยุบลงอีก")
    before = len(town.case("LOE69-0001").history)
    town.taps_data("ลุง", "do=said.case&case=LOE69-0001")
    assert len(town.case("LOE69-0001").history) == before


# --- for others


def for_other(town: Town, contact: str | None, ok: str = "1") -> None:
    town.settle("เคาน์เตอร์", RoleName.OFFICIAL, agency="CENTER")
    town.says("เคาน์เตอร์", "แจ้งแทน")
    if contact is None:
        town.taps_data("เคาน์เตอร์", "do=behalf.who&channel=phone&named=0")
    else:
        town.taps_data("เคาน์เตอร์", "do=behalf.who&channel=phone&named=1")
        town.says("เคาน์เตอร์", contact)
        town.taps_data("เคาน์เตอร์", f"do=behalf.agree&ok={ok}")
    town.says("เคาน์เตอร์", LAMP)
    town.taps("เคาน์เตอร์", "ส่งเรื่อง")


def contact(town: Town) -> tuple[str, str]:
    found = town.case().reports[0]
    return found.contact_name, found.contact_phone


def test_without_consent_nothing_of_her_is_kept(town: Town) -> None:
    for_other(town, "ยายทอง 081-000-0000", ok="0")
    assert contact(town) == ("", "") and town.case().reports[0].contact_consented_at is None
    with town.store.reading() as unit:
        chat = people.conversation(unit, town.line_id("เคาน์เตอร์"))
        assert chat is not None and "ยายทอง" not in str(chat.asked) + str(chat.draft)


def test_a_name_kept_with_consent_is_for_the_agencies_only_l12(town: Town) -> None:
    for_other(town, "ยายทอง 081-000-0000")
    assert contact(town) == ("ยายทอง", "081-000-0000")
    assert "ยายทอง 081-000-0000" in words([s for s in town.seen if s.to == town.line_id("ต้น")])
    town.taps_data("ป้า", "do=case.follow&case=LOE69-0001")
    town.taps_data("ต้น", "do=case.accept&case=LOE69-0001")
    assert "ยายทอง" not in words([s for s in town.seen if s.to == town.line_id("ป้า")])


def test_the_contact_is_forgotten_thirty_days_after_the_end(town: Town) -> None:
    for_other(town, "ยายทอง 081-000-0000")
    finish(town)
    town.taps_data("เคาน์เตอร์", "do=case.fixed&case=LOE69-0001&ok=1")
    town.wait(days=29)
    assert contact(town)[1]
    town.wait(days=2)
    assert contact(town) == ("", "")


def test_words_of_the_one_who_writes_for_others_are_not_taken_for_her_answer(town: Town) -> None:
    for_other(town, None)
    town.taps_data("ต้น", "do=case.ask&case=LOE69-0001")
    town.says("ต้น", "ดวงไหนครับ")
    assert town.case().status == Status.WAITING
    town.says("เคาน์เตอร์", "ขอบคุณค่ะ")
    assert town.case().status == Status.WAITING
    town.taps_data("เคาน์เตอร์", "do=behalf.answer&case=LOE69-0001")
    town.says("เคาน์เตอร์", "ดวงที่สองค่ะ")
    assert town.case().status == Status.ACCEPTED


def test_who_speaks_for_somebody_is_followed_by_a_colleague(town: Town) -> None:
    town.settle("แทน", RoleName.HEAD, agency="CENTER")
    for_other(town, None)
    with town.store.writing() as unit:
        from handlers.services import staff

        person = people.by_line_id(unit, town.line_id("เคาน์เตอร์"))
        assert person is not None
        staff.end_role(Scene(town.house, unit, town.now, 0.0), person.roles[0])
    town.taps_data("ต้น", "do=case.done&case=LOE69-0001")
    told = town.says("ต้น", "เปลี่ยนหลอดแล้วครับ")
    assert {town.name_of(seen.to) for seen in told if seen.how == "push"} == {"แทน"}


def test_an_official_who_deletes_her_data_takes_no_report_of_others_with_her(town: Town) -> None:
    for_other(town, "ยายทอง 081-000-0000")
    with town.store.writing() as unit:
        person = people.by_line_id(unit, town.line_id("เคาน์เตอร์"))
        assert person is not None
        privacy.forget(Scene(town.house, unit, town.now, 0.0), person)
    with town.store.reading() as unit:
        kept = unit.session.scalars(select(Report)).one()
        assert kept.text == LAMP and kept.contact_phone
    assert town.case().text == LAMP


def test_a_citizen_can_not_write_for_others(town: Town) -> None:
    assert "สำหรับเจ้าหน้าที่" in words(town.says("ป้า", "แจ้งแทน"))
    assert "สำหรับเจ้าหน้าที่" in words(town.taps_data("ป้า", "do=behalf.who&channel=representative&named=0"))
