"""The five steps (Conant, 2011; LITERATURE L1): the pure rule, and whatever happens in whatever order on the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.rules import five_steps
from handlers.rules.five_steps import Act, Standing
from store import Store
from store.models import Membership, Outbox, Step, Task
from store.words import RoleName
from tests.town import BANGKOK, Town, words

JOINED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def standing(number: int, state: str = "due", **more: object) -> Standing:
    values = {"due_at": JOINED, "every": "weekly", "joined_at": JOINED, "heard_at": JOINED} | more
    return Standing(number=number, state=state, **values)  # type: ignore[arg-type]


# --- the rule


def test_the_quick_follow_up_is_asked_nudged_once_and_then_left() -> None:
    step, at = standing(3), JOINED
    acts = []
    while step.state in five_steps.WAITING:
        act = five_steps.act(step, at)
        assert act is not None
        acts.append(act)
        state, due = five_steps.after(step, act, at)
        step, at = standing(3, state, due_at=due), max(due, at)
    assert acts == [Act.ASK, Act.NUDGE, Act.GIVE_UP]
    assert step.state == "silent"


def test_each_step_falls_due_when_the_table_says() -> None:
    waits = {n: five_steps.first_due(n, JOINED, "weekly") - JOINED for n in five_steps.NUMBERS}
    assert waits == {1: 0 * DAY, 2: 3 * DAY, 3: 2 * DAY, 4: 7 * DAY, 5: 60 * DAY}


@pytest.mark.parametrize("number", [2, 3])
def test_who_wants_no_news_is_not_asked(number: int) -> None:
    assert five_steps.act(standing(number, every="off"), JOINED + 9 * DAY) == Act.REST


def test_sixty_silent_days_are_asked_about_and_then_once_a_quarter() -> None:
    step = standing(5, due_at=JOINED + 60 * DAY)
    assert five_steps.act(step, JOINED + 59 * DAY) is None
    at = JOINED + 60 * DAY
    assert five_steps.act(step, at) == Act.KEEP
    state, due = five_steps.after(step, Act.KEEP, at)
    asked = standing(5, state, due_at=due, sent_at=at)
    assert five_steps.act(asked, due) == Act.SLEEP
    state, due = five_steps.after(asked, Act.SLEEP, due)
    assert (state, due) == ("dormant", at + five_steps.QUARTER)
    assert five_steps.act(standing(5, state, due_at=due, sent_at=at), due) == Act.KEEP


def test_a_sign_of_life_brings_a_sleeper_back() -> None:
    step = standing(
        5, "dormant", due_at=JOINED + 151 * DAY, sent_at=JOINED + 60 * DAY, heard_at=JOINED + 90 * DAY
    )
    assert five_steps.act(step, step.due_at) == Act.WAIT
    assert five_steps.after(step, Act.WAIT, step.due_at)[0] == "due"


def test_a_year_of_membership_is_a_reason_for_thanks_however_active_she_is() -> None:
    at = JOINED + five_steps.YEAR
    assert five_steps.act(standing(5, due_at=at, heard_at=at - DAY), at) == Act.KEEP
    later = at + 30 * DAY
    assert five_steps.act(standing(5, due_at=later, heard_at=later - DAY, sent_at=at), later) == Act.WAIT


def test_nothing_new_is_not_sent_but_something_is_once_a_quarter() -> None:
    assert not five_steps.news_wanted(False, JOINED, JOINED, JOINED + 90 * DAY)
    assert five_steps.news_wanted(False, JOINED, JOINED, JOINED + 91 * DAY)
    assert five_steps.news_wanted(True, JOINED, JOINED, JOINED + DAY)


@given(
    gaps=st.lists(st.integers(1, 60 * 24 * 200), min_size=1, max_size=40),
    every=st.sampled_from(["daily", "weekly", "monthly", "off"]),
    number=st.sampled_from(five_steps.NUMBERS[1:]),
    heard=st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_whenever_the_clock_runs_a_step_speaks_at_most_once_and_always_moves_on(
    gaps: list[int], every: str, number: int, heard: list[bool]
) -> None:
    at, step, spoken = JOINED, None, []
    state = five_steps.SENT if number == 2 else five_steps.DUE
    due, sent, last = five_steps.first_due(number, JOINED, every), JOINED if number == 2 else None, JOINED
    for minutes, alive in zip(gaps, heard, strict=False):
        at += timedelta(minutes=minutes)
        last = at if alive else last
        step = standing(number, state, due_at=due, every=every, heard_at=last, sent_at=sent)
        act = five_steps.act(step, at)
        if act is None:
            continue
        state, due = five_steps.after(step, act, at)
        if act in (Act.ASK, Act.NUDGE, Act.KEEP, Act.NEWS):
            spoken.append((act, at))
            sent = at
        again = standing(number, state, due_at=due, every=every, heard_at=last, sent_at=sent)
        assert five_steps.act(again, at) is None or every == "off" or number == 4
        assert state not in five_steps.WAITING or due > at or every == "off"
    if every == "off":
        assert spoken == []
    if number in (2, 3):
        assert len(spoken) <= 2


# --- on the database, in any order

EVENTS = (
    "wait_hours",
    "wait_days",
    "yes",
    "notyet",
    "opinion",
    "off",
    "weekly",
    "leave",
    "join",
    "report",
    "block",
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.sampled_from(EVENTS), min_size=3, max_size=14))
def test_no_step_is_skipped_repeated_or_sent_at_night_whatever_happens(
    new_database, events: list[str]
) -> None:
    url = new_database("sqlite")
    store = Store(url)
    town = Town(store, judged=False)
    town.settle("เมย์")
    town.taps_data("เมย์", "do=network.join&network=ROADS")
    for event in events:
        act(town, event)
        check(town)
    store.close()
    new_database.drop("sqlite", url)


def act(town: Town, event: str) -> None:
    if event == "wait_hours":
        town.wait(hours=7)
    elif event == "wait_days":
        town.wait(days=23)
    elif event in ("yes", "notyet"):
        with town.store.reading() as unit:
            step = unit.session.scalar(select(Step).where(Step.number == 3))
        town.taps_data("เมย์", f"do=checkin&ref=step-{step.id}&a={event}")
    elif event == "opinion":
        town.taps_data("เมย์", "do=opinion&network=ROADS&q=needs&a=news")
    elif event in ("off", "weekly"):
        town.taps_data("เมย์", f"do=digest.freq&network=ROADS&every={event}")
    elif event in ("leave", "join"):
        town.taps_data("เมย์", f"do=network.{event}&network=ROADS")
    elif event == "report":
        town.says("เมย์", "สวัสดีค่ะ")
    else:
        from handlers.incoming import Kind

        town.sends("เมย์", Kind.UNFOLLOW)
        before = len(town.seen)
        town.wait(days=30)
        assert [s for s in town.seen[before:] if s.to == town.line_id("เมย์")] == []
        town.sends("เมย์", Kind.FOLLOW)


def check(town: Town) -> None:
    with town.store.reading() as unit:
        member = unit.session.scalar(select(Membership))
        numbers = [step.number for step in member.steps]
        assert numbers == sorted(set(numbers)) == [1, 2, 3, 4, 5]
        left = member.state == "left"
        assert not left or all(s.state in ("answered", "silent", "void") for s in member.steps)
        pushed = list(unit.session.scalars(select(Outbox).where(Outbox.purpose.in_(("step", "digest")))))
        for row in pushed:
            hour = row.created_at.astimezone(BANGKOK).hour
            assert 7 <= hour < 21
        instants = [row.created_at for row in pushed if row.reply_token is None]
        assert len(instants) == len(set(instants)), "two questions at once"
    done = town.run_jobs()
    assert done == 0 or town.run_jobs() == 0


# --- stories


def member(town: Town, name: str = "เมย์", network: str = "ROADS") -> None:
    town.settle(name)
    town.taps_data(name, f"do=network.join&network={network}")


def steps_of(town: Town) -> dict[int, Step]:
    with town.store.reading() as unit:
        return {step.number: step for step in unit.session.scalars(select(Step))}


def test_a_negative_answer_is_a_task_with_a_deadline_and_overdue_it_reaches_the_coordinator(
    store: Store,
) -> None:
    town = Town(store)
    town.settle("ฝน", RoleName.REPRESENTATIVE, network="ROADS")
    town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    member(town)
    town.wait(days=2)
    said = town.taps("เมย์", "ยังไม่มี")
    assert {s.to for s in said} == {town.line_id("ฝน"), town.line_id("เมย์")}
    with store.reading() as unit:
        task = unit.session.scalars(select(Task)).one()
    assert (task.kind, task.answer, task.due_at - task.opened_at) == ("call", "notyet", 3 * DAY)
    late = town.wait(days=3)
    assert [s for s in late if s.to == town.line_id("ศูนย์")] != []
    again = town.wait(days=1)
    assert [s for s in again if s.to == town.line_id("ศูนย์")] == []


def test_a_second_tap_of_the_same_answer_makes_no_second_task(store: Store) -> None:
    town = Town(store)
    town.settle("ฝน", RoleName.REPRESENTATIVE, network="ROADS")
    member(town)
    town.wait(days=2)
    town.taps("เมย์", "ยังไม่มี")
    town.taps("เมย์", "ยังไม่มี")
    with store.reading() as unit:
        assert len(list(unit.session.scalars(select(Task)))) == 1


def test_the_three_questions_are_asked_one_at_a_time_as_free_replies(store: Store) -> None:
    town = Town(store)
    member(town)
    for label in ("แก้ปัญหา", "มีเวลา", "ทุกเดือน"):
        said = town.taps("เมย์", label)
        assert [s.how for s in said] == ["reply"]
    step = steps_of(town)[2]
    assert (step.state, step.evidence["often"]) == ("answered", "monthly")
    with store.reading() as unit:
        assert unit.session.scalars(select(Membership)).one().every == "monthly"


@pytest.mark.parametrize(
    "data",
    [
        "do=checkin&ref=step-{id}&a=yes",
        "do=checkin&ref=step-{id}&a=help",
        "do=checkin&ref=step-99999&a=yes",
        "do=checkin&ref=step-x&a=yes",
        "do=opinion&network=ROADS&q=needs&a=news",
        "do=opinion&network=NOPE&q=needs&a=news",
        "do=task.done&task=1",
        "do=task.write&task=1",
        "do=task.reply&task=1",
        "do=task.list&network=ROADS",
        "do=opinion.sum&network=ROADS",
        "do=dir.show&network=ROADS",
        "do=network.more&network=ROADS",
        "do=network.why&network=ROADS&a=time",
        "do=charter.agree&network=ROADS&version=1&a=yes",
        "do=member.kind&network=ROADS&kind=node",
        "do=pass.on&network=ROADS",
    ],
)
def test_nobody_outside_sees_or_changes_anything_inside(store: Store, data: str) -> None:
    town = Town(store)
    town.settle("ฝน", RoleName.REPRESENTATIVE, network="ROADS")
    member(town)
    town.wait(days=2)
    town.taps("เมย์", "ยังไม่มี")
    town.settle("คนนอก")
    before = inside(town)
    step = steps_of(town)[3]
    said = town.taps_data("คนนอก", data.format(id=step.id))
    assert {s.to for s in said} == {town.line_id("คนนอก")}
    assert inside(town) == before
    assert len(words(said)) < 200


def inside(town: Town) -> list[object]:
    with town.store.reading() as unit:
        steps = [(s.state, s.outcome, s.evidence) for s in unit.session.scalars(select(Step))]
        members = [(m.state, m.kind, m.every) for m in unit.session.scalars(select(Membership))]
        return [steps, members, [t.state for t in unit.session.scalars(select(Task))]]


def test_an_invitation_comes_again_only_with_another_case_and_never_after_leaving(store: Store) -> None:
    town = Town(store)
    town.settle("เมย์")
    report(town)
    assert "ยังก่อน" in town.visible("เมย์")
    town.taps("เมย์", "ยังก่อน")
    town.seen.clear()
    report(town, "ป้ายจราจรล้มหน้าวัดโพนงาม")
    assert "เข้าร่วม" in town.visible("เมย์")
    town.taps("เมย์", "เข้าร่วม")
    town.taps_data("เมย์", "do=network.leave&network=ROADS")
    town.seen.clear()
    report(town, "ถนนเป็นหลุมหน้าวัดโพนงาม")
    assert "เข้าร่วม" not in town.visible("เมย์")


def report(town: Town, text: str = "ไฟทางดับหน้าวัดโพนงาม") -> None:
    town.says("เมย์", text)
    town.taps("เมย์", "ส่งเรื่อง")


def test_words_instead_of_a_tap_are_understood_and_stop_is_never_argued_with(store: Store) -> None:
    town = Town(store)
    member(town)
    town.wait(days=2)
    town.says("เมย์", "มีแล้วค่ะ ได้คุยแล้ว")
    assert steps_of(town)[3].outcome == "yes"
    said = town.says("เมย์", "ส่งบ่อยไป หยุดส่งได้ไหม")
    labels = [label for s in said for label, _ in s.buttons]
    assert labels == ["ไม่รับข่าว", "ทุกเดือน", "ออกจากเครือข่าย"]


def test_a_worry_in_her_own_words_reaches_a_representative_without_her_number(store: Store) -> None:
    town = Town(store)
    town.settle("ฝน", RoleName.REPRESENTATIVE, network="ROADS")
    member(town)
    for label in ("แก้ปัญหา", "มีเวลา", "ทุกเดือน"):
        town.taps("เมย์", label)
    said = town.says("เมย์", "กังวลเรื่องเด็กข้ามถนน โทร 0812345678 ได้ค่ะ")
    card = words([s for s in said if s.to == town.line_id("ฝน")])
    assert "กังวลเรื่องเด็กข้ามถนน" in card and "0812345678" not in card
