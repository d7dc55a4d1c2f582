"""Groups of opinion: found where they are, not found by chance, never pointing at a few people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from handlers.rules import opinion_groups
from handlers.rules.opinion_groups import Floats

_ = np.nan


def two_camps(people: int, statements: int, noise: float, seed: int = 1) -> tuple[Floats, Floats]:
    """Votes of two camps that answer against each other, but for the last statement which all agree with."""
    chance = np.random.default_rng(seed)
    side = np.where(np.arange(people) % 3 == 0, -1.0, 1.0)
    votes = np.repeat(side[:, None], statements, axis=1)
    votes[:, -1] = 1.0
    flips = np.where(chance.random((people, statements)) < noise, -1.0, 1.0)
    return votes * flips, side


def test_two_camps_are_found_and_the_larger_comes_first() -> None:
    votes, side = two_camps(60, 8, 0.05)
    found = opinion_groups.find(votes)
    assert found is not None and found.sizes == (40, 20)
    assert all((group == 0) == (s > 0) for group, s in zip(found.group, side, strict=True))


def test_what_both_camps_agree_with_is_the_bridge() -> None:
    votes, _side = two_camps(60, 8, 0.05)
    found = opinion_groups.find(votes)
    assert found is not None and found.bridges() == [7]
    assert max(range(8), key=lambda i: found.common[i]) == 7
    assert 7 not in found.marks(0)[:3]


def test_three_camps_are_three_groups() -> None:
    kinds = np.array(
        [[1, 1, 1, -1, -1, -1, 1], [-1, -1, -1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, -1]], dtype=float
    )
    votes = np.repeat(kinds, [12, 10, 8], axis=0)
    found = opinion_groups.find(votes)
    assert found is not None and found.sizes == (12, 10, 8)


@pytest.mark.parametrize("people", [12, 20, 50, 200])
@pytest.mark.parametrize("statements", [4, 8, 20])
def test_chance_alone_shows_no_groups(people: int, statements: int) -> None:
    found = 0
    for seed in range(20):
        chance = np.random.default_rng(seed)
        votes = chance.choice([-1.0, 0.0, 1.0], size=(people, statements), p=[0.3, 0.2, 0.5])
        found += opinion_groups.find(votes) is not None
    assert found <= 2, f"{found} of 20 random votes were said to have groups"


def test_few_voters_or_few_statements_show_no_groups() -> None:
    assert opinion_groups.find(two_camps(11, 8, 0)[0]) is None
    assert opinion_groups.find(two_camps(40, 3, 0)[0]) is None
    assert opinion_groups.find(np.empty((0, 5))) is None


def test_a_handful_that_thinks_otherwise_is_never_shown_as_a_group() -> None:
    votes = np.ones((40, 6))
    votes[:3] = -1.0
    found = opinion_groups.find(votes)
    assert found is None or min(found.sizes) >= opinion_groups.LEAST_IN_GROUP


def test_who_answered_little_belongs_to_no_group_and_changes_none() -> None:
    votes, _side = two_camps(60, 8, 0.05)
    shy = np.full((5, 8), np.nan)
    shy[:, 0] = 1.0
    found = opinion_groups.find(np.vstack([votes, shy]))
    assert found is not None and found.sizes == (40, 20) and found.group[60:] == (-1,) * 5


def test_the_same_votes_always_give_the_same_groups() -> None:
    votes, _side = two_camps(3000, 20, 0.2)
    assert opinion_groups.find(votes) == opinion_groups.find(votes.copy())


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(0, 40), st.integers(0, 8)),
        elements=st.sampled_from([-1.0, 0.0, 1.0, _]),
    )
)
def test_whatever_the_votes_groups_hold_everybody_who_answered_and_nobody_twice(votes: Floats) -> None:
    found = opinion_groups.find(votes)
    if found is not None:
        assert sum(found.sizes) == sum(group >= 0 for group in found.group) <= len(votes)
        assert min(found.sizes) >= opinion_groups.LEAST_IN_GROUP
        assert all(0 <= value <= 1 for value in found.common)
