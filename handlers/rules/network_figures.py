"""Figures of a network that follow from its memberships alone: size class, score of the five steps, retention. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.rules import five_steps

IN_TIME = {
    1: timedelta(0),
    2: timedelta(days=7),
    3: timedelta(days=3),
    4: timedelta(days=1),
    5: timedelta(days=14),
}
"""How long after its due date a step still counts as done in time."""


def size_class(members: int, medium_from: int, large_from: int) -> str:
    """ "small", "medium" or "large" (Conant's first step), by the city's thresholds."""
    if members >= large_from:
        return "large"
    return "medium" if members >= medium_from else "small"


@dataclass(frozen=True)
class Taken:
    """One step of one membership as far as the score looks at it."""

    number: int
    state: str
    first_due: datetime
    done_at: datetime | None
    times: int = 0
    """Step 4: how often news went out or was looked for; step 5: how often she was asked."""
    answered: int = 0


def _fraction(step: Taken) -> float:
    if step.number in (4, 5):
        return min(1.0, step.answered / step.times)
    in_time = step.done_at is not None and step.done_at <= step.first_due + IN_TIME[step.number]
    return float(step.state == five_steps.ANSWERED and in_time)


def _counts(step: Taken, now: datetime) -> bool:
    """Whether the step has fallen due: what lies ahead or was called off says nothing."""
    if step.state == five_steps.VOID:
        return False
    if step.number in (4, 5):
        return step.times > 0
    return step.done_at is not None or step.first_due + IN_TIME[step.number] <= now


def score(steps: Iterable[Taken], now: datetime) -> dict[str, float | None]:
    """The network's five-step score.

    Per step s: of its steps that have fallen due, the share done in time,
    ``S_s = (steps answered no later than due + grace_s) / (steps that fell due)``, with the graces of ``IN_TIME``. Step 4 counts
    each news that went out and was answered by a button, step 5 each question that was followed by a sign of life.
    The score is the mean of the S_s that are defined, times 100; None while nothing has fallen due.
    """
    by_number: dict[int, list[float]] = defaultdict(list)
    for step in steps:
        if _counts(step, now):
            by_number[step.number].append(_fraction(step))
    shares = {n: sum(found) / len(found) for n, found in by_number.items()}
    result: dict[str, float | None] = {
        str(n): round(100 * shares[n], 1) if n in shares else None for n in five_steps.NUMBERS
    }
    result["score"] = round(100 * sum(shares.values()) / len(shares), 1) if shares else None
    return result


@dataclass(frozen=True)
class Stay:
    """From when to when somebody was an active member."""

    joined_at: datetime
    ended_at: datetime | None
    """When she left or fell dormant."""


def retention(
    stays: Iterable[Stay], now: datetime, zone: ZoneInfo, least: int = 5
) -> list[dict[str, object]]:
    """Per month of joining: how many joined, and the share still active after 1, 2, 3 … whole months (30 days each).

    ``R_c(k) = |{m in c: active k*30 days after joining}| / |c|`` for cohorts c old enough that k*30 days have
    passed for every member. A cohort of fewer than ``least`` people is told by its size only, so that no figure
    speaks of one person.
    """
    cohorts: Mapping[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        cohorts[stay.joined_at.astimezone(zone).strftime("%Y-%m")].append(stay)
    return [
        {"month": month, "joined": len(found), "still": _curve(found, now) if len(found) >= least else None}
        for month, found in sorted(cohorts.items())
    ]


def _curve(found: list[Stay], now: datetime) -> list[float]:
    months = min((now - stay.joined_at) // timedelta(days=30) for stay in found)
    return [
        round(sum(_active(stay, k) for stay in found) / len(found), 3) for k in range(1, min(months, 24) + 1)
    ]


def _active(stay: Stay, months: int) -> bool:
    return stay.ended_at is None or stay.ended_at > stay.joined_at + timedelta(days=30 * months)
