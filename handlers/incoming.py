"""What somebody did in a chat, in our own words (no LINE names)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    TAP = "tap"
    PHOTO = "photo"
    PLACE = "place"
    STICKER = "sticker"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    JOIN = "join"
    LEAVE = "leave"
    UNSEND = "unsend"
    MAIL = "mail"
    """An answer by mail; ``data["mail"]`` holds it as JSON."""
    HINT = "hint"
    """Another system says that something changed there; ``data["hint"]`` holds what it said as JSON, unproven."""
    READING = "reading"
    """What was read from another system; ``data["reading"]`` holds it as JSON."""
    OTHER = "other"


@dataclass(frozen=True)
class Incoming:
    """One event of one conversation.

    ``conversation`` is the chat's id (a user's, group's or room's); ``user`` may be missing in groups. ``at`` is
    LINE's time of the event (aware). ``reply_token`` is None when nothing may be answered (standby, no token).
    """

    event_id: str
    kind: Kind
    conversation: str
    at: datetime
    user: str | None = None
    group: str | None = None
    mentioned: bool = False
    """In a group: the bot was named in the message."""
    text: str = ""
    """Typed words (a mention of the bot is cut out)."""
    data: dict[str, str] = field(default_factory=dict)
    """Keys of a tapped button; ``do`` says what it does."""
    message_id: str | None = None
    more_follow: bool = False
    """A photo of a set of which later ones are still to come."""
    lat: float | None = None
    lon: float | None = None
    place: str = ""
    """Title and address that came with a location."""
    reply_token: str | None = None
    reply_until: float | None = None
    """Machine time (seconds) until which the token is worth trying."""
    standby: bool = False
