"""Corrections: who may say that a case has the wrong category, what it changes, and what is remembered of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.rules.learning import ENOUGH, due
from handlers.services import privacy
from handlers.talk import Scene
from store import Store
from store.models import Correction
from store.words import RoleName
from tests.town import BANGKOK, Town, words

CODE = "LOE69-0001"


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    made.settle("สมชาย", RoleName.OFFICIAL, agency="WORKS")
    made.settle("สมหญิง", RoleName.OFFICIAL, agency="CLEAN")
    made.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    made.settle("ครูน้ำ", RoleName.REPRESENTATIVE, network="RIVER")
    made.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    made.settle("ยายสี")
    made.says("ยายสี", "หลอดไฟทางแตกกองอยู่หน้าวัดโพนงาม กลัวเด็กเหยียบ")
    made.taps("ยายสี", "ส่งเรื่อง")
    return made


def sort(town: Town, name: str, category: str, **more: str) -> str:
    data = "".join(f"&{key}={value}" for key, value in more.items())
    return words(town.taps_data(name, f"do=case.category&case={CODE}&category={category}{data}"))


def taught(town: Town) -> list[tuple[str, str, str]]:
    with town.store.reading() as unit:
        rows = unit.session.scalars(select(Correction).order_by(Correction.id))
        return [(row.role, row.guessed, row.category) for row in rows]


def test_an_official_moves_an_offered_case_and_it_goes_to_the_right_agency(town: Town) -> None:
    sort(town, "สมชาย", "waste")
    case = town.case()
    assert (case.category, case.lead, case.status, case.network) == ("waste", "CLEAN", "offered", "GREEN")
    assert [row.kind for row in case.history][-2:] == ["sorted", "offered"]
    assert {h.agency for h in case.helpers if h.state != "declined"} == {"CITYLAW"}
    assert taught(town) == [("official", "street_light", "waste")]


def test_a_case_that_is_being_worked_on_changes_its_category_and_stays(town: Town) -> None:
    town.taps("สมชาย", "รับเรื่อง")
    due_before = [d.due_at for d in town.case().deadlines if d.state == "running"]
    sort(town, "สมชาย", "waste")
    case = town.case()
    assert (case.category, case.lead, case.status) == ("waste", "WORKS", "accepted")
    assert [d.due_at for d in case.deadlines if d.state == "running"] == due_before


def test_a_coordinator_may_sort_every_case(town: Town) -> None:
    sort(town, "ศูนย์", "waste")
    assert town.case().lead == "CLEAN"


def test_a_representative_teaches_once_and_changes_nothing(town: Town) -> None:
    assert "ขอบคุณ" in sort(town, "ครูฝน", "waste")
    sort(town, "ครูฝน", "waste")
    case = town.case()
    assert (case.category, case.lead) == ("street_light", "WORKS")
    assert [row.kind for row in case.history].count("sort_hint") == 1
    assert taught(town) == [("representative", "street_light", "waste")]


@pytest.mark.parametrize("name", ["ยายสี", "สมหญิง", "ครูน้ำ"])
def test_people_who_have_nothing_to_do_with_it_change_nothing(town: Town, name: str) -> None:
    assert "ไม่พบเรื่องนี้" in sort(town, name, "waste")
    assert town.case().category == "street_light" and taught(town) == []


def test_a_button_from_before_the_last_change_says_so(town: Town) -> None:
    sort(town, "ศูนย์", "sidewalk")
    assert "เพิ่งย้ายไปหมวดทางเท้า" in sort(town, "ศูนย์", "waste", was="street_light")
    assert town.case().category == "sidewalk"


def test_the_same_category_again_teaches_nothing(town: Town) -> None:
    assert "อยู่แล้ว" in sort(town, "สมชาย", "street_light")
    assert taught(town) == []


@pytest.mark.parametrize("category", ["nonsense", "", "ROAD", "road%20"])
def test_an_unknown_category_gives_the_list(town: Town, category: str) -> None:
    assert "ควรอยู่หมวดไหน" in sort(town, "สมชาย", category)
    assert town.case().category == "street_light"


def test_not_our_job_is_no_correction(town: Town) -> None:
    town.taps_data("สมชาย", f"do=case.decline&case={CODE}&why=power")
    assert taught(town) == []


def test_a_finished_case_only_teaches(town: Town) -> None:
    town.taps("สมชาย", "รับเรื่อง")
    town.taps("สมชาย", "เสร็จแล้ว")
    town.says("สมชาย", "เก็บแล้วครับ")
    sort(town, "สมชาย", "waste")
    assert town.case().category == "street_light"
    assert taught(town) == [("official", "street_light", "waste")]


def test_words_that_are_forgotten_teach_no_more(town: Town) -> None:
    sort(town, "ครูฝน", "waste")
    with town.store.writing() as unit:
        person = town.person("ยายสี")
        assert person is not None
        person = unit.session.merge(person)
        privacy.forget(Scene(town.house, unit, town.now, town.now.timestamp()), person)
    assert taught(town) == []
    sort(town, "สมชาย", "waste")
    assert town.case().category == "waste" and taught(town) == []


# --- when to train

NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=BANGKOK)
LATER = NIGHT + timedelta(minutes=5)
EARLIER = NIGHT - timedelta(minutes=5)
DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "looked", "trained", "new", "first", "wanted"),
    [
        (LATER, EARLIER, None, ENOUGH, EARLIER - DAYS, True),
        (LATER, EARLIER, None, ENOUGH - 1, EARLIER - DAYS, False),
        (LATER, EARLIER, None, 0, None, False),
        (LATER, NIGHT, None, ENOUGH, EARLIER - DAYS, False),  # looked at this night already
        (EARLIER, EARLIER - timedelta(hours=1), None, ENOUGH, EARLIER - DAYS, False),  # not night yet
        (LATER, None, None, ENOUGH, EARLIER, True),  # never looked, and a night has passed
        (LATER, None, None, ENOUGH, LATER, False),
        (LATER, EARLIER, NIGHT - 8 * DAYS, 1, EARLIER - DAYS, True),  # one correction waits a week at most
        (LATER, EARLIER, NIGHT - 3 * DAYS, 1, EARLIER - DAYS, False),
        (LATER, EARLIER, None, 1, EARLIER - 8 * DAYS, True),
        (NIGHT.replace(hour=15), EARLIER, None, ENOUGH, EARLIER - DAYS, True),  # the machine was off at night
    ],
)
def test_training_is_due_once_a_night_when_there_is_enough_to_learn(
    now: datetime,
    looked: datetime | None,
    trained: datetime | None,
    new: int,
    first: datetime | None,
    wanted: bool,
) -> None:
    assert due(now, looked, trained, new, first) is wanted
