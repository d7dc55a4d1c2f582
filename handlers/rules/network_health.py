"""How well a network works together: three indicators of collaboration, what network government promises, and the
six causes for which networks fail, each with its signal. Pure figures; the words stand in the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

FEWEST = 5
"""Fewer things (or people) than this give no figure: it would tell of one of them."""


@dataclass(frozen=True)
class Counts:
    """What is counted in a network over the last 90 days (``members`` and ``representatives``: now).

    ``sectors``: of members and of agencies with a tie. ``answer_hours``: from report to acceptance, per case.
    """

    members: int = 0
    active_members: int = 0
    representatives: int = 0
    sectors: frozenset[str] = frozenset()
    cases: int = 0
    open: int = 0
    late: int = 0
    done: int = 0
    done_jointly: int = 0
    closed: int = 0
    confirmed: int = 0
    declined: int = 0
    handed_twice: int = 0
    reopened: int = 0
    placeless: int = 0
    first_try: int = 0
    accepted: int = 0
    by_others: int = 0
    """Cases that a private or civil agency leads or helped with."""
    kept: int = 0
    broken: int = 0
    asked: int = 0
    """Follow-up questions that are old enough to be answered."""
    answered: int = 0
    content: int = 0
    """Answers that said yes."""
    lessons: int = 0
    answer_hours: Sequence[float] = field(default=())


def share(part: int, whole: int) -> float | None:
    """``part`` ÷ ``whole``; None where fewer than ``FEWEST`` are counted."""
    return round(part / whole, 3) if whole >= FEWEST else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 3) if known else None


SECTORS = 4
"""State, local, private, civil."""


def collaboration(c: Counts) -> dict[str, float | None]:
    """Emerson, Nabatchi & Balogh, "An Integrative Framework for Collaborative Governance", JPART 22 (2012).

    Each from 0 to 1, None where too little is known:
    engagement (principled engagement) = mean of: members active in 90 days ÷ members; sectors at the table ÷ 4.
    motivation (shared motivation, trust) = mean of: promises kept ÷ ended; answers to follow-ups that said yes.
    capacity (capacity for joint action) = mean of: finished cases with a helping agency ÷ finished; closed cases
    that the reporter confirmed ÷ closed.
    """
    sectors = len(c.sectors) / SECTORS if c.members >= FEWEST else None
    return {
        "engagement": _mean([share(c.active_members, c.members), sectors]),
        "motivation": _mean([promises_kept(c), share(c.content, c.answered)]),
        "capacity": _mean([share(c.done_jointly, c.done), share(c.confirmed, c.closed)]),
    }


def promises_kept(c: Counts) -> float | None:
    """Promises (answer, fix) that ended in time ÷ all that ended."""
    return share(c.kept, c.kept + c.broken)


def network_government(c: Counts) -> dict[str, float | None]:
    """What governing by network promises (Goldsmith & Eggers, "Governing by Network", 2004, ch. 2), measured.

    flexibility: cases that non-state agencies led or helped with ÷ cases. innovation: lessons published in 90 days.
    specialisation: accepted by the first agency asked ÷ accepted. speed_hours: median from report to acceptance.
    """
    hours = c.answer_hours
    return {
        "flexibility": share(c.by_others, c.cases),
        "innovation": float(c.lessons),
        "specialisation": share(c.first_try, c.accepted),
        "speed_hours": round(median(hours), 1) if len(hours) >= FEWEST else None,
    }


@dataclass(frozen=True)
class Signal:
    """One cause of failure: its measured value, the limit, and whether it is reached (None: too little known)."""

    cause: str
    value: float | None
    limit: float

    @property
    def warns(self) -> bool | None:
        return None if self.value is None else self.value >= self.limit


MANY_MEMBERS = 150.0
"""Members per representative beyond which nobody knows everybody (Dunbar 1992: about 150 stable relations)."""

LIMITS = {
    "goals": 0.25,
    "supervision": 0.2,
    "communication": 0.5,
    "coordination": 0.15,
    "data": 0.3,
    "size": MANY_MEMBERS,
}
"""Where a signal begins to warn. Starting points of ours, to be set by what cities find."""


def six_causes(c: Counts) -> tuple[Signal, ...]:
    """Why networks fail (Goldsmith & Eggers 2004, ch. 2), each with the trace it leaves in the data.

    goals: cases an agency declined ÷ cases (they do not see the same task as theirs).
    supervision: open cases past their promise ÷ open.
    communication: follow-up questions without an answer after three days ÷ asked.
    coordination: cases handed on twice or more, or reopened ÷ cases.
    data: cases nobody could place on the map ÷ cases.
    size: members per representative.
    """
    values = {
        "goals": share(c.declined, c.cases),
        "supervision": share(c.late, c.open),
        "communication": share(c.asked - c.answered, c.asked),
        "coordination": share(c.handed_twice + c.reopened, c.cases),
        "data": share(c.placeless, c.cases),
        "size": c.members / max(c.representatives, 1) if c.members >= FEWEST else None,
    }
    return tuple(Signal(cause, values[cause], limit) for cause, limit in LIMITS.items())


def worst(signals: Sequence[Signal]) -> Signal | None:
    """The warning furthest above its limit; None when all is well."""
    warning = [s for s in signals if s.warns]
    return max(warning, key=lambda s: (s.value or 0.0) / s.limit, default=None)
