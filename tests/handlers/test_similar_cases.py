"""Joining a case that is there, going on apart, what comes back, merging, and what nobody may learn."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select

from handlers.incoming import Kind
from handlers.rules.lifecycle import ForbiddenChange
from handlers.services import cases, reports
from handlers.services.cases import Actor
from handlers.talk import Scene
from store import Store
from store.models import Case, Outbox, Trace
from store.queries import cases as rows
from store.queries import traces
from store.queries.people import by_line_id
from store.words import RoleName
from tests.town import Seen, Town, words

LAT, LON = 17.48650, 101.72200
LIGHT = "ไฟทางดับมาสามคืนแล้วค่ะ มืดมาก"
BRIBE = "นายช่างเรียกเงินใต้โต๊ะสามพันบาทค่ะ"
OF_HERS = "ไฟทางหน้าวัดโพนงามดับอีกดวงแล้วค่ะ มืดมาก"
BEHIND = 0.0006
"""Degrees of latitude: 67 metres."""


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def tell(town: Town, name: str, text: str = LIGHT, north: float = 0.0) -> list[Seen]:
    """A report with a pin, up to the last question."""
    if town.person(name) is None:
        town.settle(name)
    town.says(name, text)
    return town.sends(name, Kind.PLACE, lat=LAT + north, lon=LON)


def report(town: Town, name: str, text: str = LIGHT, north: float = 0.0) -> str:
    tell(town, name, text, north)
    town.taps_data(name, "do=report.confirm")
    return town.case().code


def join(town: Town, name: str, text: str = "ไฟทางไม่ติดเลยครับ", north: float = BEHIND) -> list[Seen]:
    tell(town, name, text, north)
    return town.taps(name, "ใช่ เรื่องเดียวกัน")


def to(town: Town, name: str, seen: list[Seen]) -> list[Seen]:
    return [one for one in seen if one.to == town.line_id(name)]


def as_json(town: Town, code: str) -> dict[str, object]:
    with town.store.reading() as unit:
        found = reports.one_case(unit, code)
    assert found is not None
    return found


def scene(town: Town, unit: object) -> Scene:
    return Scene(town.house, unit, town.now, town.now.timestamp())  # type: ignore[arg-type]


def finish(town: Town, official: str = "ช่างต้น") -> list[Seen]:
    town.taps(official, "รับเรื่อง")
    town.taps(official, "เสร็จแล้ว")
    return town.says(official, "เปลี่ยนหลอดไฟแล้ว")


def test_joining_keeps_her_words_counts_her_and_opens_no_second_case(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    join(town, "ลุงมี")
    case = as_json(town, code)
    assert town.cases() == 1
    assert (case["reporters"], case["followers"]) == (2, 1)
    assert [(r["text"], r["joined"]) for r in case["reports"]] == [  # type: ignore[attr-defined]
        (LIGHT, False),
        ("ไฟทางไม่ติดเลยครับ", True),
    ]


def test_her_photos_join_too(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    tell(town, "ลุงมี", "ไฟทางไม่ติดเลยครับ", BEHIND)
    town.sends("ลุงมี", Kind.PHOTO)
    town.taps("ลุงมี", "ใช่ เรื่องเดียวกัน")
    assert [photo.role for photo in town.case(code).photos] == ["before"]


def test_every_step_reaches_who_joined_once_and_the_private_thread_does_not(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    report(town, "ป้าแก้ว")
    join(town, "ลุงมี")
    town.taps("ช่างต้น", "รับเรื่อง")
    town.taps("ช่างต้น", "ถามผู้แจ้ง")
    asked = town.says("ช่างต้น", "เบอร์เสาต้นไหนคะ")
    assert to(town, "ลุงมี", asked) == [] and len(to(town, "ป้าแก้ว", asked)) == 1
    answered = town.says("ป้าแก้ว", "ต้นหน้าบ้านเลขที่ 99")
    assert to(town, "ลุงมี", answered) == []
    town.taps("ช่างต้น", "แจ้งความคืบหน้า")
    assert to(town, "ลุงมี", town.says("ช่างต้น", "สั่งหลอดแล้ว")) == []
    for name in ("ลุงมี", "ป้าแก้ว"):
        told = words(town.taps_data(name, "do=case.track"))
        assert told.count("สั่งหลอดแล้ว") == 1, "small news rides on the next answer to each of them"
    town.taps("ช่างต้น", "เสร็จแล้ว")
    done = town.says("ช่างต้น", "เปลี่ยนหลอดแล้ว")
    assert len(to(town, "ลุงมี", done)) == len(to(town, "ป้าแก้ว", done)) == 1
    story = words(town.taps_data("ลุงมี", f"do=case.show&case={town.case().code}"))
    assert "เบอร์เสา" not in story and "เลขที่ 99" not in story


def test_only_who_reported_first_says_that_it_is_fixed_but_anybody_may_say_it_is_not(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town, "ป้าแก้ว")
    join(town, "ลุงมี")
    finish(town)
    assert "ใช้กับเรื่องของผู้อื่นไม่ได้" in words(town.taps_data("ลุงมี", f"do=case.fixed&case={code}&ok=1"))
    assert town.case(code).status == "done"
    town.taps("ป้าแก้ว", "เรียบร้อยแล้ว")
    assert "เรียบร้อยแล้ว" in words(town.taps_data("ลุงมี", "do=case.track"))
    town.taps_data("ลุงมี", f"do=case.reopen&case={code}")
    assert town.case(code).reopened == 1
    assert "มีคนช่วยดู" in words(town.taps_data("ป้าแก้ว", "do=case.track"))


def test_who_joined_hears_of_closing_after_silence(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    report(town, "ป้าแก้ว")
    join(town, "ลุงมี")
    finish(town)
    town.wait(days=8)
    for name in ("ลุงมี", "ป้าแก้ว"):
        told = words(to(town, name, town.taps_data(name, "do=case.track")))
        assert told.count("ครบ 7 วัน") == 1, "it rides on the next answer to each of them"


def test_the_agency_hears_at_the_second_and_fifth_reporter_and_sees_how_many_there_are(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town, "คน1")
    heard = []
    for n in range(2, 7):
        seen = join(town, f"คน{n}")
        if to(town, "ช่างต้น", seen):
            heard.append(n)
            assert f"{n} คน" in words(to(town, "ช่างต้น", seen))
    assert heard == [2, 5]
    assert "6 คน" in words(town.taps_data("ช่างต้น", f"do=case.show&case={code}"))


def test_danger_told_by_who_joins_makes_the_case_urgent_and_the_answer_due_earlier(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town, "ป้าแก้ว")
    join(town, "ลุงหนึ่ง")
    due = town.case(code).deadlines[0].due_at
    seen = join(town, "ลุงมี", "ไฟทางดับ โคมไฟมีประกายไฟ คนโดนไฟช็อตบาดเจ็บ ด่วนมาก ช่วยด้วย")
    case = town.case(code)
    assert case.urgent and case.deadlines[0].due_at < due
    assert to(town, "ช่างต้น", seen)


def test_not_the_same_opens_a_case_of_its_own_and_is_not_asked_again(town: Town) -> None:
    report(town, "ป้าแก้ว")
    tell(town, "ลุงมี", "ไฟทางไม่ติดเลยครับ", BEHIND)
    town.taps("ลุงมี", "ไม่ใช่ คนละเรื่อง")
    assert "เรื่องเดียวกันไหม" not in words(town.sends("ลุงมี", Kind.PHOTO))
    town.taps("ลุงมี", "ส่งเรื่อง")
    assert town.cases() == 2


def test_sending_without_an_answer_is_a_case_of_its_own(town: Town) -> None:
    report(town, "ป้าแก้ว")
    report(town, "ลุงมี", "ไฟทางไม่ติดเลยครับ", BEHIND)
    assert town.cases() == 2


def test_up_to_three_cases_are_shown_with_what_she_needs_to_judge(town: Town) -> None:
    for n in range(4):
        report(town, f"คน{n}", north=n * 0.0001)
    town.wait(days=2)
    (seen,) = tell(town, "ลุงมี", north=0.0005)
    assert [label for label, _ in seen.buttons].count("ใช่ เรื่องเดียวกัน") == 3
    assert "เมตร" in seen.text and "2 วันก่อน" in seen.text and "มืดมาก" in seen.text


def test_her_own_open_case_takes_her_words_instead(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    (seen,) = tell(town, "ป้าแก้ว", OF_HERS)
    assert "ท่านแจ้งเรื่องคล้ายกันไว้" in seen.text
    town.taps("ป้าแก้ว", "ใช่ เพิ่มในเรื่องเดิม")
    assert town.cases() == 1
    assert [row.text for row in town.case(code).history if row.kind == "words"] == [OF_HERS]


# --- what nobody may learn


def test_private_problems_are_never_offered_and_leave_no_trace(town: Town) -> None:
    town.settle("ป้าแก้ว")
    town.settle("ลุงมี")
    for name in ("ป้าแก้ว", "ลุงมี"):
        town.says(name, BRIBE)
        town.taps_data(name, "do=report.category&category=corruption")
        seen = town.sends(name, Kind.PLACE, lat=LAT, lon=LON)
        assert "คล้ายกัน" not in words(seen)
        town.taps(name, "ส่งเรื่อง")
    assert town.cases() == 2
    with town.store.reading() as unit:
        assert unit.session.scalars(select(Trace.key)).all() == []


def test_a_private_case_can_be_neither_joined_nor_followed_by_its_number(town: Town) -> None:
    town.settle("ป้าแก้ว")
    town.says("ป้าแก้ว", BRIBE)
    town.taps_data("ป้าแก้ว", "do=report.category&category=corruption")
    town.sends("ป้าแก้ว", Kind.PLACE, lat=LAT, lon=LON)
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    code = town.case().code
    tell(town, "ลุงมี", north=0.01)
    for do in ("report.join", "case.follow"):
        said = words(town.taps_data("ลุงมี", f"do={do}&case={code}"))
        assert "ไม่พบเรื่องนี้" in said and "ใต้โต๊ะ" not in said
    case = as_json(town, code)
    assert (case["reporters"], case["followers"]) == (1, 0)


def test_the_offer_masks_personal_data_and_names_nobody(town: Town) -> None:
    report(town, "ป้าแก้ว", "โทร 081-234-5678 นะคะ ไฟทางดับมาสามคืนแล้ว มืดมาก")
    (seen,) = tell(town, "ลุงมี")
    assert "081" not in seen.text and "เรื่องเดียวกันไหม" in seen.text
    assert town.line_id("ป้าแก้ว") not in str(seen.messages)


def test_a_photo_sent_in_the_private_thread_is_not_offered(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    report(town, "ป้าแก้ว")
    town.taps("ช่างต้น", "ถามผู้แจ้ง")
    town.says("ช่างต้น", "ขอรูปหน้าบ้านค่ะ")
    town.sends("ป้าแก้ว", Kind.PHOTO)
    (seen,) = tell(town, "ลุงมี")
    assert "/media/" not in str(seen.messages) and "เรื่องเดียวกันไหม" in seen.text


@pytest.mark.parametrize(
    "data",
    [
        "do=report.join&case=LOE69-9999",
        "do=report.join&case=",
        "do=report.join",
        "do=report.join&case={code}&draft=ffffff",
        "do=report.apart&draft=ffffff",
        "do=report.add&case={code}",
    ],
)
def test_a_stale_or_edited_button_changes_nothing_and_the_report_goes_on(town: Town, data: str) -> None:
    code = report(town, "ป้าแก้ว")
    tell(town, "ลุงมี", north=BEHIND)
    answered = town.taps_data("ลุงมี", data.format(code=code))
    assert words(answered)
    case = as_json(town, code)
    assert (case["reporters"], case["followers"], len(case["history"])) == (1, 0, 2)  # type: ignore[arg-type]
    town.taps("ลุงมี", "ใช่ เรื่องเดียวกัน")
    assert as_json(town, code)["reporters"] == 2


def test_an_old_yes_after_the_report_was_sent_changes_nothing(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    (offer,) = tell(town, "ลุงมี", north=BEHIND)
    data = next(d for label, d in offer.buttons if label == "ใช่ เรื่องเดียวกัน")
    assert dict(parse_qsl(data))["draft"]
    town.taps_data("ลุงมี", "do=report.confirm")
    assert "จบไปแล้ว" in words(town.taps_data("ลุงมี", data))
    assert as_json(town, code)["reporters"] == 1


# --- finished cases, and what comes back


def closed_case(town: Town) -> str:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town, "ป้าแก้ว")
    finish(town)
    town.taps("ป้าแก้ว", "เรียบร้อยแล้ว")
    return code


def test_joining_a_closed_case_offers_to_open_it_again(town: Town) -> None:
    code = closed_case(town)
    town.wait(days=10)
    seen = join(town, "ลุงมี")
    assert to(town, "ช่างต้น", seen), "the agency hears that somebody has the problem again"
    assert town.case(code).status == "closed"
    town.taps("ลุงมี", "ยังไม่เรียบร้อย")
    assert town.case(code).status == "accepted"


def test_a_case_closed_more_than_thirty_days_ago_is_not_offered_but_the_new_one_is_chronic(
    town: Town,
) -> None:
    first = closed_case(town)
    town.wait(days=31)
    second = report(town, "ลุงมี", north=0.0001)
    assert "คล้ายกัน" not in words(town.seen[-4:])
    case = as_json(town, second)
    assert (case["chronic"], case["recurrence"], case["related"]) == (True, 2, [first])
    assert as_json(town, first)["related"] == [second]
    assert "ครั้งที่ 2" in words(town.taps_data("ช่างต้น", f"do=case.show&case={second}"))


def test_the_third_time_is_counted_through_the_second(town: Town) -> None:
    first = closed_case(town)
    town.wait(days=100)
    second = report(town, "ลุงมี")
    finish(town)
    town.taps("ลุงมี", "เรียบร้อยแล้ว")
    town.wait(days=100)
    third = as_json(town, report(town, "น้าดำ"))
    assert (third["recurrence"], third["related"]) == (3, [first, second])


def test_half_a_year_later_or_farther_off_it_is_a_new_problem(town: Town) -> None:
    closed_case(town)
    town.wait(days=60)
    assert not as_json(town, report(town, "ลุงมี", north=BEHIND))["chronic"]
    town.wait(days=125)
    assert not as_json(town, report(town, "น้าดำ"))["chronic"]


def test_the_representative_reads_of_spots_where_it_came_back(town: Town) -> None:
    town.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    closed_case(town)
    town.wait(days=60)
    report(town, "ลุงมี")
    digest = words(to(town, "ครูฝน", town.wait(days=1)))
    assert "จุดที่เกิดซ้ำ · 1" in digest and "เกิดซ้ำครั้งที่ 2" in digest


# --- merging


def merged(town: Town, case: str, into: str) -> list[Seen]:
    with town.store.writing() as unit:
        stage = scene(town, unit)
        one, other = rows.by_code(unit, case), rows.by_code(unit, into)
        assert one is not None and other is not None
        cases.merge(stage, one, other, Actor("official", None, "WORKS"))
    return town._new()


def test_merging_keeps_reports_tells_everybody_once_and_ends_promises(town: Town) -> None:
    first, second = report(town, "ป้าแก้ว"), report(town, "ลุงมี", north=BEHIND)
    town.settle("น้าดำ")
    town.taps_data("น้าดำ", f"do=case.follow&case={second}")
    seen = merged(town, second, first)
    assert sorted(town.name_of(one.to) for one in seen) == ["น้าดำ", "ลุงมี"]
    old, into = as_json(town, second), as_json(town, first)
    assert (old["status"], old["merged_into"], old["related"]) == ("merged", first, [first])
    assert {d["state"] for d in old["deadlines"]} == {"void"}  # type: ignore[attr-defined]
    assert old["reports"][0]["text"] == LIGHT  # type: ignore[index]
    assert (into["reporters"], into["followers"], into["related"]) == (2, 2, [second])


def test_after_merging_steps_reach_everybody_of_both_cases_once(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    first = report(town, "ป้าแก้ว")
    second = report(town, "ลุงมี", north=BEHIND)
    merged(town, second, first)
    town.taps_data("ช่างต้น", f"do=case.accept&case={first}")
    town.taps_data("ช่างต้น", f"do=case.done&case={first}")
    seen = town.says("ช่างต้น", "เปลี่ยนหลอดไฟแล้ว")
    assert len(to(town, "ป้าแก้ว", seen)) == len(to(town, "ลุงมี", seen)) == 1
    town.wait(days=20)
    assert not any(second in words([one]) for one in town.seen if one.purpose == "reminder"), (
        "no promise runs on"
    )


def test_a_merged_case_is_joined_where_it_goes_on(town: Town) -> None:
    first, second = report(town, "ป้าแก้ว"), report(town, "ลุงมี", north=BEHIND)
    tell(town, "น้าดำ", north=BEHIND)
    merged(town, second, first)
    town.taps_data("น้าดำ", f"do=report.join&case={second}")
    assert as_json(town, first)["reporters"] == 3


def test_a_case_is_not_merged_into_itself_nor_into_a_merged_one_nor_when_finished(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    first, second = report(town, "ป้าแก้ว"), report(town, "ลุงมี", north=BEHIND)
    with pytest.raises(ForbiddenChange):
        merged(town, first, first)
    merged(town, second, first)
    with pytest.raises(ForbiddenChange):
        merged(town, first, second)
    third = report(town, "น้าดำ", north=0.01)
    finish(town)
    with pytest.raises(ForbiddenChange):
        merged(town, third, first)


# --- taking words back


def test_forgetting_who_joined_blanks_her_words_and_still_tells_the_others(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    code = report(town, "ป้าแก้ว")
    join(town, "ลุงมี", "ไฟทางไม่ติดเลยครับ หน้าบ้านผมเอง")
    finish(town)
    town.says("ลุงมี", "ลบข้อมูล")
    town.taps("ลุงมี", "ลบทั้งหมด")
    case = as_json(town, code)
    assert case["text"] == LIGHT and "ผมเอง" not in str(case)
    assert (case["reporters"], case["followers"]) == (2, 0)
    with town.store.reading() as unit:
        unsent = unit.session.scalars(
            select(Outbox).where(Outbox.state == "waiting", Outbox.purpose == "case")
        )
        assert [row.to for row in unsent if row.messages] == [town.line_id("ป้าแก้ว")]


def test_a_message_taken_back_vanishes_from_the_case_she_joined(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    join(town, "ลุงมี", "ไฟทางไม่ติดเลยครับ หน้าบ้านผมเอง")
    message = town.case(code).reports[1].message_ids[0]
    town.does("ลุงมี", Kind.UNSEND, message_id=message)
    assert "ผมเอง" not in str(as_json(town, code))
    assert as_json(town, code)["text"] == LIGHT


def test_words_that_are_gone_find_no_case_any_more(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    message = town.case(code).reports[0].message_ids[0]
    town.does("ป้าแก้ว", Kind.UNSEND, message_id=message)
    with town.store.reading() as unit:
        assert set(unit.session.scalars(select(Trace.kind))) == {"place"}


def test_a_pin_given_as_an_answer_is_where_the_case_is_found(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ป้าแก้ว")
    town.says("ป้าแก้ว", LIGHT)
    town.taps("ป้าแก้ว", "ข้าม")
    town.taps("ป้าแก้ว", "ส่งเรื่อง")
    assert town.case().lat is None
    town.taps("ช่างต้น", "ถามผู้แจ้ง")
    town.says("ช่างต้น", "อยู่ตรงไหนคะ")
    town.sends("ป้าแก้ว", Kind.PLACE, lat=LAT, lon=LON)
    assert "เรื่องเดียวกันไหม" in words(tell(town, "ลุงมี", "ไฟทางไม่ติดเลยครับ", BEHIND))


def test_cases_from_before_there_were_traces_are_found_after_the_next_cleaning_up(town: Town) -> None:
    report(town, "ป้าแก้ว")
    with town.store.writing() as unit:
        traces.drop(unit, town.case().id)
    assert "เรื่องเดียวกันไหม" not in words(tell(town, "ลุงมี", north=BEHIND))
    town.run_jobs()
    assert "เรื่องเดียวกันไหม" in words(town.sends("ลุงมี", Kind.PHOTO))


def test_joining_twice_counts_once_and_adds_her_words(town: Town) -> None:
    code = report(town, "ป้าแก้ว")
    join(town, "ลุงมี")
    tell(town, "ลุงมี", OF_HERS, BEHIND)
    town.taps("ลุงมี", "ใช่ เพิ่มในเรื่องเดิม")
    with town.store.reading() as unit:
        case = unit.session.scalars(select(Case).where(Case.code == code)).one()
        person = by_line_id(unit, town.line_id("ลุงมี"))
        assert case.people == 2 and person is not None
        assert [row.kind for row in case.history if row.person_id == person.id] == ["joined", "words"]
        assert town.now - case.opened_at < timedelta(hours=1)
