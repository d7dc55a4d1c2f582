"""Who leads a network and how long: leaders take turns (Starkey's third guideline). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = (6, 12, 24)
"""Lengths of a term that are offered."""
ANSWER_WITHIN = timedelta(days=14)
"""A question to lead that nobody answered so long is taken back."""
LONGER = timedelta(days=90)
"""How long the last one who leads goes on after her term, while somebody to follow her is looked for."""
ONLY_ONE = ("lead",)
"""Roles that one member has at a time: the next one takes over from the one before."""


def until(now: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The end of a term that begins now: midnight after the same day of the month, or after that month's last day."""
    local = now.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    day = local.day
    while True:
        try:
            last = local.replace(year=local.year + years, month=month + 1, day=day)
            break
        except ValueError:  # the month has no such day
            day -= 1
    return (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def ends(others: int) -> bool:
    """Whether a term that is over ends: only while somebody else stands for the network."""
    return others > 0


def follows(role: str, before: str) -> bool:
    """Whether who takes the role relieves the one who had ``before``."""
    return role == before and role in ONLY_ONE
