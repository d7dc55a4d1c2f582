"""Reads a day and an hour as people type them ("next Saturday 9 am", in Thai or English). No clock: now is handed in.

A weekday alone is the next one to come, with "next" the one of the next week, which begins on Monday. A year of four
digits from 2400 on is Buddhist, and one of two digits from 50 on too; a day without year is the next such day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from nlp.normalise import normalise
from nlp.wording import alternation, table

MOST_CHARS = 200
_BUDDHIST = 543


@dataclass(frozen=True)
class When:
    """What was read. ``at`` has the zone of the given now; without an hour (``has_time``) it is midnight."""

    at: datetime
    has_time: bool


@dataclass(frozen=True)
class _Time:
    pattern: re.Pattern[str]
    alone: int | None
    add: int
    most: int


def read_when(text: str, now: datetime) -> When | None:
    """The day and hour that a text names, seen from ``now`` (aware); None when it names neither or none that exists."""
    said = normalise(text).lower()[:MOST_CHARS]
    found = _time_of(said)
    day = _day_of(found[1] if found else said, now.date())
    if day is None and found is None:
        return None
    if day is None and found is not None:
        day = now.date() if found[0] > now.time() else now.date() + timedelta(days=1)
    assert day is not None
    clock = found[0] if found else time()
    return When(datetime.combine(day, clock, now.tzinfo), found is not None)


# --- the hour


def _time_of(said: str) -> tuple[time, str] | None:
    """The hour, and the text without it."""
    for kind in _times():
        match = kind.pattern.search(said)
        clock = _clock(kind, match) if match else None
        if match and clock is not None:
            return clock, f"{said[: match.start()]} {said[match.end() :]}"
    return None


def _clock(kind: _Time, match: re.Match[str]) -> time | None:
    parts = match.groupdict()
    number = parts.get("n")
    if number is None:
        hour = kind.alone
    else:
        value = _number(number)
        hour = None if value > kind.most else value + kind.add if value < 12 or not kind.add else value
    minute = 30 if parts.get("half") else int(parts.get("m") or 0)
    return time(hour, minute) if hour is not None and hour <= 23 and minute <= 59 else None


def _number(text: str) -> int:
    words: dict[str, int] = table("when")["numbers"]
    return int(text) if text.isdigit() else words[text]


@cache
def _times() -> tuple[_Time, ...]:
    data = table("when")
    number = r"\d{1,2}|" + alternation(map(re.escape, data["numbers"]))
    return tuple(
        _Time(
            re.compile(row["pattern"].replace("NUM", number), re.ASCII),
            row.get("alone"),
            row.get("add", 0),
            row.get("most", 23),
        )
        for row in data["times"]
    )


# --- the day


def _day_of(said: str, today: date) -> date | None:
    return _named(said, today) or _written(said, today) or _digits(said, today) or _weekday(said, today)


def _named(said: str, today: date) -> date | None:
    """Today, tomorrow, in so many days."""
    data = table("when")
    for word in sorted(data["days"], key=len, reverse=True):
        if word in said:
            return today + timedelta(days=data["days"][word])
    for pattern in data["later"]["patterns"]:
        match = re.search(pattern, said, re.ASCII)
        if match:
            return today + timedelta(days=int(match["n"]))
    return None


def _written(said: str, today: date) -> date | None:
    """A day with the name of its month."""
    months: dict[str, int] = table("when")["months"]
    names = alternation(map(re.escape, months))
    match = re.search(rf"(?<!\d)(\d{{1,2}})\s*({names})\s*(\d{{4}}|\d{{2}})?(?!\d)", said, re.ASCII)
    return _date(int(match[1]), months[match[2]], match[3], today) if match else None


def _digits(said: str, today: date) -> date | None:
    """12/12 or 12/12/69."""
    match = re.search(r"(?<!\d)(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?(?!\d)", said, re.ASCII)
    return _date(int(match[1]), int(match[2]), match[3], today) if match else None


def _date(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        if year is not None:
            return date(_common_year(int(year)), month, day)
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except ValueError:
        return None  # no day of the calendar


def _common_year(year: int) -> int:
    if year < 100:
        year += 2500 if year >= 50 else 2000
    return year - _BUDDHIST if year >= 2400 else year


def _weekday(said: str, today: date) -> date | None:
    data = table("when")
    days: dict[str, int] = data["weekdays"]
    match = re.search(alternation(map(re.escape, days)), said)
    if match is None:
        return None
    wanted, monday = days[match[0]], today - timedelta(days=today.weekday())
    before, after = said[: match.start()].rstrip(), said[match.end() :].lstrip()
    if any(after.startswith(word) or before.endswith(word) for word in data["next"]):
        return monday + timedelta(days=7 + wanted)
    ahead = (wanted - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead)
