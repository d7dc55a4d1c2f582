"""Ids that came back with a button: anybody may have edited them."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.talk import Talk

_DIGITS_OF_AN_ID = 18
ANSWERED_WITHIN = timedelta(hours=3)
"""Preparing something takes a while, but words of the next day are about something else."""


def number(talk: Talk, key: str) -> int:
    """The id under ``key`` of the tapped button; 0, which is nobody's id, when it is none."""
    return whole(talk.incoming.data.get(key, ""))


def whole(text: str) -> int:
    """A number without sign; 0 when the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS_OF_AN_ID else 0


def stale(talk: Talk, asked: dict[str, str]) -> bool:
    """Whether a question has been open for so long that new words are hardly its answer."""
    return talk.now - datetime.fromisoformat(asked["at"]) > ANSWERED_WITHIN


def instant(talk: Talk, key: str) -> datetime | None:
    """The aware instant under ``key``; None when it is none."""
    try:
        at = datetime.fromisoformat(talk.incoming.data.get(key, ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
