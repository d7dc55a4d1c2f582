"""Handing a case on: for which reasons, what the citizen must hear and when, and how well a routing row guesses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from handlers.rules.calendar import WorkCalendar

REASONS = ("area", "power", "first", "duplicate", "not_problem", "other")
FOR_COORDINATOR = ("duplicate", "not_problem")
"""Reasons after which a person decides, not a rule."""
WRONG_ROW = ("area", "power")
"""Reasons that say the routing row named the wrong agency."""

HOP, PROMISE = "hop", "promise"
HOPS_TO_PUSH = 2
"""A first hand-over rides on the next message; the second is told by itself."""
HOURS_TO_PUSH = 8.0
"""Working hours (a day) after which an untold hand-over is told by itself."""


class Hopping(Protocol):
    """The columns of a case that this rule keeps."""

    untold: Any
    untold_since: Any


def remember(case: Hopping, at: datetime, why: str) -> None:
    """A hand-over that the reporters have not heard of."""
    case.untold = [*(case.untold or []), {"kind": HOP, "why": why}]
    case.untold_since = case.untold_since or at


def push_now(untold: Sequence[dict[str, Any]]) -> bool:
    """Whether the hand-overs that wait are worth a message of their own at once."""
    hops = [item for item in untold if item["kind"] == HOP]
    return len(hops) >= HOPS_TO_PUSH


def push_later(since: datetime, now: datetime, calendar: WorkCalendar) -> bool:
    """Whether nothing was said for more than a working day, so that the hand-over is told by itself."""
    return calendar.hours_between(since, now) > HOURS_TO_PUSH


# --- how well the rows guess


@dataclass(frozen=True)
class Step:
    """One row of a case's history that speaks of routing. ``rule`` is None where a person chose the lead."""

    kind: str
    lead: str
    rule: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Trial:
    """What became of a case's first offer by a row. ``right`` is None while nobody can tell."""

    rule: int
    lead: str
    right: bool | None
    went_to: str


def trial(steps: Sequence[Step]) -> Trial | None:
    """Judge the first offer of a case; None when no row made it.

    Wrong: that agency said "not our area" or "not our power", or a coordinator gave the case to another one before
    it was taken. ``went_to``: who took it (or has it) in the end.
    """
    first = next((step for step in steps if step.kind == "offered"), None)
    if first is None or first.rule is None:
        return None
    offered = [step.lead for step in steps if step.kind == "offered"]
    return Trial(first.rule, first.lead, _right(first, steps), offered[-1])


def _right(first: Step, steps: Sequence[Step]) -> bool | None:
    for step in steps:
        if step.kind == "accepted":
            return True
        if step.kind == "declined":
            return None if step.why not in WRONG_ROW else False
        if step.kind == "offered" and step.why == "coordinator" and step.lead != first.lead:
            return False
    return None


FEWEST_TRIALS = 5
"""Below so many decided cases a row is not judged."""


@dataclass
class Guesses:
    """A row's record: ``right`` and ``wrong`` first tries, and where the wrong ones went."""

    rule: int
    lead: str
    right: int = 0
    wrong: int = 0
    undecided: int = 0
    went_on: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Right at the first try; None when nothing is decided."""
        decided = self.right + self.wrong
        return self.right / decided if decided else None

    @property
    def better(self) -> tuple[str, int] | None:
        """Another lead that more than half of the cases ended with, and how many; None when the row is fine."""
        decided = self.right + self.wrong
        agency, n = max(self.went_on.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
        return (agency, n) if decided >= FEWEST_TRIALS and 2 * n > decided else None


def tally(trials: Iterable[Trial]) -> list[Guesses]:
    """The records of rows by position; a row that named another lead at that time has a record of its own."""
    found: dict[tuple[int, str], Guesses] = {}
    for one in trials:
        guesses = found.setdefault((one.rule, one.lead), Guesses(one.rule, one.lead))
        if one.right is None:
            guesses.undecided += 1
        elif one.right:
            guesses.right += 1
        else:
            guesses.wrong += 1
            if one.went_to != one.lead:
                guesses.went_on[one.went_to] = guesses.went_on.get(one.went_to, 0) + 1
    return [found[key] for key in sorted(found)]
