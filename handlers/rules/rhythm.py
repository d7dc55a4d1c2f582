"""How often somebody hears from a network: the days between two digests, by the city's calendar. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = 8
"""Local hour from which the day's digests are sent."""
QUARTER = timedelta(days=91)
"""With nothing new a digest is still sent this often, so that nobody thinks the network is gone."""
DAYS = {"daily": 1, "weekly": 7, "monthly": 28}
OFF = "off"


def due(every: str, last: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a digest may go now: the hour has come and her rhythm's days have passed since the last one.

    Days are counted from date to date, so that one that went late does not push the next ones later, and a clock
    that jumped over several periods brings one digest. The rhythm is the one she has now, whatever it was before.
    """
    local = now.astimezone(zone)
    if local.hour < HOUR or every not in DAYS:
        return False
    return last is None or (local.date() - last.astimezone(zone).date()).days >= DAYS[every]


def period(now: datetime, zone: ZoneInfo) -> str:
    """The name of the day, for which at most one digest is made."""
    found: date = now.astimezone(zone).date()
    return found.isoformat()


def worth_sending(news: bool, last: datetime | None, since: datetime, now: datetime) -> bool:
    """Nothing new is not sent, but at least once a quarter something is. ``since``: when she began to belong."""
    return news or now - (last or since) >= QUARTER


def change(now: int, before: int | None) -> int | None:
    """How much more (or less) than in the period before; None where there was none."""
    return None if before is None else now - before
