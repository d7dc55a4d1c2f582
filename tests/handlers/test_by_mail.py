"""Agencies by mail: told, acting by links and by answers, and nothing else changing anything."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from handlers.flows import by_mail
from handlers.flows.by_mail import Came, read
from handlers.services import mail_links
from handlers.services.mail_links import LinkState
from handlers.talk import Scene
from store import Store
from store.models import MailLink, Outbox
from store.words import RoleName
from tests.town import Town, words

HIGHWAY = "highway@agencies.example"
POTHOLE = "ถนนทรุดเป็นหลุมลึก ทางหลวงหน้าวัดโพนชัย ต.น้ำหมาน โทร 081-234-5678"


@pytest.fixture
def town(store: Store) -> Town:
    """A case offered to the highways district, which reads mail only."""
    town = Town(store)
    town.turn_on_mail()
    town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    town.settle("มี")
    town.says("มี", POTHOLE)
    town.taps("มี", "ส่งเรื่อง")
    return town


def mails(town: Town, to: str = HIGHWAY) -> list[str]:
    return [seen.text for seen in town.seen if seen.how == "email" and seen.to == to]


def to_center(town: Town) -> str:
    return words([seen for seen in town.seen if seen.to == town.line_id("ศูนย์")])


def looked_at(town: Town, nonce: str, later_s: float = 0.0) -> LinkState:
    with town.store.reading() as unit:
        scene = Scene(town.house, unit, town.now, town.now.timestamp() + later_s)
        return mail_links.look(scene, mail_links.token(town.house, nonce)).state


def nonce(town: Town, label: str) -> str:
    return next(act.nonce for act in town.mail_to(HIGHWAY).acts if act.label == label)


def test_the_agency_in_charge_gets_the_original_words_and_nobody_else_a_card(town: Town) -> None:
    (mail,) = mails(town)
    assert "081-234-5678" in mail and town.case().code in town.mail_to(HIGHWAY).subject
    assert "081" not in town.mail_to(HIGHWAY).subject
    assert to_center(town) == ""


def test_a_helping_agency_with_nobody_on_line_is_mailed_its_task(town: Town) -> None:
    (mail,) = mails(town, "works@faloei.example")
    assert "ตั้งป้ายเตือน" in mail and [a.label for a in town.mail_to("works@faloei.example").acts][0] == (
        "ส่วนของเราเสร็จแล้ว"
    )


def test_with_mail_off_the_coordinator_gets_the_card(store: Store) -> None:
    town = Town(store)
    town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    town.settle("มี")
    town.says("มี", POTHOLE)
    town.taps("มี", "ส่งเรื่อง")
    assert mails(town) == [] and "หน่วยงานนี้ยังไม่มีคนใน LINE" in to_center(town)


def test_mails_about_a_case_form_a_thread_in_one_lane(town: Town) -> None:
    town.follows_link(HIGHWAY, "รับเรื่อง")
    with town.store.reading() as unit:
        rows = list(
            unit.session.scalars(select(Outbox).where(Outbox.agency == "HIGHWAY").order_by(Outbox.id))
        )
    assert len({row.lane for row in rows}) == 1
    assert rows[1].messages[0]["thread"] == [rows[0].retry_key]


def test_a_link_is_used_once_and_history_shows_the_agency(town: Town) -> None:
    accept = nonce(town, "รับเรื่อง")
    assert town.uses_link(accept) == Came.ACCEPTED
    case = town.case()
    last = case.history[-1]
    assert (case.status, last.kind, last.agency, last.person_id) == ("accepted", "accepted", "HIGHWAY", None)
    assert looked_at(town, accept) == LinkState.USED
    assert town.uses_link(accept) == Came.LATE
    assert len(town.case().history) == len(case.history)


def test_a_link_is_void_when_it_is_old_the_case_moved_on_or_the_address_changed(town: Town) -> None:
    decline, accept = nonce(town, "ไม่ใช่ของเรา"), nonce(town, "รับเรื่อง")
    assert looked_at(town, decline) == LinkState.GOOD
    assert looked_at(town, decline, later_s=7 * 86400 + 1) == LinkState.EXPIRED
    assert looked_at(town, "0" * 32) == LinkState.UNKNOWN
    with town.store.writing() as unit:
        for link in unit.session.scalars(select(MailLink)):
            link.address = "old@agencies.example"
    assert looked_at(town, decline) == LinkState.MOVED
    with town.store.writing() as unit:
        for link in unit.session.scalars(select(MailLink)):
            link.address = HIGHWAY
    assert town.uses_link(decline, why="area") == Came.DECLINED
    assert looked_at(town, accept) == LinkState.MOVED and town.uses_link(accept) == Came.LATE


def test_tokens_are_kept_as_hashes_only(town: Town) -> None:
    accept = nonce(town, "รับเรื่อง")
    word = mail_links.token(town.house, accept)
    with town.store.reading() as unit:
        rows = list(unit.session.scalars(select(MailLink)))
        sent = list(unit.session.scalars(select(Outbox)))
    assert word not in str([vars(row) for row in (*rows, *sent)])
    assert mail_links.hashed(word) in {row.token_hash for row in rows}


def test_declining_for_another_reason_needs_words_and_spends_no_link(town: Town) -> None:
    decline = nonce(town, "ไม่ใช่ของเรา")
    assert town.uses_link(decline, why="other") == Came.NEEDS_WORDS
    assert looked_at(town, decline) == LinkState.GOOD
    assert town.uses_link(decline, "อยู่นอกเขตทางหลวง", "other") == Came.DECLINED
    assert town.case().lead != "HIGHWAY"


def test_done_needs_a_photo_or_words(town: Town) -> None:
    town.follows_link(HIGHWAY, "รับเรื่อง")
    town._new()
    done = nonce(town, "เสร็จแล้ว")
    assert town.uses_link(done) == Came.NEEDS_PROOF and town.case().status == "accepted"
    assert town.uses_link(done, photos=1) == Came.DONE
    (photo,) = [p for p in town.case().photos if p.role == "after"]
    assert (photo.state, photo.person_id) == ("done", None)


def test_a_question_by_link_reaches_the_citizen_and_her_answer_comes_back_as_mail(town: Town) -> None:
    assert town.follows_link(HIGHWAY, "ถามผู้แจ้ง", "หลุมอยู่เลนไหนคะ") == Came.ASKED
    assert "หลุมอยู่เลนไหนคะ" in words(town._new())
    town.says("มี", "เลนซ้าย")
    assert "เลนซ้าย" in mails(town)[-1]


def test_a_reminder_goes_by_mail_once(town: Town) -> None:
    before = len(mails(town))
    town.wait(days=2)
    town.run_jobs()
    town._new()
    assert len(mails(town)) == before + 1 and "ถึงเวลาตอบแล้ว" in mails(town)[-1]


# --- answers


def test_an_answer_accepts(town: Town) -> None:
    town.answers_mail(HIGHWAY, "รับเรื่องแล้วครับ จะเข้าไปดูพรุ่งนี้\nแขวงทางหลวง")
    assert town.case().status == "in_progress"
    assert "จะเข้าไปดูพรุ่งนี้" in words(town.says("มี", "เมนู"))


def test_free_words_before_accepting_stay_a_note(town: Town) -> None:
    town.answers_mail(HIGHWAY, "กำลังตรวจสอบพื้นที่ครับ")
    assert town.case().status == "offered" and town.case().history[-1].kind == "progress"


def test_machines_decide_nothing_and_get_no_answer(town: Town) -> None:
    before = len(mails(town)), len(town.case().history)
    town.answers_mail(HIGHWAY, "รับเรื่อง", automatic=True)
    assert (len(mails(town)), len(town.case().history)) == before and town.case().status == "offered"


def test_a_bounce_is_told_to_the_coordinator_once(town: Town) -> None:
    for _ in range(2):
        town.answers_mail(
            HIGHWAY, "", automatic=True, bounced="550 no such user", sender="mailer-daemon@x.example"
        )
    assert to_center(town).count("ยังไม่ถึง") == 1 and town.case().status == "offered"


def test_a_strangers_answer_goes_to_the_coordinator_and_changes_nothing(town: Town) -> None:
    town.answers_mail(HIGHWAY, "เสร็จแล้ว ซ่อมแล้ว", sender="someone@elsewhere.example")
    assert "someone@elsewhere.example" in to_center(town) and town.case().status == "offered"


def test_a_colleague_of_the_same_domain_may_answer(town: Town) -> None:
    town.answers_mail(HIGHWAY, "รับเรื่อง", sender="somchai@agencies.example")
    assert town.case().status == "accepted"


def test_everybodys_domains_need_the_very_address(town: Town) -> None:
    thread = by_mail.Thread(1, "HIGHWAY", "works@gmail.com")
    with town.store.reading() as unit:
        scene = Scene(town.house, unit, town.now, town.now.timestamp())
        assert not by_mail.trusted(scene, thread, "other@gmail.com")


def test_spam_reaches_nobody(town: Town) -> None:
    before = len(town.seen)
    town.answers_mail(HIGHWAY, "ซื้อของถูก", words=[], subject="sale", sender="a@b.example")
    assert len(town.seen) == before


def test_an_answer_that_comes_too_late_is_answered_once_a_day(town: Town) -> None:
    town.follows_link(HIGHWAY, "ไม่ใช่ของเรา", why="area")
    town._new()
    before = len(mails(town))
    for _ in range(3):
        town.answers_mail(HIGHWAY, "รับเรื่อง", words=[_reply_word(town)])
    assert len(mails(town)) == before + 1


def _reply_word(town: Town) -> str:
    return mail_links.token(town.house, town.mail_to(HIGHWAY).reply or _first_reply(town))


def _first_reply(town: Town) -> str:
    return next(s.messages[0]["reply"] for s in town.seen if s.to == HIGHWAY)


def test_a_helper_declines_and_the_lead_hears_it(town: Town) -> None:
    town.answers_mail("works@faloei.example", "ไม่รับ คนไม่พอ")
    assert town.case().helpers[0].state == "declined"
    assert "มาช่วยไม่ได้" in mails(town)[-1]


def test_words_taken_back_vanish_from_waiting_mails(town: Town) -> None:
    town.taps_data("มี", "do=me.forget&sure=1")
    with town.store.reading() as unit:
        rows = list(unit.session.scalars(select(Outbox).where(Outbox.channel == "email")))
    assert rows and all(
        "081" not in str(row.messages) for row in rows if row.state != "removed" or row.messages
    )


@pytest.mark.parametrize(
    ("line", "do", "text"),
    [
        ("รับเรื่องครับ", "accept", ""),
        ("Accepted, thanks", "accept", ""),
        ("รับเรื่องไม่ได้ เพราะนอกเขต", "decline", "เพราะนอกเขต"),
        ("ไม่ใช่หน้าที่ของเรา เป็นของทางหลวง", "decline", "ไม่ใช่หน้าที่ของเรา เป็นของทางหลวง"),
        ("ไม่ใช่\nนอกเขต", "decline", "นอกเขต"),
        ("ไม่ใช่แค่ไฟดับ", "progress", "ไม่ใช่แค่ไฟดับ"),
        ("เสร็จแล้วครับ", "done", ""),
        ("เสร็จแล้วครับ เปลี่ยนหลอดใหม่", "done", "เปลี่ยนหลอดใหม่"),
        ("Done - lamp replaced", "done", "lamp replaced"),
        ("เสร็จแล้วครึ่งหนึ่ง", "progress", "เสร็จแล้วครึ่งหนึ่ง"),
        ("ยังไม่เสร็จครับ", "progress", "ยังไม่เสร็จครับ"),
        ("เสร็จแล้วหรือยัง?", "progress", "เสร็จแล้วหรือยัง?"),
        ("เสร็จวันศุกร์นี้", "progress", "เสร็จวันศุกร์นี้"),
        ("Donetsk", "progress", "Donetsk"),
        ("", "progress", ""),
    ],
)
def test_the_first_line_decides_and_doubts_make_it_a_note(line: str, do: str, text: str) -> None:
    given = read(line, "mail-1")
    assert (given.do, given.text) == (do, text)
