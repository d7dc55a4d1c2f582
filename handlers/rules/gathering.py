"""Activities in time and number: who has a place, when people are reminded, when they may check in. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

KINDS = ("forum", "council", "cleanup", "planting", "training", "other")
GOING, WAITING, LEFT = "going", "waiting", "left"
REMIND_AT = time(17, 0)
"""City time on the day before."""
OPENS_BEFORE = timedelta(hours=2)
OPEN_AFTER = timedelta(hours=8)
"""How long before and after the start people may check in."""
ASK_AFTER = timedelta(hours=3)
"""How long after the start the representative is asked how it went."""
FORGOTTEN_AFTER = timedelta(days=14)
"""An activity without any word afterwards ends by itself."""
HALF_YEAR = timedelta(days=182)
"""At least two activities a year: after so long without one the representative is reminded."""
_CODE = re.compile(r"[0-9]{4}", re.ASCII)


def place(going: int, most: int | None) -> str:
    """What the next who signs up gets: a place, or the end of the waiting list."""
    return GOING if most is None or going < most else WAITING


def moves_up(going: int, most: int | None, waiting: int) -> int:
    """How many of the waiting list get a place now."""
    return waiting if most is None else min(waiting, max(0, most - going))


def remind_from(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When the reminder is due: the day before at five."""
    before = starts_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(before, REMIND_AT, zone)


def checks_in(starts_at: datetime, now: datetime) -> bool:
    """Whether people may check in now."""
    return starts_at - OPENS_BEFORE <= now <= starts_at + OPEN_AFTER


def half_years(since: datetime, now: datetime) -> int:
    """How many whole half years have passed."""
    return max(0, (now - since) // HALF_YEAR)


def new_code() -> str:
    """Four digits, easy to call out to a crowd."""
    return f"{secrets.randbelow(10_000):04d}"


def read_code(text: str) -> str | None:
    """The code if the whole message is one."""
    said = text.strip()
    return said if _CODE.fullmatch(said) else None


def hashed(activity_id: int, code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(f"{activity_id}:{code}".encode("ascii")).hexdigest()
