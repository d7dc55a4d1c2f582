"""A webhook body cut into inbox rows. Nothing that LINE signed is refused: odd events are stored too."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from store.queries.inbox import NewEvent

EARLIEST_MS, LATEST_MS = 1_262_304_000_000, 4_102_444_800_000
"""2010 and 2100: a time outside is a mistake, and the time of arrival counts instead."""
_MAX_KEY = 64
_MAX_ID = 128


class NotJson(ValueError):
    """The body is not a JSON object."""


def new_events(body: bytes, received_at: float) -> list[NewEvent]:
    """One row per event of the body, in its order. ``received_at``: machine seconds. Raises ``NotJson``."""
    try:
        parsed = _DECODER.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise NotJson(type(error).__name__) from None
    if not isinstance(parsed, dict):
        raise NotJson(type(parsed).__name__)
    events = parsed.get("events")
    return [_row(event, received_at) for event in events] if isinstance(events, list) else []


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _row(event: Any, received_at: float) -> NewEvent:
    # Escaped to ASCII, a NUL or a lone surrogate is six harmless letters that every engine stores.
    raw = _ENCODER.encode(event)
    known: dict[str, Any] = event if isinstance(event, dict) else {}
    event_id = (
        _plain(known.get("webhookEventId"), _MAX_ID) or "made-" + hashlib.sha256(raw.encode()).hexdigest()
    )
    return NewEvent(
        event_id=event_id,
        conversation=conversation(known) or ("?" + event_id)[:_MAX_KEY],
        at_ms=_at_ms(known.get("timestamp"), received_at),
        kind=_plain(known.get("type"), 40) or "?",
        raw=raw,
        received_at=received_at,
    )


def conversation(event: dict[str, Any]) -> str | None:
    """The chat's id: the group's or room's, else the user's; None when there is no usable one."""
    source = event.get("source")
    if not isinstance(source, dict):
        return None
    for name in ("groupId", "roomId", "userId"):
        found = _plain(source.get(name), _MAX_KEY)
        if found:
            return found
    return None


def _plain(value: Any, limit: int) -> str | None:
    """A short printable ASCII string (all of LINE's ids and kinds are), else None."""
    fits = isinstance(value, str) and 0 < len(value) <= limit and value.isascii() and value.isprintable()
    return value if fits else None


def _at_ms(value: Any, received_at: float) -> int:
    usable = isinstance(value, int) and not isinstance(value, bool) and EARLIEST_MS <= value < LATEST_MS
    return value if usable else int(received_at * 1000)
