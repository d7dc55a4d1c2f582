"""What is left of LINE's month for digests, once everything that cannot wait is provided for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

LEAST_KEPT = 0.1
"""Share of the month that digests never touch."""


@dataclass(frozen=True)
class Month:
    """Counted messages of this month. ``others``: what cards, case messages, steps and reminders have cost so far."""

    allowed: int
    used: int
    others: int
    planned: int
    """What waits to be sent already."""
    passed: float
    """Share of the month that is over, above 0, at most 1."""


def room_for_digests(month: Month) -> int:
    """How many digests may still be pushed: what is allowed, less what is used, waits, or is kept for the rest.

    Kept is what the others will need if they go on as they did, but never less than a tenth of the month.
    """
    ahead = month.others / month.passed * (1 - month.passed)
    kept = max(month.allowed * LEAST_KEPT, ahead)
    return max(0, int(month.allowed - month.used - month.planned - kept))


def began(machine: float) -> float:
    """When the month of that instant began, by UTC (LINE's own month differs by some hours)."""
    now = datetime.fromtimestamp(machine, UTC)
    return datetime(now.year, now.month, 1, tzinfo=UTC).timestamp()


def passed(machine: float) -> float:
    """The share of its month that is over, at least a day."""
    now = datetime.fromtimestamp(machine, UTC)
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    length = datetime(year, month, 1, tzinfo=UTC).timestamp() - began(machine)
    return min(1.0, max(86_400.0, machine - began(machine)) / length)
