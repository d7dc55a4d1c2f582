"""Times and distances as people say them; the words themselves are sentences in the data files."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.messages.texts import say, sentences


def moment(at: datetime, now: datetime, zone: ZoneInfo, lang: str) -> str:
    """For example "tomorrow 10:30" or "Mon 23 Nov, 10:30"; the year only when it is another one."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (local.date() - today.date()).days
    clock = f"{local:%H:%M}"
    if days in (-1, 0, 1):
        return say(lang, f"time.day{days}", clock=clock)
    return say(lang, "time.date", day=day(at, now, zone, lang), clock=clock)


def day(at: datetime, now: datetime, zone: ZoneInfo, lang: str) -> str:
    """The day without the hour; Thai years are Buddhist."""
    local = at.astimezone(zone)
    names = sentences(lang)
    month = names["time.months"].split("|")[local.month - 1]
    weekday = names["time.weekdays"].split("|")[local.weekday()]
    same = local.year == now.astimezone(zone).year
    year = "" if same else " " + str(local.year + (543 if lang == "th" else 0))
    return f"{weekday} {local.day} {month}{year}"


def span(length: timedelta, lang: str) -> str:
    """A length of time in the largest unit that fits: minutes, hours or days."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 60:
        return say(lang, "time.minutes", n=minutes)
    if minutes < 48 * 60:
        return say(lang, "time.hours", n=round(minutes / 60))
    return say(lang, "time.days", n=round(minutes / 1440))
