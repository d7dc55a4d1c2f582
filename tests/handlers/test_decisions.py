"""Joint decisions in a whole town, on both databases."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from handlers.services import closing, reports
from handlers.talk import Scene
from store import Store
from store.models import Case, Membership, Objection, Outbox, Person, Poll, Promise, Statement, Vote
from store.queries import decisions as rows
from store.words import RoleName
from tests.town import MONDAY, Seen, Town, words

ROADS = "ROADS"


class Net:
    """A town with a network, its representative, and members."""

    def __init__(self, store: Store, members: int = 3, code: str = ROADS) -> None:
        self.town, self.store, self.code = Town(store), store, code
        self.town.settle("ครูฝน", RoleName.REPRESENTATIVE, network=code)
        self.members = [f"สมาชิก{i}" for i in range(1, members + 1)]
        for name in self.members:
            self.join(name)

    def join(self, name: str, code: str = "") -> None:
        self.town.settle(name)
        self.town.taps_data(name, f"do=network.join&network={code or self.code}")

    def open(self, *statements: str, case: str = "") -> int:
        """Prepare and open a decision; gives its id."""
        link = f"&case={case}" if case else ""
        self.town.taps_data("ครูฝน", f"do=poll.new&network={self.code}{link}")
        for said in ("ควรติดไฟเพิ่มที่ไหน", "งบมีสิบต้น", *(statements or ("หน้าโรงเรียน", "ในซอยมืด"))):
            self.town.says("ครูฝน", said)
        self.town.taps("ครูฝน", "พอแล้ว")
        self.town.taps("ครูฝน", "เปิดให้ออกเสียง")
        return self.polls()[0].id

    def polls(self) -> list[Poll]:
        with self.store.reading() as unit:
            found = rows.of_network(unit, self.code)
            for poll in found:
                _ = poll.rounds, poll.statements, poll.promises
            return found

    def statements(self) -> dict[str, int]:
        return {one.text: one.id for one in self.polls()[0].statements if one.state == "shown"}

    def vote(self, name: str, text: str, answer: str) -> list[Seen]:
        poll = self.polls()[0].id
        return self.town.taps_data(
            name, f"do=vote&poll={poll}&statement={self.statements()[text]}&a={answer}"
        )

    def votes(self) -> int:
        with self.store.reading() as unit:
            return unit.session.scalar(select(func.count()).select_from(Vote)) or 0

    def data(self) -> dict[str, object]:
        with self.store.reading() as unit:
            book = self.town.house.book(unit)
            return reports.network(unit, book, book.networks[self.code], self.town.now)["decisions"][0]

    def pushes(self, name: str, purpose: str = "decision") -> list[str]:
        to = self.town.line_id(name)
        return [s.text for s in self.town.seen if (s.to, s.how, s.purpose) == (to, "push", purpose)]


@pytest.fixture
def net(store: Store) -> Net:
    return Net(store)


# --- L10: who may decide


def test_l10_without_members_who_decide_the_bot_says_kindly_what_is_missing(store: Store) -> None:
    net = Net(store, 1, "SAFE")
    said = words(net.town.taps_data("ครูฝน", "do=poll.new&network=SAFE"))
    assert "สมาชิกมีสิทธิตัดสินใจ" in said and "มีเป้าหมาย" not in said
    assert net.polls() == []


def test_l10_a_network_of_citizens_alone_waits_for_an_agency_of_the_state(store: Store) -> None:
    net = Net(store, 1, "NAMMAN")
    assert "มีทั้งหน่วยงานรัฐ" in words(net.town.taps_data("ครูฝน", "do=poll.new&network=NAMMAN"))
    net.town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    net.join("ช่างต้น")
    assert "เรื่องอะไร" in words(net.town.taps_data("ครูฝน", "do=poll.new&network=NAMMAN"))


@pytest.mark.parametrize("do", ["poll.new&network=ROADS", "poll.new&network=NONE", "poll.new"])
def test_only_representatives_of_the_network_begin_a_decision(net: Net, do: str) -> None:
    assert "ตัวแทน" in words(net.town.taps_data("สมาชิก1", f"do={do}"))
    with net.store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Poll)) == 0


# --- L11: deliberation


def test_l11_every_member_is_asked_once_with_background_and_first_statement(net: Net) -> None:
    net.open()
    for name in net.members:
        (said,) = net.pushes(name)
        assert "งบมีสิบต้น" in said and "ข้อ 1 จาก 2" in said
    net.town.wait(minutes=10)
    net.town.wait(days=1)
    assert [len(net.pushes(name)) for name in net.members] == [1, 1, 1]


def test_l11_one_person_one_vote_even_with_several_roles_and_memberships(net: Net) -> None:
    net.town.settle("ป้าแก้ว", RoleName.OFFICIAL, agency="WORKS")
    net.join("ป้าแก้ว")
    net.join("ป้าแก้ว", "GREEN")
    net.town.settle("ป้าแก้ว", RoleName.REPRESENTATIVE, network=ROADS)
    net.open()
    for answer in ("agree", "agree", "disagree", "agree"):
        net.vote("ป้าแก้ว", "หน้าโรงเรียน", answer)
    assert net.votes() == 1
    row = net.data()["statements"][0]  # type: ignore[index]
    assert (row["agree"], row["disagree"]) == (1, 0)


def test_l11_a_vote_may_be_changed_until_the_close_and_never_afterwards(net: Net) -> None:
    net.open()
    net.vote("สมาชิก1", "หน้าโรงเรียน", "agree")
    assert "เปลี่ยนเป็น" in words(net.vote("สมาชิก1", "หน้าโรงเรียน", "disagree"))
    net.town.now += timedelta(days=7)  # the clock's job has not run yet
    net.vote("สมาชิก1", "หน้าโรงเรียน", "agree")
    net.town.run_jobs()
    assert "ปิดรับแล้ว" in words(net.vote("สมาชิก1", "หน้าโรงเรียน", "agree"))
    row = next(r for r in net.data()["statements"] if r["text"] == "หน้าโรงเรียน")  # type: ignore[attr-defined]
    assert (row["agree"], row["disagree"]) == (0, 1)


def test_l11_numbers_are_hidden_until_one_has_answered_that_statement(net: Net) -> None:
    poll = net.open()
    net.vote("สมาชิก1", "หน้าโรงเรียน", "agree")
    before = words(net.town.taps_data("สมาชิก2", f"do=poll.show&poll={poll}"))
    assert "เห็นด้วย 1" not in before and "ตอบก่อนแล้วจะเห็นผล" in before
    net.vote("สมาชิก2", "หน้าโรงเรียน", "pass")
    after = words(net.town.taps_data("สมาชิก2", f"do=poll.show&poll={poll}"))
    assert "เห็นด้วย 1 ไม่เห็นด้วย 0 ข้าม 1" in after and after.count("ไม่เห็นด้วย 0") == 1


def test_l11_who_wants_no_news_is_not_pushed_and_may_vote_all_the_same(net: Net) -> None:
    net.town.taps_data("สมาชิก1", "do=digest.freq&network=ROADS&every=off")
    net.open()
    assert net.pushes("สมาชิก1") == []
    net.town.says("สมาชิก1", "เครือข่าย")
    net.town.taps("สมาชิก1", "ออกเสียง")
    net.town.taps("สมาชิก1", "เห็นด้วย")
    assert net.votes() == 1
    net.town.wait(days=6)
    net.town.wait(days=1)
    assert net.pushes("สมาชิก1") == []


def test_l11_members_add_statements_that_the_representative_reads_first(net: Net) -> None:
    poll = net.open()
    net.town.taps_data("สมาชิก1", f"do=poll.add&poll={poll}")
    net.town.says("สมาชิก1", "โทรหาลุงที่ 081-234-5678 ก่อนติดไฟ")
    assert "081" not in words(net.town.seen[-2:]), "personal data is masked"
    assert len(net.statements()) == 2
    net.town.taps("ครูฝน", "ให้ทุกคนเห็น")
    assert len(net.statements()) == 3
    net.town.taps_data("สมาชิก2", f"do=poll.add&poll={poll}")
    net.town.says("สมาชิก2", "คำไม่สุภาพ")
    net.town.taps("ครูฝน", "ยังไม่แสดง")
    assert len(net.statements()) == 3 and "ขอยังไม่แสดง" in net.pushes("สมาชิก2")[-1]
    assert "ตัดสินไปแล้ว" in words(net.town.taps("ครูฝน", "ให้ทุกคนเห็น"))


def test_l11_a_member_adds_only_a_few_statements(net: Net) -> None:
    poll = net.open()
    for i in range(5):
        net.town.taps_data("สมาชิก1", f"do=poll.add&poll={poll}")
        net.town.says("สมาชิก1", f"ข้อเสนอ {i}")
    assert "พอแล้ว" in words(net.town.taps_data("สมาชิก1", f"do=poll.add&poll={poll}"))


def test_l11_a_late_word_is_a_new_message_and_no_reason(net: Net) -> None:
    net.open()
    net.vote("สมาชิก1", "หน้าโรงเรียน", "disagree")
    net.town.taps("สมาชิก1", "บอกเหตุผล")
    net.town.now += timedelta(hours=1)
    net.town.says("สมาชิก1", "ไฟทางดับหน้าวัดโพนงามค่ะ")
    with net.store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Objection)) == 0


def _objected(net: Net) -> int:
    """A decision whose first round ended with a reason against a statement."""
    poll = net.open()
    for name in ("ครูฝน", *net.members[:2]):
        net.vote(name, "หน้าโรงเรียน", "agree")
    net.vote("สมาชิก3", "หน้าโรงเรียน", "disagree")
    net.town.taps("สมาชิก3", "บอกเหตุผล")
    net.town.says("สมาชิก3", "ซอยข้างวัดมืดกว่า")
    net.town.wait(days=7)
    return poll


def test_l11_reasons_bring_a_second_round_about_the_amended_statement(net: Net) -> None:
    _objected(net)
    assert net.polls()[0].state == "revising" and "ซอยข้างวัดมืดกว่า" in net.pushes("ครูฝน")[-1]
    net.town.taps("ครูฝน", "ปรับข้อความนี้")
    net.town.says("ครูฝน", "หน้าโรงเรียนห้าต้น ซอยข้างวัดห้าต้น")
    net.town.taps("ครูฝน", "เปิดรอบต่อไป")
    net.town.wait(hours=5)  # members were asked something else just before
    assert [len(net.pushes(name)) for name in net.members] == [2, 2, 2], "one push per round"
    for name in ("ครูฝน", *net.members):
        net.vote(name, "หน้าโรงเรียนห้าต้น ซอยข้างวัดห้าต้น", "agree")
    net.town.wait(days=7)
    poll = net.polls()[0]
    assert (poll.state, poll.outcome, len(poll.rounds)) == ("closed", "agreed", 2)
    agreed = [row["text"] for row in net.data()["statements"] if row["agreed"]]  # type: ignore[attr-defined]
    assert agreed == ["หน้าโรงเรียนห้าต้น ซอยข้างวัดห้าต้น"]


def test_l11_a_second_round_opens_by_itself_after_a_week_if_something_was_amended(net: Net) -> None:
    _objected(net)
    net.town.taps("ครูฝน", "ปรับข้อความนี้")
    net.town.says("ครูฝน", "อย่างละห้าต้น")
    net.town.wait(days=7)
    assert net.polls()[0].state == "open" and len(net.polls()[0].rounds) == 2


def test_l11_with_nothing_amended_the_first_round_stands(net: Net) -> None:
    _objected(net)
    net.town.wait(days=7)
    poll = net.polls()[0]
    assert (poll.state, poll.outcome, len(poll.rounds)) == ("closed", "agreed", 1)


def test_l11_the_reminder_comes_once_two_days_before_for_all_open_decisions_together(net: Net) -> None:
    net.open()
    net.town.now += timedelta(hours=5)
    net.open("ทาสีทางม้าลาย")
    net.town.wait(hours=1)
    net.town.now = MONDAY + timedelta(days=4)
    net.town.run_jobs()
    net.town.wait(days=1, hours=8)
    reminders = [said for said in net.pushes("สมาชิก1") if "ยังมีข้อที่รอ" in said]
    assert len(reminders) == 1 and "อีก 1 เรื่อง" in reminders[0]
    net.town.wait(hours=12)
    net.town.wait(hours=5)
    assert len([said for said in net.pushes("สมาชิก1") if "ยังมีข้อที่รอ" in said]) == 1


def test_l11_nobody_is_asked_two_things_at_once(net: Net) -> None:
    net.open()
    net.open("ทาสีทางม้าลาย")
    assert len(net.pushes("สมาชิก1")) == 1
    net.town.wait(hours=5)
    assert len(net.pushes("สมาชิก1")) == 2


def test_l11_in_quiet_hours_nobody_is_asked(net: Net) -> None:
    net.town.now = MONDAY.replace(hour=22)
    net.open()
    assert net.pushes("สมาชิก1") == []
    net.town.wait(until=(MONDAY + timedelta(days=1)).replace(hour=7, minute=1))
    assert len(net.pushes("สมาชิก1")) == 1


def test_l11_who_joins_later_is_asked_too(net: Net) -> None:
    net.open()
    net.join("มาใหม่")
    net.town.wait(minutes=2)
    assert len(net.pushes("มาใหม่")) == 1


def test_l11_too_few_answers_make_no_decision_and_everyone_hears_it(net: Net) -> None:
    net.open()
    net.vote("สมาชิก1", "หน้าโรงเรียน", "agree")
    net.town.wait(days=7)
    assert net.polls()[0].outcome == "no_quorum"
    assert all("ยังไม่ครบ" in net.pushes(name)[-1] for name in net.members)


def test_l11_who_has_left_no_longer_counts(net: Net) -> None:
    net.open()
    for name in net.members:
        net.vote(name, "หน้าโรงเรียน", "agree")
    net.town.taps_data("สมาชิก1", "do=network.leave&network=ROADS")
    assert (net.data()["voters"], net.data()["members"]) == (2, 3)


@pytest.mark.parametrize("members", [16])
def test_l11_groups_of_opinion_are_shown_with_what_joins_them_first(store: Store, members: int) -> None:
    net = Net(store, members)
    net.town.judged = True
    texts = ["ไฟหน้าโรงเรียน", "ไฟในซอย", "ไฟริมน้ำ", "ไฟที่ตลาด", "ซ่อมของเดิมก่อน"]
    net.open(*texts)
    for i, name in enumerate(net.members):
        side = i % 2 == 0
        for text in texts[:2]:
            net.vote(name, text, "agree" if side else "disagree")
        for text in texts[2:4]:
            net.vote(name, text, "disagree" if side else "agree")
        net.vote(name, texts[4], "agree")
    net.town.wait(days=7)
    found = net.data()
    assert found["groups"]["sizes"] == [8, 8]  # type: ignore[index]
    assert found["statements"][0]["text"] == "ซ่อมของเดิมก่อน"  # type: ignore[index]
    said = net.pushes("ครูฝน")[-1]
    assert said.index("ซ่อมของเดิมก่อน") < said.index("ไฟหน้าโรงเรียน")
    assert "ไม่ได้บอกว่าใครเป็นคนแบบไหน" in said


# --- L11, L25: what is done with it


def _decided(net: Net, case: str = "") -> int:
    poll = net.open(case=case)
    for name in ("ครูฝน", *net.members):
        net.vote(name, "หน้าโรงเรียน", "agree")
    net.town.wait(days=7)
    return poll


def _promise(net: Net, due: str = "12 ธ.ค.") -> None:
    net.town.taps("ครูฝน", "บอกว่าจะทำอะไรต่อ")
    for said in ("ติดไฟสิบต้น", "กองช่าง", due):
        net.town.says("ครูฝน", said)


def test_l25_the_result_goes_out_with_what_will_be_done_by_whom_by_when(net: Net) -> None:
    _decided(net)
    assert [len(net.pushes(name)) for name in net.members] == [1, 1, 1], "it waits for the promise"
    _promise(net)
    net.town.taps("ครูฝน", "ส่งให้ทุกคน")
    for name in net.members:
        said = net.pushes(name)[-1]
        assert "ตกลงร่วมกันได้แล้ว" in said and "ติดไฟสิบต้น — กองช่าง ภายใน ส. 12 ธ.ค." in said
    assert "ส่งให้สมาชิกแล้ว" in words(net.town.taps("ครูฝน", "ส่งให้ทุกคน"))


def test_l11_without_a_promise_the_result_still_goes_out_after_three_days(net: Net) -> None:
    _decided(net)
    net.town.wait(days=3)
    assert all("ผลการตัดสินใจ" in net.pushes(name)[-1] for name in net.members)
    count = len(net.pushes("สมาชิก1"))
    net.town.wait(hours=1)
    assert len(net.pushes("สมาชิก1")) == count


def test_l25_a_promise_is_reminded_asked_for_and_its_fulfilment_told_to_everyone(net: Net) -> None:
    _decided(net)
    _promise(net)
    net.town.taps("ครูฝน", "ส่งให้ทุกคน")
    net.town.wait(until=datetime(2026, 12, 11, 17, 5, tzinfo=MONDAY.tzinfo))
    assert "พรุ่งนี้ถึงกำหนด" in net.pushes("ครูฝน", "reminder")[-1]
    net.town.taps("ครูฝน", "ทำแล้ว")
    net.town.says("ครูฝน", "ติดครบแล้ว")
    assert all("ติดครบแล้ว" in net.pushes(name)[-1] for name in net.members)
    assert "บอกสมาชิกไปแล้ว" in words(net.town.taps("ครูฝน", "ทำแล้ว"))
    assert net.data()["promises"][0]["state"] == "kept"  # type: ignore[index]


def test_l25_a_promise_without_a_word_counts_as_broken_after_a_week(net: Net) -> None:
    _decided(net)
    _promise(net)
    net.town.wait(until=datetime(2026, 12, 12, 17, 5, tzinfo=MONDAY.tzinfo))
    assert "ถึงกำหนด" in net.pushes("ครูฝน", "reminder")[-1]
    net.town.wait(days=8)
    assert net.data()["promises"][0]["state"] == "broken"  # type: ignore[index]
    net.town.taps("ครูฝน", "ทำแล้ว")
    net.town.says("ครูฝน", "เสร็จแล้ว ขอโทษที่ช้า")
    with net.store.reading() as unit:
        promised = unit.session.scalars(select(Promise)).one()
        assert (promised.state, promised.ended_at is not None) == ("broken", True)


def test_l25_a_date_that_has_passed_or_cannot_be_read_promises_nothing(net: Net) -> None:
    _decided(net)
    _promise(net, "สักวันหนึ่ง")
    assert "อ่านวันไม่ออก" in net.town.seen[-1].text
    net.town.says("ครูฝน", "1/1/2560")
    assert "ผ่านไปแล้ว" in net.town.seen[-1].text
    assert net.data()["promises"] == []


def test_a_decision_about_a_case_stands_in_its_public_history(net: Net) -> None:
    net.town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    net.town.says("สมาชิก1", "ไฟทางดับหน้าวัดโพนงามค่ะ")
    net.town.taps("สมาชิก1", "ส่งเรื่อง")
    code = net.town.case().code
    _decided(net, code)
    row = next(row for row in net.town.case(code).history if row.kind == "decided")
    assert row.public and "หน้าโรงเรียน" in row.text and "ในซอยมืด" not in row.text
    assert any("เครือข่ายตัดสินใจร่วมกันแล้ว" in said for said in net.pushes("ช่างต้น", "card"))


def test_a_case_of_another_network_cannot_be_decided_here(net: Net) -> None:
    net.town.says("สมาชิก1", "ขยะล้นถังหน้าตลาดส่งกลิ่นเหม็นมาก")
    net.town.taps("สมาชิก1", "ส่งเรื่อง")
    code = net.town.case().code
    assert net.town.case().network != ROADS
    assert "ไม่พบเรื่องนี้" in words(net.town.taps_data("ครูฝน", f"do=poll.new&network=ROADS&case={code}"))


# --- nobody outside sees inside


FOREIGN = """
poll.show&poll={poll} vote&poll={poll}&statement={one}&a=agree poll.why&poll={poll}&statement={one}
poll.again&poll={poll}&statement={one} poll.add&poll={poll} poll.start&poll={poll}
poll.allow&poll={poll}&statement={one}&ok=1 poll.revise&poll={poll}&statement={one} poll.promise&poll={poll}
poll.tell&poll={poll} poll.preview&poll={poll} poll.drop&poll={poll} poll.skip&poll={poll} poll.more&poll={poll}
promise.kept&promise=1&ok=1
"""


def test_nobody_outside_sees_inside_or_changes_anything(store: Store) -> None:
    net = Net(store, 1)
    net.town.settle("คนนอก")
    net.town.settle("ตัวแทนอื่น", RoleName.REPRESENTATIVE, network="GREEN")
    net.join("คนออกแล้ว")
    poll = net.open()
    net.town.taps_data("คนออกแล้ว", "do=network.leave&network=ROADS")
    one = net.statements()["หน้าโรงเรียน"]
    for who in ("คนนอก", "ตัวแทนอื่น", "คนออกแล้ว"):
        for data in FOREIGN.split():
            seen = net.town.taps_data(who, "do=" + data.format(poll=poll, one=one))
            said = words(seen)
            assert len(seen) == 1 and "ไม่พบเรื่องที่ให้ออกเสียงนี้" in said, (who, data)
            assert "ไฟ" not in said and "โรงเรียน" not in said
    assert net.votes() == 0 and net.polls()[0].state == "open"


@pytest.mark.parametrize("poll", ["", "0", "-1", "x", "9" * 30, "๑", "1e3", "1 or 1=1"])
def test_an_edited_id_gets_a_polite_answer(net: Net, poll: str) -> None:
    net.open()
    assert "ไม่พบ" in words(net.town.taps_data("สมาชิก1", f"do=poll.show&poll={poll}"))


# --- one database, several hands


def test_two_members_who_vote_at_once_are_both_counted(net: Net) -> None:
    poll = net.open()
    one = net.statements()["หน้าโรงเรียน"]
    barrier = threading.Barrier(4)
    names = ["ครูฝน", *net.members]
    with net.store.reading() as unit:
        ids = {
            name: unit.session.scalar(select(Person.id).where(Person.line_id == net.town.line_id(name)))
            for name in names
        }

    def cast(name: str) -> None:
        from handlers.services import decisions

        barrier.wait()
        with net.store.writing() as unit:
            scene = Scene(net.town.house, unit, net.town.now, net.town.now.timestamp())
            person, found = unit.get(Person, ids[name]), unit.get(Poll, poll)
            statement = unit.get(Statement, one)
            assert person and found and statement
            decisions.vote(scene, found, statement, person, "agree")

    threads = [threading.Thread(target=cast, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert net.votes() == 4
    row = next(r for r in net.data()["statements"] if r["id"] == one)  # type: ignore[attr-defined]
    assert row["agree"] == 4


def test_running_the_clock_twice_at_one_instant_sends_nothing_twice(net: Net) -> None:
    _objected(net)
    for _ in range(2):
        for days in (0, 7, 8, 11):
            with net.store.writing() as unit:
                now = net.town.now + timedelta(days=days)
                scene = Scene(net.town.house, unit, now, now.timestamp())
                closing.run(scene)
                assert closing.run(scene) == 0
    with net.store.reading() as unit:
        once = list(unit.session.scalars(select(Outbox.once).where(Outbox.purpose == "decision")))
        assert len(once) == len(set(once)) and all(once)


# --- the law


def test_words_taken_back_or_forgotten_vanish_from_a_decision(net: Net) -> None:
    poll = net.open()
    net.town.taps_data("สมาชิก1", f"do=poll.add&poll={poll}")
    net.town.says("สมาชิก1", "ข้อความของฉัน")
    net.vote("สมาชิก2", "หน้าโรงเรียน", "disagree")
    net.town.taps("สมาชิก2", "บอกเหตุผล")
    net.town.says("สมาชิก2", "เหตุผลของฉัน")
    with net.store.reading() as unit:
        message = unit.session.scalar(select(Statement.message_id).where(Statement.text == "ข้อความของฉัน"))
    from handlers.incoming import Kind

    net.town.does("สมาชิก1", Kind.UNSEND, message_id=message)
    net.town.taps_data("สมาชิก2", "do=me.forget&sure=1")
    with net.store.reading() as unit:
        assert not list(unit.session.scalars(select(Statement).where(Statement.text == "ข้อความของฉัน")))
        assert list(unit.session.scalars(select(Objection.text))) == [""]
        left = unit.session.scalars(select(Membership).where(Membership.state == "left"))
        assert len(list(left)) == 1
    assert net.votes() == 0


def test_the_copy_of_her_data_holds_her_votes_and_words(net: Net) -> None:
    from handlers.services import privacy

    net.open()
    net.vote("สมาชิก1", "หน้าโรงเรียน", "agree")
    person = net.town.person("สมาชิก1")
    assert person is not None
    with net.store.reading() as unit:
        assert privacy.export(unit, person)["decisions"]["votes"] == ["หน้าโรงเรียน: agree"]


def test_a_draft_that_was_never_opened_is_dropped_after_a_month(net: Net) -> None:
    net.town.taps_data("ครูฝน", "do=poll.new&network=ROADS")
    net.town.says("ครูฝน", "ถามอะไรดี")
    net.town.wait(days=31)
    with net.store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Poll)) == 0
        assert unit.session.scalar(select(func.count()).select_from(Case)) == 0


def test_l3_the_charter_of_the_opening_day_holds_until_the_close(net: Net) -> None:
    net.open()
    with net.store.writing() as unit:
        from store.models import City, Network

        unit.get(Network, ROADS).consensus = 1.0  # type: ignore[union-attr]
        unit.get(City, 1).version += 1  # type: ignore[union-attr]
    net.town.house._book = None
    for name in ("ครูฝน", *net.members[:2]):
        net.vote(name, "หน้าโรงเรียน", "agree")
    net.vote("สมาชิก3", "หน้าโรงเรียน", "disagree")
    net.town.wait(days=7)
    assert net.data()["statements"][0]["agreed"] and net.data()["charter"]["consensus"] == 0.7  # type: ignore[index]
