"""Days as people type them: "5 days", "30/11", "30/11/69", "30 Nov". Pure; words are handed in."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

BUDDHIST = 543
MOST_DAYS = 366
_DIGITS = {0x0E50 + n: str(n) for n in range(10)}
_COUNT = re.compile(r"\s*(\d{1,3})\s*(\D+?)\s*", re.ASCII)
_NUMBERS = re.compile(r"\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{2,4}))?\s*", re.ASCII)
_NAMED = re.compile(r"\s*(\d{1,2})\s+([^\d\s]+)(?:\s+(\d{2,4}))?\s*", re.ASCII)


def read_day(text: str, today: date, days: Collection[str], months: Sequence[str]) -> date | None:
    """The day meant, today or later and within a year; None when the words name none.

    ``days``: words for "days". ``months``: the twelve names, January first. A year may be Buddhist or Christian, with
    two or four digits; without one the next such day is meant.
    """
    typed = text.translate(_DIGITS).strip().lower()
    count = _COUNT.fullmatch(typed)
    if count and count[2] in days:
        found: date | None = today + timedelta(days=int(count[1]))
    else:
        found = _calendar_day(typed, today, [name.lower() for name in months])
    return found if found and today <= found <= today + timedelta(days=MOST_DAYS) else None


def _calendar_day(typed: str, today: date, months: Sequence[str]) -> date | None:
    numbers, named = _NUMBERS.fullmatch(typed), _NAMED.fullmatch(typed)
    if numbers:
        return _next(int(numbers[1]), int(numbers[2]), numbers[3], today)
    month = next(
        (n for n, name in enumerate(months, 1) if named and named[2].startswith(name.rstrip("."))), 0
    )
    return _next(int(named[1]), month, named[3], today) if named and month else None


def _next(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        if year is not None:
            return date(_christian(int(year)), month, day)
        found = date(today.year, month, day)
        return found if found >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _christian(year: int) -> int:
    """Two digits above forty are of the Buddhist century that people write, below of ours."""
    if year < 100:
        return year + 2500 - BUDDHIST if year > 40 else year + 2000
    return year - BUDDHIST if year > 2400 else year
