"""The pure rules: lifecycle, routing, promises, codes and invites."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules import codes, deadlines, invites, lifecycle
from handlers.rules.calendar import BANGKOK
from handlers.rules.routing import Facts, choose
from store.city_data import Helper, RoutingRow
from store.words import Status
from tests.town import DEMO_CITY


def row(position: int, lead: str, area: str = "*", category: str = "road") -> RoutingRow:
    return RoutingRow(position, area, category, lead, (Helper("HELP", "task"),), "th", "en")


ROWS = (row(1, "HIGHWAY", "420105"), row(2, "WORKS"), row(3, "HIGHWAY"), row(4, "PARK", category="tree"))


def route(areas: list[str], category: str = "road", declined: tuple[str, ...] = ()) -> str:
    facts = Facts(areas, category)
    return choose(ROWS, facts, declined, "CENTER", lambda agency: agency != "PARK").lead


def test_the_first_row_that_fits_the_place_and_the_issue_leads() -> None:
    assert route(["420105", "4201"]) == "HIGHWAY"
    assert route(["420101", "4201"]) == "WORKS"


def test_without_a_place_only_rows_for_everywhere_fit() -> None:
    assert route([]) == "WORKS"


def test_an_agency_that_declined_is_never_asked_again_by_rule() -> None:
    assert route(["420101"], declined=("WORKS",)) == "HIGHWAY"
    assert route(["420101"], declined=("WORKS", "HIGHWAY")) == "CENTER"


def test_an_agency_that_does_not_work_there_is_passed_over() -> None:
    assert route(["420101"], "tree") == "CENTER"


@given(st.sets(st.sampled_from(["WORKS", "HIGHWAY"])), st.sampled_from(["420105", "420101"]))
def test_routing_never_leads_back_to_who_declined(declined: set[str], area: str) -> None:
    assert route([area], declined=tuple(declined)) not in declined


@given(st.sampled_from(list(Status)), st.sampled_from(list(Status)))
def test_every_change_is_allowed_for_somebody_or_forbidden_for_all(start: Status, to: Status) -> None:
    roles = (lifecycle.CITIZEN, lifecycle.OFFICIAL, lifecycle.COORDINATOR, lifecycle.SYSTEM)
    for role in roles:
        if lifecycle.may(start, to, role):
            lifecycle.check(start, to, role)
        else:
            with pytest.raises(lifecycle.ForbiddenChange):
                lifecycle.check(start, to, role)


def test_rejected_and_merged_cases_never_move_again() -> None:
    assert not [pair for pair in lifecycle.ALLOWED if pair[0] in (Status.REJECTED, Status.MERGED)]


def test_every_status_can_be_reached_from_new() -> None:
    reached = {Status.NEW}
    for _ in Status:
        reached |= {to for start, to in lifecycle.ALLOWED if start in reached}
    assert reached == set(Status)


def test_a_promise_that_stood_still_keeps_its_remaining_working_hours() -> None:
    from handlers.rules.calendar import calendar_of
    from store.city_folder import read_city

    calendar = calendar_of(read_city(DEMO_CITY).city.hours, frozenset())
    due = datetime(2026, 11, 23, 16, 0, tzinfo=BANGKOK)
    paused = datetime(2026, 11, 23, 14, 0, tzinfo=BANGKOK)
    resumed = datetime(2026, 11, 25, 9, 0, tzinfo=BANGKOK)
    moved = deadlines.shifted(due, paused, resumed, calendar)
    assert calendar.hours_between(resumed, moved) == pytest.approx(calendar.hours_between(paused, due))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2039, 12, 31)))
def test_the_buddhist_year_turns_at_midnight_of_the_city(at: datetime) -> None:
    moment = at.replace(tzinfo=BANGKOK)
    assert codes.buddhist_year(moment.astimezone(UTC), BANGKOK) == at.year + 543


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("LOE69-0001", "LOE69-0001"),
        ("loe69-0012 ถึงไหนแล้ว", "LOE69-0012"),
        ("LOE๖๙–๐๐๐๑", "LOE69-0001"),
        ("เรื่อง LOE69—12345", "LOE69-12345"),
        ("LO69-0001", None),
        ("สวัสดี", None),
    ],
)
def test_a_case_code_is_found_however_it_is_typed(typed: str, code: str | None) -> None:
    assert codes.find_code(typed) == code


@given(st.integers(0, 10_000))
def test_an_invite_code_is_read_back_from_small_letters_and_long_dashes(_: int) -> None:
    code = invites.new_code()
    assert invites.read_code(f"  {code.lower().replace('-', '–')} ") == code
    assert not set(code) & set("IO01")


def test_a_sentence_is_no_invite_code() -> None:
    assert invites.read_code("ขอรหัส ABCD-EFGH หน่อย") is None
