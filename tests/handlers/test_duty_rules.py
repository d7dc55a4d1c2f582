"""Who reads a card when people are away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.duty import Duty, away, reader, readers

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ENDS = st.one_of(st.none(), st.integers(-5, 5).map(lambda hours: NOW + timedelta(hours=hours)))
IDS = st.integers(1, 6)
STAFF = st.lists(
    st.builds(Duty, IDS, st.booleans(), ENDS, st.one_of(st.none(), IDS)),
    unique_by=lambda duty: duty.id,
    max_size=6,
)


@given(STAFF)
def test_everybody_who_reads_is_on_duty_unless_nobody_is(staff: list[Duty]) -> None:
    present = {one.id for one in staff if not away(one, NOW)}
    found = set(readers(staff, NOW))
    assert found == present if present else found == {one.id for one in staff}


@given(STAFF)
def test_a_ring_of_substitutes_ends_and_reaches_nobody_who_is_away(staff: list[Duty]) -> None:
    known = {one.id: one for one in staff}
    for one in staff:
        found = reader(one, staff, NOW)
        assert found is None or not away(known[found], NOW)


def test_a_substitute_who_is_away_hands_on_to_hers() -> None:
    staff = [Duty(1, False, None, 2), Duty(2, False, NOW + timedelta(days=1), 3), Duty(3, True, None, None)]
    assert reader(staff[0], staff, NOW) == 3


def test_somebody_of_another_agency_never_stands_in() -> None:
    assert reader(Duty(1, False, None, 9), [Duty(1, False, None, 9)], NOW) is None


def test_a_time_away_that_has_passed_ends_by_itself() -> None:
    assert not away(Duty(1, False, NOW, None), NOW)
    assert away(Duty(1, False, NOW + timedelta(seconds=1), None), NOW)
