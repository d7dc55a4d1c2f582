"""Promises with a time: when an answer and a fix are due, and which rung of the ladder comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from handlers.rules.calendar import WorkCalendar
from store.city_data import CategoryRow
from store.words import LEAD_CLOCKS

ACK, PLAN, FINISH, PROMISE = "ack", "plan", "finish", "promise"
"""Of the lead: to answer, to say by when, to be done by the city's target, to be done by its own word."""
HELP_ACK, HELP_FINISH = "help_ack", "help_finish"
LEAD_KINDS = LEAD_CLOCKS
HELP_KINDS = (HELP_ACK, HELP_FINISH)
SHOWN_KINDS = (ACK, PROMISE, FINISH)
"""What a citizen sees of the clocks: the first of these that runs."""

REMIND, HEAD, COORDINATE, REPRESENT, PUBLIC = "remind", "head", "coordinate", "represent", "public"

LADDER: dict[str, tuple[tuple[str, float], ...]] = {
    ACK: ((REMIND, 0.0), (HEAD, 4.0), (COORDINATE, 12.0), (REPRESENT, 20.0), (PUBLIC, 28.0)),
    PLAN: ((REMIND, 0.0), (HEAD, 8.0)),
    FINISH: ((REMIND, 0.0), (HEAD, 8.0), (COORDINATE, 24.0), (REPRESENT, 40.0), (PUBLIC, 56.0)),
    PROMISE: ((REMIND, 0.0), (HEAD, 8.0), (COORDINATE, 24.0), (REPRESENT, 40.0), (PUBLIC, 56.0)),
    HELP_ACK: ((REMIND, 0.0), (HEAD, 8.0)),
    HELP_FINISH: ((REMIND, 0.0), (HEAD, 8.0), (COORDINATE, 24.0)),
}
"""Per kind: the steps, and how many working hours after the due time each is taken."""

FEWEST_CASES = 20
"""Below so many closed cases nothing is said about how long they usually take."""


@dataclass(frozen=True)
class Targets:
    """Working hours granted for a first answer, for saying by when, and for the fix."""

    ack: float
    plan: float
    finish: float


def targets_of(row: CategoryRow, urgent: bool) -> Targets:
    """The city's targets; what it leaves open follows from the others.

    A date is then due in twice the time of the answer, an urgent fix in a quarter of the usual time.
    """
    if not urgent:
        return Targets(
            row.ack_hours, row.plan_hours or min(2 * row.ack_hours, row.finish_hours), row.finish_hours
        )
    finish = row.urgent_finish_hours or max(row.finish_hours / 4, row.urgent_ack_hours)
    plan = row.urgent_plan_hours or min(2 * row.urgent_ack_hours, finish)
    return Targets(row.urgent_ack_hours, min(plan, finish), finish)


def due(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """When ``hours`` working hours from ``start`` are over."""
    return calendar.add_hours(start, hours)


def end_of_day(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Closing time of the first working day that begins ``days`` calendar days (or more) after the day of ``start``.

    Today counts only while the agency is still open; after closing the next working day is meant.
    """
    return calendar.closing(start if days == 0 else start + timedelta(days=days))


def rung_at(kind: str, rung: int, due_at: datetime, calendar: WorkCalendar) -> datetime | None:
    """When rung number ``rung`` (0 = first) is due; None above the ladder's end."""
    if rung >= len(LADDER[kind]):
        return None
    return calendar.add_hours(due_at, LADDER[kind][rung][1]) if LADDER[kind][rung][1] else due_at


def shifted(due_at: datetime, paused_at: datetime, resumed_at: datetime, calendar: WorkCalendar) -> datetime:
    """The due time after a pause: the working hours that were left, counted from the resumption."""
    if paused_at >= due_at:
        return due_at + (resumed_at - paused_at if resumed_at > paused_at else timedelta())
    return calendar.add_hours(resumed_at, calendar.hours_between(paused_at, due_at))


def usual_days(took: Sequence[float]) -> tuple[int, int] | None:
    """Between how many days the middle half of the cases took (whole days, one at least); None for too few."""
    if len(took) < FEWEST_CASES:
        return None
    low, _, high = quantiles(took, n=4, method="inclusive")
    return max(1, round(low)), max(1, round(high))
