"""Digests that act (LITERATURE L12, L15): representatives' cards with buttons, members' news in bulk, mail, thrift."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.agencies.email import EmailGateway
from handlers.messages.texts import say
from handlers.ports import Sent
from handlers.rules import participation, quota, rhythm
from handlers.services import digest_mail, mail_links, member_news, privacy
from handlers.services.delivery import Delivery
from handlers.talk import Scene
from store import Store
from store.models import Digest, Endorsement, Inquiry, Membership, Outbox, Person, Recipient, Step
from store.queries import people as person_rows
from store.words import RoleName, RowState
from tests.bench.digests import filled, plan
from tests.bot.agencies.kit import MARK, Postbox, letter_to, smtp_server
from tests.pipes import ScriptedMessenger
from tests.town import BANGKOK, MONDAY, Seen, Town, words

MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=BANGKOK)


def to(town: Town, name: str, sends: list[Seen]) -> list[Seen]:
    return [seen for seen in sends if seen.to == town.line_id(name)]


@pytest.fixture
def town(store: Store) -> Town:
    """An official, two representatives of different networks, and a citizen with a pothole."""
    town = Town(store, judged=False)
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    town.settle("กำนัน", RoleName.REPRESENTATIVE, network="GREEN")
    town.settle("ป้าแก้ว")
    town.says("ป้าแก้ว", "ถนนเป็นหลุมลึกหน้าวัดโพนงามค่ะ")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    return town


# --- rhythm


def test_l15_a_digest_is_due_by_days_of_the_calendar_and_by_the_rhythm_of_now() -> None:
    last = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert rhythm.due("daily", last, MORNING, BANGKOK)
    assert not rhythm.due("weekly", last, MORNING, BANGKOK)
    assert rhythm.due("weekly", last, MORNING + timedelta(days=6), BANGKOK)
    assert not rhythm.due("monthly", last, MORNING + timedelta(days=26), BANGKOK)
    assert rhythm.due("monthly", last, MORNING + timedelta(days=27), BANGKOK)
    assert not rhythm.due("off", None, MORNING, BANGKOK)
    assert not rhythm.due("daily", None, MORNING - timedelta(hours=1), BANGKOK)


def test_nothing_new_is_worth_sending_once_a_quarter() -> None:
    assert not rhythm.worth_sending(False, MONDAY, MONDAY, MONDAY + timedelta(days=90))
    assert rhythm.worth_sending(False, MONDAY, MONDAY, MONDAY + timedelta(days=91))


# --- the representative acts


def test_l12_endorsing_counts_once_and_is_shown_to_the_agency(town: Town) -> None:
    code = town.case().code
    town.wait(until=MORNING)
    first = town.taps("ครูฝน", "สนับสนุนเรื่องนี้")
    assert "ตัวแทนสนับสนุน · 1 คน" in words(to(town, "ช่างต้น", first))
    again = town.taps("ครูฝน", "สนับสนุนเรื่องนี้")
    assert "ไว้แล้ว" in words(again) and not to(town, "ช่างต้น", again)
    with town.store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Endorsement)) == 1
        assert [at for at in unit.session.scalars(select(Digest.acted_at)) if at] != []
    assert [row.kind for row in town.case(code).history].count("endorsed") == 1


@pytest.mark.parametrize(
    "do", ["digest.endorse&case={code}", "digest.ask&case={code}", "digest.thank&digest=1"]
)
def test_only_who_represents_the_network_acts_on_its_cases(town: Town, do: str) -> None:
    town.wait(until=MORNING)
    data = "do=" + do.format(code=town.case().code)
    for name in ("กำนัน", "ป้าแก้ว", "ช่างต้น"):
        sends = town.taps_data(name, data)
        assert [seen.to for seen in sends] == [town.line_id(name)], "somebody else was told"
    assert {row.kind for row in town.case().history}.isdisjoint({"endorsed", "inquired", "thanked"})


@pytest.mark.parametrize("digest", ["", "x", "-1", "999", "١"])
def test_an_edited_digest_number_changes_nothing(town: Town, digest: str) -> None:
    town.wait(until=MORNING)
    assert "เก่าแล้ว" in words(town.taps_data("ครูฝน", f"do=digest.thank&digest={digest}"))


def test_l12_a_question_reaches_the_agency_and_its_answer_comes_back_once(town: Town) -> None:
    town.wait(until=MORNING)
    code = town.case().code
    town.taps_data("ครูฝน", f"do=digest.ask&case={code}")
    asked = town.says("ครูฝน", "ขอทราบวันซ่อม โทร 0812345678")
    assert "0812345678" not in words(to(town, "ช่างต้น", asked)) and to(town, "ช่างต้น", asked)
    assert "ไว้แล้ว" in words(town.taps_data("ครูฝน", f"do=digest.ask&case={code}"))
    town.taps("ช่างต้น", "ตอบตัวแทน")
    back = town.says("ช่างต้น", "ซ่อมวันพุธครับ")
    assert "ซ่อมวันพุธ" in words(to(town, "ครูฝน", back))
    assert "ตอบตัวแทนไปแล้ว" in words(town.taps("ช่างต้น", "ตอบตัวแทน"))
    with town.store.reading() as unit:
        (found,) = unit.session.scalars(select(Inquiry))
        assert found.answer == "ซ่อมวันพุธครับ" and found.answered_by is not None


def test_a_stranger_answers_no_question(town: Town) -> None:
    town.wait(until=MORNING)
    town.taps_data("ครูฝน", f"do=digest.ask&case={town.case().code}&q=when")
    for name in ("ป้าแก้ว", "กำนัน", "ครูฝน"):
        town.taps_data(name, "do=inquiry.answer&inquiry=1")
    with town.store.reading() as unit:
        assert unit.session.scalars(select(Inquiry.answered_at)).one() is None


def test_nothing_new_sends_nothing_and_a_jump_of_the_clock_brings_one_digest(town: Town) -> None:
    def digests() -> int:
        with town.store.reading() as unit:
            return unit.session.scalar(select(func.count()).select_from(Digest)) or 0

    town.taps("ช่างต้น", "รับเรื่อง")
    town.wait(until=MORNING)
    assert digests() == 1
    town.wait(minutes=5)
    assert digests() == 1
    town.taps_data("ช่างต้น", f"do=case.plan&case={town.case().code}&when=2w")
    town.wait(until=MORNING + timedelta(days=1))
    assert digests() == 1, "nothing had happened"


def test_one_push_for_somebody_who_represents_two_networks(town: Town) -> None:
    town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="GREEN")
    town.says("ป้าแก้ว", "ขยะล้นถังหน้าวัดโพนงาม")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    pushed = [s for s in to(town, "ครูฝน", town.wait(until=MORNING)) if s.purpose == "digest"]
    assert len(pushed) == 1 and len(pushed[0].messages) == 2
    assert "ถนนปลอดภัย" in pushed[0].text and "เมืองสะอาด" in pushed[0].text


# --- news that ride


def test_news_of_a_case_ride_on_the_next_answer_and_are_told_each_person_once(town: Town) -> None:
    taken = town.taps("ช่างต้น", "รับเรื่อง")
    assert not to(town, "ป้าแก้ว", taken), "taking a case is worth no push"
    code = town.case().code
    assert f"รับเรื่อง {code}" in words(town.says("ป้าแก้ว", "เมนู"))
    assert code not in words(town.says("ป้าแก้ว", "เมนู"))
    assert town.case().untold == []


def test_who_has_read_of_it_holds_the_official_to_it(town: Town) -> None:
    town.pace = timedelta(seconds=5)
    town.taps("ช่างต้น", "รับเรื่อง")
    town.says("ป้าแก้ว", "เมนู")
    town.taps("ช่างต้น", "เอาคืน")
    assert town.case().status == "accepted"


def test_a_note_that_was_taken_back_is_not_told(town: Town) -> None:
    town.pace = timedelta(seconds=5)
    town.taps("ช่างต้น", "รับเรื่อง")
    town.says("ป้าแก้ว", "เมนู")
    town.taps("ช่างต้น", "แจ้งความคืบหน้า")
    town.says("ช่างต้น", "สั่งยางมะตอยแล้ว")
    town.taps("ช่างต้น", "เอาคืน")
    assert "ยางมะตอย" not in words(town.says("ป้าแก้ว", "เมนู"))


# --- many members


def test_equal_news_share_rows_and_everybody_gets_them_once(store: Store) -> None:
    town = Town(store, now=MONDAY.replace(hour=9), judged=False)
    filled(town, 600, 100)
    plan(town)
    _, passes = plan(town)
    assert passes == 1, "nothing is due twice"
    with store.reading() as unit:
        rows = list(unit.session.scalars(select(Outbox)))
        many = [row for row in rows if row.many]
        inside = list(unit.session.scalars(select(Recipient.person_id)))
        alone = [row.person_id for row in rows if not row.many]
    assert many and len(inside) == len(set(inside)) and set(inside).isdisjoint(alone)
    with store.reading() as unit:
        told = select(Step.membership_id).where(Step.number == 4, Step.sent_at.is_not(None))
        assert set(unit.session.scalars(told)) == {*inside, *alone}


def test_news_of_several_networks_reach_a_member_as_one_message_with_one_question(store: Store) -> None:
    town = Town(store, now=MONDAY.replace(hour=9), judged=False)
    filled(town, 40, 0)
    long_ago = MONDAY - timedelta(days=100)
    with store.writing() as unit:
        unit.change(update(Membership).values(joined_at=long_ago, every="weekly"))
        first = unit.session.get_one(Membership, 1)
        other = Membership(
            id=1000,
            network=next(code for code in town.house.book(unit).networks if code != first.network),
            person_id=first.person_id,
            state="active",
            joined_at=long_ago,
            steps=[Step(number=4, state="due", due_at=MONDAY, outcome="", evidence={})],
        )
        unit.add(other)
    plan(town)
    with store.reading() as unit:
        hers = select(Outbox).where(Outbox.person_id == first.person_id)
        (row,) = unit.session.scalars(hers)
        inside = select(Recipient).where(Recipient.person_id == first.person_id)
        assert unit.session.scalars(inside).all() == []
    assert len(row.messages) == 2
    asking = [
        data
        for _, data in Seen(row.to, row.purpose, row.messages, "push").buttons
        if data.startswith(("do=opinion", "do=checkin"))
    ]
    assert len({data.split("network=")[-1].split("&")[0] for data in asking}) <= 1


def test_who_leaves_or_is_forgotten_before_the_sending_is_taken_out(store: Store) -> None:
    town = Town(store, now=MONDAY.replace(hour=9), judged=False)
    filled(town, 600, 100)
    plan(town)
    with store.writing() as unit:
        inside = list(unit.session.scalars(select(Recipient.person_id).order_by(Recipient.person_id)))
        gone = unit.get(Person, inside[0])
        assert gone is not None
        privacy.forget(Scene(town.house, unit, town.now, town.now.timestamp()), gone)
    town.names["ลา"] = f"U{inside[1]:032x}"
    with store.reading() as unit:
        network = unit.session.scalar(select(Membership.network).where(Membership.person_id == inside[1]))
        person = person_rows.by_ids(unit, [inside[1]])[0]
    assert person.line_id == town.names["ลา"]
    town.taps_data("ลา", "do=consent&ok=1")
    town.taps_data("ลา", f"do=network.leave&network={network}")
    messenger = ScriptedMessenger([])
    delivery = Delivery(store, messenger, "w", senders=2)
    while delivery.pass_once(town.now.timestamp() + 100, town.now):
        pass
    reached = [line_id for group in messenger.groups for line_id in group]
    assert reached and not {f"U{n:032x}" for n in inside[:2]} & set(reached)
    assert len(reached) == len(set(reached)) == len(inside) - 2
    with store.reading() as unit:
        counted = unit.session.scalar(select(func.sum(Outbox.counted)).where(Outbox.many.is_(True)))
        states = set(unit.session.scalars(select(Outbox.state).where(Outbox.many.is_(True))))
    assert counted == len(reached) and states == {RowState.DONE}


def test_a_planning_that_breaks_off_leaves_nothing_half_done(store: Store) -> None:
    """One page is one transaction: what was planned is due no more, what was not is due still."""
    town = Town(store, now=MONDAY.replace(hour=9), judged=False)
    filled(town, 300, 0)
    with pytest.raises(KeyboardInterrupt), store.writing() as unit:
        member_news.send_due(Scene(town.house, unit, town.now, town.now.timestamp()), set())
        raise KeyboardInterrupt
    with store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Outbox)) == 0
    plan(town)
    with store.reading() as unit:
        due = select(func.count()).select_from(Step).where(Step.number == 4, Step.due_at <= town.now)
        assert unit.session.scalar(due) == 0


def test_the_news_button_is_the_same_for_all_and_answers_for_its_own_member_only(town: Town) -> None:
    assert "อยู่" not in words(town.taps_data("ป้าแก้ว", "do=checkin&ref=news-ROADS&a=good"))
    town.taps_data("ป้าแก้ว", "do=network.join&network=ROADS")
    assert words(town.taps_data("ป้าแก้ว", "do=checkin&ref=news-ROADS&a=good")) == "ดีใจค่ะ ขอบคุณนะคะ"
    for data in ("ref=news-NOPE&a=good", "ref=news-ROADS&a=edited", "ref=news-&a=good"):
        assert words(town.taps_data("ป้าแก้ว", f"do=checkin&{data}")) != "ดีใจค่ะ ขอบคุณนะคะ"


# --- L2


def test_l2_what_is_done_together_carries_its_level_and_its_promise(town: Town) -> None:
    assert participation.of_poll("inform") == "collaborate" and participation.of_poll("empower") == "empower"
    assert (
        participation.of_activity("cleanup") == "empower" and participation.of_activity("nope") == "involve"
    )
    assert participation.shares(["inform", "empower", "empower", "??"]) == {
        "inform": 1 / 3,
        "consult": 0.0,
        "involve": 0.0,
        "collaborate": 0.0,
        "empower": 2 / 3,
    }
    assert participation.shares([]) == {}


def test_l2_representatives_see_with_digest_and_task_what_members_were_promised(town: Town) -> None:
    promised = "ที่สัญญากับสมาชิก"
    with town.store.reading() as unit:
        row = town.house.book(unit).networks["ROADS"]
    keeps = participation.promised(row.level, "th", say)
    told = words(town.taps_data("ครูฝน", "do=network.show&network=ROADS"))
    assert promised in told and keeps in told
    town.settle("ลุงมี")
    town.taps_data("ลุงมี", "do=network.join&network=ROADS")
    town.wait(days=2, hours=1)
    asked = words(town.taps("ลุงมี", "ยังไม่มี"))
    assert promised in asked and keeps in asked, "the task of a representative"


# --- by mail


def test_l15_an_address_gets_nothing_but_a_code_until_it_came_back(town: Town) -> None:
    town.turn_on_mail()
    town.taps_data("ป้าแก้ว", "do=network.join&network=ROADS")
    town.taps_data("ป้าแก้ว", "do=digest.mail")
    assert "อ่านอีเมลไม่ออก" in words(town.says("ป้าแก้ว", "ไม่มี"))
    town.says("ป้าแก้ว", "kaew@example.com")
    code = town.mail_to("kaew@example.com").body
    wrong = "000000" if code != "000000" else "111111"
    assert "ยังไม่ตรง" in words(town.says("ป้าแก้ว", wrong))
    town.wait(days=8)
    assert len([s for s in town.seen if s.to == "kaew@example.com"]) == 1, (
        "not confirmed, so no news go there"
    )
    town.taps_data("ป้าแก้ว", "do=digest.mail")
    town.says("ป้าแก้ว", "kaew@example.com")
    code = town.mail_to("kaew@example.com").body
    assert "เรียบร้อย" in words(town.says("ป้าแก้ว", code))
    town.says("ป้าแก้ว", "ถนนเป็นหลุมลึกหน้าวัดศรีสุทธาวาส")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    town.wait(days=8)
    sent = town.mail_to("kaew@example.com")
    assert sent.stop and "ข่าวจาก" in sent.title


def test_five_wrong_codes_end_a_code(town: Town) -> None:
    town.turn_on_mail()
    town.taps_data("ป้าแก้ว", "do=digest.mail")
    town.says("ป้าแก้ว", "kaew@example.com")
    code = town.mail_to("kaew@example.com").body
    for number in range(5):
        town.says("ป้าแก้ว", f"{(int(code) + number + 1) % 1_000_000:06d}")
    assert "ใช้ไม่ได้แล้ว" in words(town.says("ป้าแก้ว", code))


def with_mail(town: Town, name: str = "ป้าแก้ว", address: str = "kaew@example.com") -> None:
    """She gets her news by mail from now on."""
    town.turn_on_mail()
    town.taps_data(name, "do=network.join&network=ROADS")
    town.taps_data(name, "do=digest.mail")
    town.says(name, address)
    town.says(name, town.mail_to(address).body)
    town.says(name, "ไฟทางดับหน้าวัดศรีสุทธาวาส")
    town.taps(name, "ส่งเรื่อง")


def test_l15_the_mail_arrives_at_a_real_server_with_one_click_to_end_it(town: Town) -> None:
    with_mail(town)
    town.wait(days=7)
    box, letter = Postbox(), letter_to(town, "kaew@example.com")
    with smtp_server(box) as url:
        assert EmailGateway(url, town.house, MARK).send(letter).kind == Sent.OK
    (mail,) = box.mails
    link = f"https://saan.example/mail/news/{mail_links.token(town.house, letter.messages[0]['stop'])}"
    assert mail["List-Unsubscribe"].strip() == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None and link in body.get_content() and "ข่าวจาก" in body.get_content()


def test_news_by_mail_cost_no_push_and_end_with_the_link(town: Town) -> None:
    with_mail(town)
    sends = town.wait(days=7)
    assert [s.how for s in sends if s.purpose == "digest" and "ข่าวจาก" in s.text] == ["email"]
    word = mail_links.token(town.house, town.mail_to("kaew@example.com").stop)
    with town.store.writing() as unit:
        scene = Scene(town.house, unit, town.now, town.now.timestamp())
        assert digest_mail.stop(scene, word) and not digest_mail.stop(scene, word)
        assert not digest_mail.stop(scene, "0" * 40)
    town.says("ป้าแก้ว", "ถนนเป็นหลุมลึกหน้าวัดศรีสุทธาวาส")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    assert "email" not in {s.how for s in town.wait(days=7) if s.purpose == "digest"}


# --- the month


def test_digests_leave_alone_what_cases_will_need_until_the_month_ends() -> None:
    month = quota.Month(allowed=1000, used=300, others=200, planned=0, passed=0.5)
    assert quota.room_for_digests(month) == 500
    assert quota.room_for_digests(replace(month, passed=0.1)) == 0
    assert quota.room_for_digests(replace(month, others=0, used=0)) == 900
    assert quota.room_for_digests(replace(month, planned=600)) == 0
    june = datetime(2026, 6, 16, tzinfo=UTC).timestamp()
    assert quota.passed(june) == 0.5 and quota.began(june) == datetime(2026, 6, 1, tzinfo=UTC).timestamp()


def test_news_wait_when_the_month_is_nearly_spent(store: Store) -> None:
    town = Town(store, now=MONDAY.replace(hour=9), judged=False)
    town.house.line_month = 100
    filled(town, 300, 800)
    plan(town)
    with store.reading() as unit:
        alone = unit.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.many.is_(False)))
        inside = unit.session.scalar(select(func.count()).select_from(Recipient))
    assert (alone or 0) + (inside or 0) == 90, "a tenth is kept"
