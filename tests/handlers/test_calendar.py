"""Deadlines run in working hours, and quiet hours hold what the clock starts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.rules.calendar import (
    BANGKOK,
    WorkCalendar,
    calendar_of,
    next_allowed,
    quiet,
    thai_holidays,
)
from store.city_data import Hours

OFFICE = WorkCalendar(time(8, 30), time(16, 30), frozenset(range(1, 6)), frozenset({date(2026, 12, 7)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


# Examples


def test_hours_within_one_day_are_added_on_the_clock() -> None:
    assert OFFICE.add_hours(at("2026-11-23 09:00"), 2.5) == at("2026-11-23 11:30")


def test_hours_run_over_the_weekend_and_a_holiday() -> None:
    # Friday 15:30: one hour on Friday, Monday the 7th is a holiday, the rest on Tuesday.
    assert OFFICE.add_hours(at("2026-12-04 15:30"), 3) == at("2026-12-08 10:30")


def test_a_start_at_night_counts_from_the_next_opening() -> None:
    assert OFFICE.add_hours(at("2026-11-21 22:00"), 1) == at("2026-11-23 09:30")


def test_hours_that_run_out_at_closing_time_end_there() -> None:
    assert OFFICE.add_hours(at("2026-11-23 08:30"), 8) == at("2026-11-23 16:30")


def test_no_hours_from_a_closed_hour_lead_to_the_next_opening() -> None:
    assert OFFICE.add_hours(at("2026-11-23 16:30"), 0) == at("2026-11-24 08:30")


def test_the_opening_minute_is_working_time_and_the_closing_one_is_not() -> None:
    assert OFFICE.is_open(at("2026-11-23 08:30"))
    assert not OFFICE.is_open(at("2026-11-23 16:30"))
    assert not OFFICE.is_open(at("2026-11-22 10:00"))
    assert not OFFICE.is_open(at("2026-12-07 10:00"))


def test_the_next_opening_of_an_open_office_is_now() -> None:
    assert OFFICE.next_opening(at("2026-11-23 10:00")) == at("2026-11-23 10:00")
    assert OFFICE.next_opening(at("2026-12-04 17:00")) == at("2026-12-08 08:30")


def test_hours_between_skip_closed_time_and_turn_negative_backwards() -> None:
    assert OFFICE.hours_between(at("2026-12-04 15:30"), at("2026-12-08 10:30")) == 3
    assert OFFICE.hours_between(at("2026-12-08 10:30"), at("2026-12-04 15:30")) == -3
    assert OFFICE.hours_between(at("2026-11-21 08:00"), at("2026-11-22 20:00")) == 0


def test_an_instant_given_in_utc_is_understood_and_answered_in_bangkok() -> None:
    due = OFFICE.add_hours(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), 1)
    assert due.isoformat() == "2026-11-23T10:00:00+07:00"


def test_a_service_that_never_closes_counts_every_hour() -> None:
    always = WorkCalendar(time(0), time(0), frozenset(range(1, 8)))
    start = at("2026-12-31 22:15")
    assert always.add_hours(start, 100) == start + timedelta(hours=100)
    assert always.is_open(at("2026-12-31 23:59"))


def test_a_change_of_clocks_does_not_stretch_an_hour() -> None:
    always = WorkCalendar(time(0), time(0), frozenset(range(1, 8)), zone=ZoneInfo("Europe/Amsterdam"))
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert always.add_hours(start, 24) == start + timedelta(hours=24)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.is_open(datetime(2026, 11, 23, 9, 0))


@pytest.mark.parametrize("hours", [-1, float("nan"), float("inf")])
def test_hours_that_mean_nothing_are_refused(hours: float) -> None:
    with pytest.raises(ValueError, match="hours"):
        OFFICE.add_hours(at("2026-11-23 09:00"), hours)


def test_hours_beyond_the_last_year_are_refused() -> None:
    late = WorkCalendar(time(8), time(16), frozenset({1}))
    with pytest.raises(OverflowError):
        late.add_hours(datetime(9999, 12, 1, tzinfo=UTC), 100)


def test_a_calendar_without_days_or_with_hours_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="weekdays"):
        WorkCalendar(time(8), time(16), frozenset())
    with pytest.raises(ValueError, match="weekdays"):
        WorkCalendar(time(8), time(16), frozenset({0}))
    with pytest.raises(ValueError, match="before close"):
        WorkCalendar(time(16), time(8), frozenset({1}))


def test_a_year_of_working_hours_is_added_in_a_moment() -> None:
    began = perf_counter()
    OFFICE.add_hours(at("2026-11-23 09:00"), 2000)
    assert perf_counter() - began < 0.1


def test_an_agency_open_all_week_works_on_holidays_and_an_office_does_not() -> None:
    new_year = frozenset({date(2027, 1, 1)})
    police = calendar_of(Hours(time(0), time(0), frozenset(range(1, 8))), new_year)
    office = calendar_of(Hours(time(8, 30), time(16, 30), frozenset(range(1, 6))), new_year)
    assert police.is_open(at("2027-01-01 10:00"))
    assert not office.is_open(at("2027-01-01 10:00"))


# Laws

minutes = st.integers(0, 1439)
instants = st.datetimes(
    datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.sampled_from([BANGKOK, UTC])
)
quarters = st.integers(0, 1200).map(lambda number: number / 4)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    first, last = sorted(draw(st.lists(st.integers(0, 96), min_size=2, max_size=2, unique=True)))
    opens, closes = time(first // 4, first % 4 * 15), time(last // 4 % 24, last % 4 * 15)
    weekdays = draw(st.frozensets(st.integers(1, 7), min_size=1))
    holidays = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=20))
    return WorkCalendar(opens, closes, weekdays, holidays)


@given(calendars(), instants, quarters)
def test_the_hours_between_start_and_due_are_the_hours_added(
    calendar: WorkCalendar, start: datetime, hours: float
) -> None:
    assert calendar.hours_between(start, calendar.add_hours(start, hours)) == pytest.approx(hours)


@given(calendars(), instants, quarters, quarters)
def test_more_hours_are_never_due_earlier(
    calendar: WorkCalendar, start: datetime, hours: float, more: float
) -> None:
    assert calendar.add_hours(start, hours) <= calendar.add_hours(start, hours + more)


@given(calendars(), instants, st.timedeltas(timedelta(0), timedelta(days=30)), quarters)
def test_a_later_start_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, later: timedelta, hours: float
) -> None:
    assert calendar.add_hours(start, hours) <= calendar.add_hours(start + later, hours)


@given(calendars(), instants, quarters)
def test_a_due_time_lies_in_working_time_or_at_its_end(
    calendar: WorkCalendar, start: datetime, hours: float
) -> None:
    due = calendar.add_hours(start, hours)
    just_before = due - timedelta(microseconds=1)
    assert due.utcoffset() == timedelta(hours=7)
    assert calendar.is_open(due) or (hours > 0 and calendar.is_open(just_before))


@given(calendars(), instants, quarters, quarters)
def test_hours_added_in_two_steps_are_hours_added_at_once(
    calendar: WorkCalendar, start: datetime, first: float, second: float
) -> None:
    assume(second > 0)
    assert calendar.add_hours(calendar.add_hours(start, first), second) == calendar.add_hours(
        start, first + second
    )


@given(calendars(), instants)
def test_nothing_is_open_before_the_next_opening(calendar: WorkCalendar, start: datetime) -> None:
    opening = calendar.next_opening(start)
    assert opening >= start
    assert calendar.is_open(opening)
    assert calendar.hours_between(start, opening) == 0


@given(calendars(), instants, instants, instants)
def test_hours_between_add_up(
    calendar: WorkCalendar, first: datetime, second: datetime, third: datetime
) -> None:
    total = calendar.hours_between(first, second) + calendar.hours_between(second, third)
    assert total == pytest.approx(calendar.hours_between(first, third))


# Holidays


def test_thai_holidays_hold_public_and_government_days() -> None:
    days = thai_holidays([2026])
    assert date(2026, 12, 5) in days
    assert date(2026, 12, 7) in days, "in lieu of the fifth, a Saturday"
    assert date(2026, 5, 13) in days, "the ploughing ceremony is a government holiday"
    assert date(2026, 11, 23) not in days


def test_a_city_adds_and_takes_away_days() -> None:
    days = thai_holidays([2026], plus={date(2026, 2, 2)}, minus={date(2026, 5, 1)})
    assert date(2026, 2, 2) in days
    assert date(2026, 5, 1) not in days


# Quiet hours

NIGHT = (time(21), time(7))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_span_midnight(moment: str, expected: bool) -> None:
    assert quiet(at(f"2026-11-21 {moment}"), *NIGHT) is expected


def test_what_falls_in_the_evening_waits_for_the_next_morning() -> None:
    assert next_allowed(at("2026-11-21 22:00"), *NIGHT) == at("2026-11-22 07:00")
    assert next_allowed(at("2026-11-22 03:00"), *NIGHT) == at("2026-11-22 07:00")
    assert next_allowed(at("2026-11-22 07:00"), *NIGHT) == at("2026-11-22 07:00")


def test_quiet_hours_are_the_citys_and_not_those_of_utc() -> None:
    assert quiet(datetime(2026, 11, 21, 15, 0, tzinfo=UTC), *NIGHT)
    assert not quiet(datetime(2026, 11, 21, 1, 0, tzinfo=UTC), *NIGHT)


def test_equal_times_mean_that_it_is_never_quiet() -> None:
    assert not quiet(at("2026-11-21 21:00"), time(21), time(21))


@given(instants, minutes, minutes)
def test_the_first_allowed_minute_is_not_quiet_and_within_a_day(
    moment: datetime, first: int, last: int
) -> None:
    start, end = time(first // 60, first % 60), time(last // 60, last % 60)
    allowed = next_allowed(moment, start, end)
    assert not quiet(allowed, start, end)
    assert timedelta(0) <= allowed - moment < timedelta(days=1)
    assert (allowed == moment) is not quiet(moment, start, end)
