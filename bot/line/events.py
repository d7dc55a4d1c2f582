"""LINE's raw events in our own words, one by one and forgivingly: kinds and fields appear without notice."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from handlers.incoming import Incoming, Kind
from store.queries.inbox import ClaimedEvent

REPLY_LIFE_S = 50.0
"""A reply token works for a minute; what is left pays for the way to LINE."""
_MAX_DATA = 2000
_MAX_KEYS = 40
_MAX_TEXT = 10_000
_DUMMY_TOKENS = ("0" * 32, "f" * 32)
"""Tokens of the events that LINE's console sends to check the address."""

Event = dict[str, Any]


def parse(row: ClaimedEvent) -> Incoming | None:
    """The event in our words; None when nothing follows from it. Raises ValueError when it is no JSON."""
    event = json.loads(row.raw)
    if not isinstance(event, dict):
        return None
    read = _KINDS.get(_string(event.get("type")))
    base = _base(event, row)
    if read is None or (base.user is None and base.group is None and read is not _unsend):
        return None
    return read(event, base)


def _base(event: Event, row: ClaimedEvent) -> Incoming:
    source = _object(event.get("source"))
    standby = event.get("mode") == "standby"
    token = None if standby else _token(event.get("replyToken"))
    return Incoming(
        event_id=row.event_id,
        kind=Kind.OTHER,
        conversation=row.conversation,
        at=datetime.fromtimestamp(row.at_ms / 1000, UTC),
        user=_id(source.get("userId")),
        group=_id(source.get("groupId")) or _id(source.get("roomId")),
        reply_token=token,
        reply_until=row.received_at + REPLY_LIFE_S if token else None,
        standby=standby,
    )


def _message(event: Event, base: Incoming) -> Incoming | None:
    message = _object(event.get("message"))
    base = replace(base, message_id=_id(message.get("id")))
    read = _MESSAGES.get(_string(message.get("type")))
    return read(message, base) if read else base


def _text(message: Event, base: Incoming) -> Incoming:
    text, mentioned = _without_mentions(message)
    return replace(base, kind=Kind.TEXT, text=text[:_MAX_TEXT], mentioned=mentioned)


def _image(message: Event, base: Incoming) -> Incoming:
    if not _on_line(message) or base.message_id is None:
        return replace(base, kind=Kind.FILE)  # a picture that lies elsewhere is not fetched
    part = _object(message.get("imageSet"))
    index, total = part.get("index"), part.get("total")
    more = isinstance(index, int) and isinstance(total, int) and index < total
    return replace(base, kind=Kind.PHOTO, more_follow=more)


def _location(message: Event, base: Incoming) -> Incoming:
    lat, lon = _degrees(message.get("latitude"), 90), _degrees(message.get("longitude"), 180)
    if lat is None or lon is None:
        return base
    words = [_string(message.get(name)).strip() for name in ("title", "address")]
    return replace(base, kind=Kind.PLACE, lat=lat, lon=lon, place=" ".join(filter(None, words)))


def _kind(kind: Kind) -> Callable[[Event, Incoming], Incoming]:
    return lambda _part, base: replace(base, kind=kind)


def _postback(event: Event, base: Incoming) -> Incoming:
    postback = _object(event.get("postback"))
    params = {
        _string(k): _string(v) for k, v in _object(postback.get("params")).items() if isinstance(v, str)
    }
    return replace(base, kind=Kind.TAP, data={**params, **postback_data(_string(postback.get("data")))})


def _unsend(event: Event, base: Incoming) -> Incoming | None:
    message_id = _id(_object(event.get("unsend")).get("messageId"))
    return replace(base, kind=Kind.UNSEND, message_id=message_id) if message_id else None


_MESSAGES: dict[str, Callable[[Event, Incoming], Incoming]] = {
    "text": _text,
    "image": _image,
    "location": _location,
    "sticker": _kind(Kind.STICKER),
    "audio": _kind(Kind.VOICE),
    "video": _kind(Kind.VIDEO),
    "file": _kind(Kind.FILE),
}
_KINDS: dict[str, Callable[[Event, Incoming], Incoming | None]] = {
    "message": _message,
    "postback": _postback,
    "unsend": _unsend,
    "follow": _kind(Kind.FOLLOW),
    "unfollow": _kind(Kind.UNFOLLOW),
    "join": _kind(Kind.JOIN),
    "leave": _kind(Kind.LEAVE),
}


def postback_data(data: str) -> dict[str, str]:
    """Keys of a tapped button; empty when it is not one of ours. The first of repeated keys counts."""
    if len(data) > _MAX_DATA:
        return {}
    try:
        pairs = parse_qsl(data, keep_blank_values=True, max_num_fields=_MAX_KEYS, errors="replace")
    except ValueError:
        return {}
    return {clean(key): clean(value) for key, value in reversed(pairs)}


def _without_mentions(message: Event) -> tuple[str, bool]:
    """The words without the bot's own name, and whether it was named. LINE counts in UTF-16 units."""
    text = message.get("text")
    units = (text if isinstance(text, str) else "").encode("utf-16-le", "surrogatepass")
    mentioned = False
    for start, length in sorted(_own_mentions(message), reverse=True):
        mentioned = True
        units = units[: start * 2] + units[(start + length) * 2 :]
    words = clean(units.decode("utf-16-le", "surrogatepass"))
    return (words.strip() if mentioned else words), mentioned


def _own_mentions(message: Event) -> list[tuple[int, int]]:
    mentionees = _object(message.get("mention")).get("mentionees")
    found = [m for m in mentionees if isinstance(m, dict)] if isinstance(mentionees, list) else []
    spans = [(_count(m.get("index")), _count(m.get("length"))) for m in found if m.get("isSelf") is True]
    return list(dict.fromkeys(spans))


def clean(text: str) -> str:
    """Without what databases and JSON can't carry: NUL goes, lone surrogates become the replacement mark."""
    return text.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _string(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""


def _object(value: Any) -> Event:
    return value if isinstance(value, dict) else {}


def _id(value: Any) -> str | None:
    """A message's, user's or group's id; LINE's are short ASCII."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    fits = isinstance(value, str) and 0 < len(value) <= 64 and value.isascii() and value.isprintable()
    return value if fits else None


def _token(value: Any) -> str | None:
    fits = isinstance(value, str) and 0 < len(value) <= 128 and value.isascii() and value.isprintable()
    return value if fits and value not in _DUMMY_TOKENS else None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 20_000 else 0


def _degrees(value: Any, limit: int) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and abs(value) <= limit and math.isfinite(value) else None


def _on_line(message: Event) -> bool:
    """Only what LINE itself keeps can be fetched. Old events do not say who keeps it: then it is LINE."""
    return bool(_object(message.get("contentProvider")).get("type", "line") == "line")
