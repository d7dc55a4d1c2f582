"""Promises with a time: when an answer and a fix are due, and which rung of the ladder comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.rules.calendar import WorkCalendar

ACK, FINISH = "ack", "finish"
REMIND, HEAD, COORDINATE = "remind", "head", "coordinate"

LADDER: dict[str, tuple[tuple[str, float], ...]] = {
    ACK: ((REMIND, 0.0), (HEAD, 4.0), (COORDINATE, 12.0)),
    FINISH: ((REMIND, 0.0), (HEAD, 8.0), (COORDINATE, 24.0)),
}
"""Per kind: the steps, and how many working hours after the due time each is taken."""


@dataclass(frozen=True)
class Targets:
    """Working hours granted for a first answer and for the fix."""

    ack: float
    finish: float


def due(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """When ``hours`` working hours from ``start`` are over."""
    return calendar.add_hours(start, hours)


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
