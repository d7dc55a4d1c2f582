"""When the classifier is trained anew: at night, when there is enough to learn. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

NIGHT_HOUR = 3
"""Local hour at which the city sleeps and the machine is free."""
ENOUGH = 20
"""New corrections that make a training worth while."""
WEEK = timedelta(days=7)
"""With fewer it waits this long, so that nobody's correction is in vain."""


def due(
    now: datetime,
    looked_at: datetime | None,
    trained_at: datetime | None,
    new: int,
    first_new_at: datetime | None,
) -> bool:
    """Whether to train now.

    ``now``: local. ``looked_at``: when this was last asked (never: then the first new correction counts). One night
    is looked at once, by the first look after its hour: a training that failed is tried again the next night.
    """
    if not new or first_new_at is None:
        return False
    night = last_night(now)
    if (looked_at or first_new_at) >= night:
        return False
    return new >= ENOUGH or night - (trained_at or first_new_at) >= WEEK


def last_night(now: datetime) -> datetime:
    """The latest 03:00 that is not after ``now``, in its zone."""
    night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night <= now else night - timedelta(days=1)
