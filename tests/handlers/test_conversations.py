"""What must hold in any chat, whoever speaks: consent first, nothing foreign, nothing stale, nothing lost."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.incoming import Kind
from store import Store
from store.models import Case, Conversation, Outbox, Report
from store.words import RoleName
from tests.town import CODE, Town, words

LIGHT = "ไฟทางดับมาสามคืนแล้วค่ะ หน้าวัดโพนงาม มืดมาก"
SHARED = Path(__file__).parents[3] / "shared" / "data"

HOSTILE = [
    "",
    "   ",
    "\u200b\u200d\ufeff",
    "😀" * 400,
    "ก" * 5000,
    "ที่" * 1600,
    "x" * 5000,
    "<script>alert('x')</script><b>หนา</b>",
    "'; DROP TABLE person; --",
    "{0} {code} %s %(x)s {{}}",
    "a\u202eb\u0000c",
    "ไฟดับ\n" * 300,
    "👨‍👩‍👧‍👦" * 300,
    "ำ" * 100,
    "http://example.com/" + "a" * 2000,
]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def report(town: Town, name: str = "ป้าแก้ว", text: str = LIGHT) -> str:
    """A citizen's report from first word to receipt; returns the case code."""
    town.settle(name)
    town.says(name, text)
    town.taps(name, "ส่งเรื่อง")
    return town.case().code


def test_nothing_but_the_waiting_message_is_kept_before_consent(town: Town) -> None:
    town.says("ป้าแก้ว", LIGHT)
    assert town.cases() == 0
    with town.store.reading() as unit:
        held = unit.session.scalars(select(Conversation.held)).one()
        assert [item["text"] for item in held or []] == [LIGHT]


def test_a_refused_consent_deletes_what_waited(town: Town) -> None:
    town.says("ป้าแก้ว", LIGHT)
    town.taps("ป้าแก้ว", "ไม่ยินยอม")
    with town.store.reading() as unit:
        assert unit.session.scalars(select(Conversation.held)).one() is None


def test_a_message_that_waited_a_day_is_deleted(town: Town) -> None:
    town.says("ป้าแก้ว", LIGHT)
    town.wait(hours=25)
    town.taps("ป้าแก้ว", "ยินยอม")
    assert "มืดมาก" not in words(town.seen[-1:])


def test_several_messages_before_consent_become_one_report(town: Town) -> None:
    town.says("ป้าแก้ว", "ไฟทางดับค่ะ")
    town.sends("ป้าแก้ว", Kind.PHOTO)
    town.says("ป้าแก้ว", "หน้าวัดโพนงาม")
    town.taps("ป้าแก้ว", "ยินยอม")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    case = town.case()
    assert "ไฟทางดับค่ะ" in case.text and "หน้าวัดโพนงาม" in case.text
    assert len(case.photos) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_get_a_polite_answer_and_break_nothing(town: Town, text: str) -> None:
    town.settle("ป้าแก้ว")
    assert town.says("ป้าแก้ว", text)
    for data in ("do=report.skip", "do=report.category&category=road", "do=report.skip", "do=report.confirm"):
        assert town.taps_data("ป้าแก้ว", data)
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    assert town.says("ช่างต้น", "งาน")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "do=",
        "do=case.accept",
        "do=case.rate&case=LOE69-0001&stars=9",
        "do=report.category&category=nothing",
        "do=vote&poll=1",
        "do=checkin&ref=step-99999999999999999999&a=yes",
        "do=checkin&ref=step-๑&a=yes",
        "do=checkin&ref=x&a=yes",
        "do=network.join&network=NONE",
        "do=digest.freq&network=ROADS&every=hourly",
        "do=consent&ok=1",
        "do=report.second&how=add",
        "do=ask.send&how=answer",
        "do=case.show&case=%00",
    ],
)
def test_an_edited_button_changes_nothing_and_is_answered(town: Town, data: str) -> None:
    code = report(town)
    before = town.case(code).version
    assert town.taps_data("ป้าแก้ว", data)
    assert town.case(code).version == before


def test_a_button_of_an_earlier_draft_is_stale(town: Town) -> None:
    town.settle("ป้าแก้ว")
    first = town.says("ป้าแก้ว", LIGHT)
    old = next(data for label, data in first[-1].buttons if label == "ส่งเรื่อง")
    town.says("ป้าแก้ว", "ยกเลิก")
    town.says("ป้าแก้ว", "ขยะล้นถังหน้าตลาดเช้าค่ะ")
    town.taps_data("ป้าแก้ว", old)
    assert town.cases() == 0


def test_confirming_twice_makes_one_case(town: Town) -> None:
    report(town)
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    assert town.cases() == 1


def test_strangers_neither_see_nor_change_a_case(town: Town) -> None:
    code = report(town)
    town.settle("คนอื่น")
    town.settle("ช่างประปา", RoleName.OFFICIAL, agency="PWA")
    for who in ("คนอื่น", "ช่างประปา"):
        for do in (
            "show",
            "accept",
            "decline",
            "ask",
            "progress",
            "done",
            "invite",
            "assign",
            "reopen",
            "unfollow",
        ):
            seen = town.taps_data(who, f"do=case.{do}&case={code}")
            assert "มืดมาก" not in words(seen), do
        town.taps_data(who, f"do=case.fixed&case={code}&ok=1")
        town.taps_data(who, f"do=case.rate&case={code}&stars=1")
        assert "มืดมาก" not in words(town.says(who, code))
    assert town.case(code).status == "offered"


def test_two_officials_press_at_once_and_the_second_is_told(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ช่างสอง", RoleName.OFFICIAL, agency="WORKS")
    code = report(town)
    town.taps("ช่างต้น", "รับเรื่อง")
    seen = town.taps("ช่างสอง", "รับเรื่อง")
    assert "ช่างต้น" in words(seen)
    assert [h.kind for h in town.case(code).history].count("accepted") == 1


def test_an_official_who_left_keeps_no_access(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town)
    with town.store.writing() as unit:
        person = unit.session.merge(town.person("ช่างต้น"))
        person.roles[0].ended_at = town.now
    town.taps_data("ช่างต้น", f"do=case.accept&case={code}")
    assert town.case(code).status == "offered"


def test_a_wrong_code_five_times_closes_the_door_for_an_hour(town: Town) -> None:
    good = town.code_for(RoleName.OFFICIAL, agency="WORKS")
    for _ in range(5):
        town.says("ช่างต้น", "AAAA-BBBB")
    assert "หนึ่งชั่วโมง" in words(town.says("ช่างต้น", good))
    town.now += timedelta(minutes=61)
    assert "ยินดีต้อนรับ" in words(town.says("ช่างต้น", good))


def test_a_code_works_once_and_only_for_a_week(town: Town) -> None:
    code = town.code_for(RoleName.OFFICIAL, agency="WORKS")
    late = town.code_for(RoleName.OFFICIAL, agency="WORKS")
    town.says("ช่างต้น", code)
    assert "ใช้ไปแล้ว" in words(town.says("คนอื่น", code))
    town.now += timedelta(days=8)
    assert "หมดอายุ" in words(town.says("คนอื่น", late))


def test_in_a_group_the_bot_speaks_only_when_named_and_takes_no_report_there(town: Town) -> None:
    group = "C" + "0" * 31 + "1"
    assert town.says("ป้าแก้ว", LIGHT, group=group) == []
    seen = town.says("ป้าแก้ว", LIGHT, group=group, mentioned=True)
    assert len(seen) == 1 and "ส่วนตัว" in words(seen)
    assert town.cases() == 0 and town.person("ป้าแก้ว") is None


def test_a_standby_channel_sends_nothing(town: Town) -> None:
    assert town.says("ป้าแก้ว", LIGHT, standby=True) == []


def test_what_is_said_while_somebody_else_holds_the_chat_opens_nothing_unseen(town: Town) -> None:
    town.settle("ป้าแก้ว")
    assert town.says("ป้าแก้ว", LIGHT, standby=True) == []
    seen = words(town.says("ป้าแก้ว", "ถนนเป็นหลุมลึกหน้าโรงเรียนเทศบาล 1"))
    assert "ถนน" in seen and "ไฟ" not in seen
    assert "ต่อเรื่องที่สอง" not in words(town.taps_data("ป้าแก้ว", "do=report.cancel"))


def test_nothing_goes_to_others_for_a_tap_in_standby(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้าแก้ว")
    town.says("ป้าแก้ว", LIGHT)
    assert town.taps_data("ป้าแก้ว", "do=report.confirm") and town.cases() == 1
    assert town.taps_data("ช่างต้น", "do=case.accept&case=LOE69-0001") != []
    town.says("ป้าแก้ว", "ขยะล้นถังหน้าตลาด")
    assert town.does("ป้าแก้ว", Kind.TAP, data={"do": "report.confirm"}, standby=True) == []
    assert town.cases() == 1


@pytest.mark.parametrize("again", [(Kind.FOLLOW, True), (Kind.FOLLOW, False), (Kind.TEXT, False)])
def test_who_comes_back_is_told_things_again(town: Town, again: tuple[Kind, bool]) -> None:
    town.settle("ป้าแก้ว")
    town.does("ป้าแก้ว", Kind.UNFOLLOW)
    assert town.person("ป้าแก้ว").blocked
    town.does("ป้าแก้ว", again[0], standby=again[1])
    assert not town.person("ป้าแก้ว").blocked


def test_taking_back_counts_in_standby_too(town: Town) -> None:
    town.settle("ป้าแก้ว")
    town.does("ป้าแก้ว", Kind.TEXT, text=LIGHT, message_id="taken-back")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    town.does("ป้าแก้ว", Kind.UNSEND, message_id="taken-back", standby=True)
    with town.store.reading() as unit:
        assert list(unit.session.scalars(select(Case.text))) == [""]


def test_what_she_takes_back_vanishes_everywhere(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้าแก้ว")
    secret = "ไฟทางดับหน้าวัดโพนงาม บ้านเลขที่ 99/9 ลับมาก"
    town.does("ป้าแก้ว", Kind.TEXT, text=secret, message_id="taken-back")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    town.does("ป้าแก้ว", Kind.UNSEND, message_id="taken-back")
    with town.store.reading() as unit:
        kept = [unit.session.scalars(select(c)).all() for c in (Case.text, Case.public_text, Report.text)]
        kept.append(
            [json.dumps(m, ensure_ascii=False) for m in unit.session.scalars(select(Outbox.messages))]
        )
        kept.append([h.text for h in unit.session.scalars(select(Case)).one().history])
    assert "ลับมาก" not in str(kept)


def test_a_forgotten_person_leaves_cases_without_words_and_hears_nothing_more(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town)
    town.taps_data("ป้าแก้ว", "do=me.forget&sure=1")
    seen = town.taps_data("ช่างต้น", f"do=case.accept&case={code}")
    assert {s.to for s in seen} == {town.line_id("ช่างต้น")}
    assert town.case(code).text == ""


def test_a_blocked_person_is_not_written_to(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    report(town)
    town.does("ป้าแก้ว", Kind.UNFOLLOW)
    seen = town.taps("ช่างต้น", "รับเรื่อง")
    assert {town.name_of(s.to) for s in seen} == {"ช่างต้น"}


def test_the_clock_does_nothing_twice(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    report(town)
    town.taps("ป้าแก้ว", "เข้าร่วม")
    for _ in range(12):
        town.wait(hours=17)
        assert town.run_jobs() == 0


def test_nothing_of_the_clock_is_sent_at_night(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    report(town)
    town.taps("ป้าแก้ว", "เข้าร่วม")
    town.taps("ช่างต้น", "รับเรื่อง")
    while town.now.month == 11:
        town.wait(hours=1)
        fresh = [s for s in town.seen if s.purpose in ("reminder", "step", "digest")]
        assert not fresh or not town.house._book.quiet(town.now)  # type: ignore[union-attr]
        town.seen.clear()


def test_an_invitation_to_a_network_comes_back_with_another_case_until_she_joins(town: Town) -> None:
    report(town)
    for invited in (True, False):
        town.says("ป้าแก้ว", f"ถนนเป็นหลุมหน้าวัดศรีสุทธาวาสค่ะ หลุมที่{'สอง' if invited else 'สาม'}")
        buttons = [b for s in town.taps("ป้าแก้ว", "ส่งเรื่อง") for b, _ in s.buttons]
        assert ("เข้าร่วม" in buttons) is invited
        town.taps_data("ป้าแก้ว", "do=network.join&network=ROADS")


def _real(limit: int | None) -> list[str]:
    path = SHARED / "real-messages.jsonl"
    if not path.exists():
        pytest.skip("the real messages are not on this machine")
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines[:: len(lines) // limit if limit else 1]]


def _through(town: Town, texts: list[str]) -> None:
    """Every text as a first message of somebody, through consent and all questions, to its end."""
    for number, text in enumerate(texts):
        name = f"คนที่ {number}"
        assert town.says(name, text)
        assert town.taps_data(name, "do=consent&ok=1")
        for data in (
            "do=report.skip",
            "do=report.category&category=other",
            "do=report.skip",
            "do=report.confirm",
        ):
            assert town.taps_data(name, data), text
        town.seen.clear()


def test_real_messages_go_through_the_whole_path(town: Town) -> None:
    _through(town, _real(60))


@pytest.mark.slow
def test_every_real_message_goes_through_the_whole_path(town: Town) -> None:
    town.judged = False  # the renderer's own limits still hold; the sample above is judged whole
    texts = _real(None) if town.store.sqlite else _real(500)
    _through(town, texts)
    assert town.cases() > 0.8 * len(texts)


def test_a_case_code_leads_to_the_case_however_it_is_typed(town: Town) -> None:
    code = report(town)
    assert CODE.search(words(town.says("ป้าแก้ว", code.lower().replace("-", "–"))))


def test_more_words_about_an_open_case_go_to_it_by_one_tap(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town)
    town.wait(minutes=20)
    town.says("ป้าแก้ว", "ไฟดวงข้าง ๆ ก็กะพริบด้วยค่ะ")
    seen = town.taps("ป้าแก้ว", f"เพิ่มใน {code}")
    assert "กะพริบ" in words([s for s in seen if s.to == town.line_id("ช่างต้น")])
    assert town.cases() == 1 and town.case(code).history[-1].kind == "words"


def test_an_official_works_before_consent_but_reports_only_after(town: Town) -> None:
    town.says("ช่างต้น", town.code_for(RoleName.OFFICIAL, agency="WORKS", name="ช่างต้น"))
    code = report(town)
    town.taps("ช่างต้น", "รับเรื่อง")
    town.taps("ช่างต้น", "เสร็จแล้ว")
    town.sends("ช่างต้น", Kind.PHOTO)
    assert town.case(code).status == "done" and len(town.case(code).photos) == 1
    town.says("ช่างต้น", "เมนู")
    town.taps_data("ช่างต้น", "do=report.start")
    assert "ยินยอม" in town.visible("ช่างต้น")
    assert town.cases() == 1
