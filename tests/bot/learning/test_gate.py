"""The gate: a new classifier may not be worse, overall or in any single category."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.learning.gate import Marks, city_faults, faults, may_lose

OLD = Marks(
    rows=Counter(road=30, waste=30, tree=5),
    hits=Counter(road=20, waste=20, tree=4),
    intents=60,
    urgencies=60,
    calibration=0.05,
)


def marks(road: int = 20, waste: int = 20, tree: int = 4, **more: float) -> Marks:
    about = {"intents": 60, "urgencies": 60, "calibration": 0.05, **more}
    return Marks(OLD.rows, Counter(road=road, waste=waste, tree=tree), **about)  # type: ignore[arg-type]


def test_the_same_answers_pass() -> None:
    assert faults(marks(), OLD) == []


def test_one_acceptable_answer_less_is_worse() -> None:
    assert faults(marks(road=19), OLD) == ["43 acceptable answers instead of 44"]


@pytest.mark.parametrize(("tree", "fine"), [(2, True), (1, False)])
def test_a_small_category_may_lose_two_rows_and_not_three(tree: int, fine: bool) -> None:
    assert (faults(marks(road=30, tree=tree), OLD) == []) == fine


@pytest.mark.parametrize(("waste", "fine"), [(17, True), (16, False)])
def test_a_gain_elsewhere_does_not_pay_for_a_category(waste: int, fine: bool) -> None:
    found = faults(marks(road=30, waste=waste), OLD)
    assert (found == []) == fine
    assert fine or found == ["waste 16 instead of 20"]


@pytest.mark.parametrize("worse", [{"intents": 57}, {"urgencies": 57}, {"calibration": 0.08}])
def test_intent_urgency_and_honesty_count_too(worse: dict[str, float]) -> None:
    assert len(faults(marks(**worse), OLD)) == 1


def test_a_category_may_lose_a_tenth_of_its_rows() -> None:
    assert [may_lose(n) for n in (0, 5, 25, 40, 100)] == [2, 2, 2, 4, 10]


def test_the_citys_own_corrections_may_stop_a_candidate() -> None:
    assert city_faults(marks(), OLD) == []
    assert city_faults(marks(road=19), OLD) == ["43 of the city's own corrections instead of 44"]
