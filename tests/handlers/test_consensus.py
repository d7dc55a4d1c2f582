"""The rules of deciding together: counting, quorum, consensus, rounds, conditions, hosts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.rules import conditions, consensus, gathering, hosts
from handlers.rules.calendar import BANGKOK
from handlers.rules.consensus import ANSWERS, Ballot, Charter, Tally

CHARTER = Charter(consensus=0.7, quorum=0.2, quorum_least=2, rounds=2, days=7)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ballots = st.lists(
    st.builds(Ballot, st.integers(1, 6), st.integers(1, 30), st.sampled_from(ANSWERS)),
    unique_by=lambda ballot: (ballot.statement, ballot.person),
)


@given(ballots, st.randoms())
def test_votes_add_up_in_whatever_order_they_come(votes: list[Ballot], chance: object) -> None:
    counted = consensus.count(votes)
    assert sum(tally.voters for tally in counted.values()) == len(votes)
    shuffled = list(votes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert consensus.count(shuffled) == counted


@given(ballots, st.sampled_from(ANSWERS))
def test_who_changes_her_vote_still_has_one(votes: list[Ballot], answer: str) -> None:
    changed = [Ballot(vote.statement, vote.person, answer) for vote in votes]
    counted = consensus.count([*votes, *changed])
    assert sum(tally.voters for tally in counted.values()) == len(votes)
    assert all(
        getattr(tally, "passed" if answer == "pass" else answer) == tally.voters for tally in counted.values()
    )


@given(st.builds(Tally, *[st.integers(0, 50)] * 3), st.integers(0, 200))
def test_one_more_agreement_never_undoes_an_agreement(tally: Tally, members: int) -> None:
    more = Tally(tally.agree + 1, tally.disagree, tally.passed)
    if consensus.agreed(tally, CHARTER, members):
        assert consensus.agreed(more, CHARTER, members)


def test_the_quorum_is_a_share_of_the_members_but_never_fewer_than_the_charter_says() -> None:
    assert [CHARTER.needed(n) for n in (0, 5, 10, 11, 15, 100)] == [2, 2, 2, 3, 3, 20]


def test_a_statement_is_agreed_by_the_share_of_those_who_take_a_side() -> None:
    assert consensus.agreed(Tally(7, 3, 5), CHARTER, 20)
    assert not consensus.agreed(Tally(6, 4, 5), CHARTER, 20)
    assert not consensus.agreed(Tally(0, 0, 9), CHARTER, 20), "nobody took a side"
    assert not consensus.agreed(Tally(3, 0, 0), CHARTER, 20), "too few answered this statement"


def test_too_few_voters_make_no_decision_however_they_voted() -> None:
    assert consensus.outcome([Tally(1)], 1, CHARTER, 5) == "no_quorum"
    assert consensus.outcome([Tally(2, 0), Tally(0, 2)], 2, CHARTER, 5) == "agreed"
    assert consensus.outcome([Tally(1, 1)], 2, CHARTER, 5) == "not_agreed"


def test_reasons_bring_another_round_while_the_charter_has_one() -> None:
    assert consensus.another_round(1, CHARTER, 1, "agreed")
    assert not consensus.another_round(2, CHARTER, 5, "not_agreed")
    assert not consensus.another_round(1, CHARTER, 0, "not_agreed")
    assert not consensus.another_round(1, CHARTER, 3, "no_quorum")


def test_the_reminder_is_due_in_the_two_days_before_the_close() -> None:
    closes = NOW + timedelta(days=7)
    due = [consensus.reminds(NOW, closes, NOW + timedelta(days=days)) for days in (0, 4, 5, 6, 7)]
    assert due == [False, False, True, True, False]
    assert not consensus.reminds(NOW, NOW + timedelta(days=2), NOW + timedelta(days=1)), (
        "a short round has none"
    )


def test_l10_a_network_may_decide_when_all_six_conditions_are_met() -> None:
    met = conditions.Conditions(*[True] * 6)
    assert conditions.may_decide(met)
    for name in met.__dataclass_fields__:
        lacking = conditions.Conditions(**{**met.__dict__, name: False})
        assert not conditions.may_decide(lacking) and conditions.missing(lacking) == (name,)


def test_l19_the_host_who_has_waited_longest_is_next() -> None:
    assert hosts.in_turn(["a", "b", "c"], {}) == ["a", "b", "c"]
    last = {"a": NOW, "b": NOW - timedelta(days=9)}
    assert hosts.in_turn(["a", "b", "c"], last) == ["c", "b", "a"]
    assert hosts.in_turn(["a"], {"gone": NOW}) == ["a"]


@given(st.integers(0, 40), st.integers(0, 40), st.none() | st.integers(1, 30))
def test_places_are_never_overbooked(going: int, waiting: int, most: int | None) -> None:
    risen = gathering.moves_up(going, most, waiting)
    assert 0 <= risen <= waiting
    if most is not None and going <= most:
        assert going + risen <= most
        assert gathering.place(going + risen, most) == "going" or going + risen == most


def test_the_reminder_of_an_activity_is_due_at_five_on_the_day_before() -> None:
    start = datetime(2026, 11, 28, 0, 30, tzinfo=BANGKOK)
    assert gathering.remind_from(start, BANGKOK) == datetime(2026, 11, 27, 17, tzinfo=BANGKOK)


def test_people_check_in_from_two_hours_before_to_eight_hours_after() -> None:
    hours = {h: gathering.checks_in(NOW, NOW + timedelta(hours=h)) for h in (-3, -2, 0, 8, 9)}
    assert hours == {-3: False, -2: True, 0: True, 8: True, 9: False}


@given(st.text(max_size=12))
def test_only_four_plain_digits_are_a_code(said: str) -> None:
    read = gathering.read_code(said)
    assert read is None or (read == said.strip() and len(read) == 4 and read.isascii() and read.isdigit())
