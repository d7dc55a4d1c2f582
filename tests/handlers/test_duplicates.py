"""The rule of what is probably the same problem, and of what has come back; and the map's cells."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules import duplicates, grid
from handlers.rules.duplicates import Known, Problem, probable, recurrences
from store.city_data import CATEGORY_CODES
from store.issues import issues

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAT, LON = 17.4865, 101.7220
HOLE = "ถนนเป็นหลุมใหญ่หน้าร้านเจ๊แดง รถล้มบ่อย"
PRIVATE = ["corruption", "drugs", "homeless", "welfare", "health", "safety", "land", "service", "other"]

metres = st.floats(min_value=0, max_value=600)
days = st.integers(min_value=0, max_value=400)


def at(north_m: float, category: str = "road", words: str = HOLE, **more: object) -> Problem:
    lat = LAT + math.degrees(north_m / grid.EARTH_M)
    return Problem(category, words, "420101", lat, LON, **more)  # type: ignore[arg-type]


def case(problem: Problem, opened: int = 2, closed: int | None = None, number: int = 1) -> Known:
    closed_at = None if closed is None else NOW - timedelta(days=closed)
    return Known(number, f"LOE69-{number:04}", problem, NOW - timedelta(days=opened), closed_at)


def matches(new: Problem, *known: Known) -> list[int]:
    return [m.known.case_id for m in probable(new, known, NOW, issues())]


def test_the_same_issue_near_and_open_is_probably_the_same() -> None:
    (match,) = probable(at(0, words="รถตกหลุมตรงนี้อีกแล้ว"), [case(at(80))], NOW, issues())
    assert match.distance_m == pytest.approx(80, abs=0.5)
    assert match.age == timedelta(days=2)


def test_far_away_is_another_problem_however_alike_the_words() -> None:
    assert matches(at(0), case(at(130))) == []


def test_another_issue_is_another_problem_unless_people_confuse_the_two_and_the_words_agree() -> None:
    assert matches(at(0), case(at(0, "noise"))) == []
    assert matches(at(0, "flooding", "น้ำท่วมถนนหน้าตลาด"), case(at(20, "drainage", "ท่อตันน้ำท่วมถนนหน้าตลาด"))) == [
        1
    ]
    assert matches(at(0, "flooding", "น้ำท่วมถนนหน้าตลาด"), case(at(20, "drainage", "ฝาท่อหายตรงทางแยก"))) == []


@given(st.sampled_from(CATEGORY_CODES), st.sampled_from(CATEGORY_CODES), metres)
def test_a_private_problem_never_matches(one: str, other: str, far: float) -> None:
    if not (issues().public(one) and issues().public(other)):
        assert matches(at(0, one), case(at(far, other))) == []
        assert recurrences(at(0, one), [case(at(far, other), 40, 35)], NOW, issues()) == []


@pytest.mark.parametrize("category", PRIVATE)
def test_what_concerns_people_is_private(category: str) -> None:
    assert not issues().public(category)


def test_every_issue_of_the_data_is_a_category() -> None:
    named = {*issues().reach, *(code for codes in issues().confused.values() for code in codes)}
    assert named <= set(CATEGORY_CODES)
    assert all(issues().public(code) for codes in issues().confused.values() for code in codes)


@given(metres, metres)
def test_nearer_is_never_less_likely(one: float, other: float) -> None:
    def score(far: float) -> float:
        found = probable(at(0), [case(at(far))], NOW, issues())
        return found[0].score if found else 0.0

    near, far = sorted((one, other))
    assert score(near) >= score(far)


@given(st.lists(st.tuples(metres, days, st.one_of(st.none(), days)), max_size=8))
def test_matches_are_few_sorted_within_reach_and_alive(facts: list[tuple[float, int, int | None]]) -> None:
    known = [
        case(at(far), max(opened, closed or 0), closed, n) for n, (far, opened, closed) in enumerate(facts)
    ]
    found = probable(at(0), known, NOW, issues())
    assert len(found) <= duplicates.MOST_SHOWN
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    for match in found:
        assert match.distance_m is not None and match.distance_m <= issues().reach["road"]
        closed = match.known.closed_at
        assert closed is None or NOW - closed <= timedelta(days=30)


def test_a_road_or_a_village_is_no_spot_so_the_words_must_agree_too() -> None:
    assert (
        matches(at(0, words="รถล้มเพราะฝาท่อ", wide=True), case(at(0, words="ผิวถนนลอกเป็นแผ่น", wide=True))) == []
    )
    assert matches(at(0, wide=True), case(at(0, wide=True))) == [1]


def place_less(words: str, area: str | None, category: str = "road") -> Problem:
    return Problem(category, words, area)


def test_without_a_point_very_alike_words_in_the_same_area_decide() -> None:
    alike = place_less("หลุมใหญ่บนถนนหน้าร้านเจ๊แดง รถล้มบ่อยครับ", "420101")
    assert matches(alike, case(place_less(HOLE, "420101"))) == [1]
    assert matches(alike, case(at(0))) == [1]
    assert matches(alike, case(place_less(HOLE, "420102"))) == []
    assert matches(place_less("ถนนทรุดหน้าบ้าน", "420101"), case(place_less(HOLE, "420101"))) == []


def test_a_few_words_without_a_place_decide_nothing() -> None:
    assert (
        matches(place_less("ไฟดับ", None, "street_light"), case(place_less("ไฟดับ", None, "street_light")))
        == []
    )


def came_back(new: Problem, *known: Known) -> list[int]:
    return [k.case_id for k in recurrences(new, known, NOW, issues())]


def test_a_problem_comes_back_within_fifty_metres_and_half_a_year_of_closing() -> None:
    assert came_back(at(0), case(at(49), 100, 90)) == [1]
    assert came_back(at(0), case(at(51), 100, 90)) == []
    assert came_back(at(0), case(at(10), 200, 180)) == [1]
    assert came_back(at(0), case(at(10), 200, 181)) == []
    assert came_back(at(0), case(at(10))) == []
    assert came_back(at(0), case(at(10, "drainage"), 100, 90)) == []


def test_it_comes_back_by_words_where_there_is_no_point() -> None:
    assert came_back(place_less(HOLE, "420101"), case(place_less(HOLE, "420101"), 100, 90)) == [1]
    assert came_back(place_less(HOLE, "420102"), case(place_less(HOLE, "420101"), 100, 90)) == []


def test_times_count_through_the_cases_it_came_back_from() -> None:
    second = Known(2, "LOE69-0002", at(0), NOW, NOW, earlier=("LOE69-0001",))
    third = Known(3, "LOE69-0003", at(0), NOW, NOW, earlier=("LOE69-0001", "LOE69-0002"))
    assert duplicates.times_reported([second, third]) == ("LOE69-0001", "LOE69-0002", "LOE69-0003")


def test_the_agency_hears_at_a_few_numbers_only() -> None:
    assert [n for n in range(1, 1001) if duplicates.worth_telling(n)] == [
        2,
        5,
        10,
        25,
        50,
        100,
        250,
        500,
        1000,
    ]


@given(st.floats(5.6, 20.5), st.floats(97.3, 105.7), st.floats(0, 2 * math.pi), st.floats(0, 299))
def test_whatever_lies_within_300_metres_is_in_the_cell_or_beside_it(
    lat: float, lon: float, bearing: float, far: float
) -> None:
    north, east = far * math.cos(bearing), far * math.sin(bearing)
    other_lat = lat + math.degrees(north / grid.EARTH_M)
    other_lon = lon + math.degrees(east / grid.EARTH_M) / math.cos(math.radians(other_lat))
    assert grid.cell(other_lat, other_lon) in grid.cells_around(lat, lon)


def test_no_reach_is_wider_than_a_cell() -> None:
    assert max(issues().reach.values()) <= 300
