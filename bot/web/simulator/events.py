"""LINE's webhook JSON, made the way LINE makes it, and its signature.

Everything here is pure but for the random parts of ids and tokens. Times are milliseconds since 1970.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from bot.line.shapes import utf16_units

Json = dict[str, Any]

USER_ID = re.compile(r"U[0-9a-f]{32}", re.ASCII)
GROUP_ID = re.compile(r"C[0-9a-f]{32}", re.ASCII)
ROOM_ID = re.compile(r"R[0-9a-f]{32}", re.ASCII)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def sign(secret: str, body: bytes) -> str:
    """The value of `x-line-signature`: base64 of HMAC-SHA256 over the raw body, keyed by `secret`."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def ulid(at_ms: int) -> str:
    """A ULID: 48 bits of time and 80 random bits as 26 letters of Crockford's base 32."""
    value = (at_ms & (1 << 48) - 1) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def message_id() -> str:
    """A fresh message id: a string of 18 digits, as LINE uses."""
    return str(10**17 + secrets.randbelow(9 * 10**17))


def source(user_id: str | None, group: str | None) -> Json:
    """Where an event comes from: a user, or a group or room and (when known) the user in it."""
    if group is None:
        return {"type": "user", "userId": user_id}
    kind = "room" if group.startswith("R") else "group"
    return {"type": kind, f"{kind}Id": group, **({"userId": user_id} if user_id else {})}


def event(kind: str, where: Json, at_ms: int, *, reply: bool = True, **fields: Any) -> Json:
    """One webhook event of `kind`; `fields` is what belongs to that kind (message, postback …)."""
    made: Json = {
        "type": kind,
        **fields,
        "webhookEventId": ulid(at_ms),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": at_ms,
        "source": where,
        "mode": "active",
    }
    if reply:
        made["replyToken"] = secrets.token_hex(16)
    return made


def body(destination: str, events: Iterable[Json]) -> bytes:
    """The raw bytes of a webhook request to the bot `destination`."""
    content = {"destination": destination, "events": list(events)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def message(kind: str, *, quotable: bool = False, **fields: Any) -> Json:
    """A message object as it stands in a webhook event, with a fresh id (and quote token)."""
    made: Json = {"type": kind, "id": message_id(), **fields}
    if quotable:
        made["quoteToken"] = secrets.token_urlsafe(24)
    return made


def text_message(text: str, bot_name: str | None, bot_id: str) -> Json:
    """A text message; with `bot_name` it begins by mentioning the bot, as one does in a group."""
    if bot_name is None:
        return message("text", quotable=True, text=text)
    called = f"@{bot_name}"
    whom = {"index": 0, "length": utf16_units(called), "type": "user", "userId": bot_id, "isSelf": True}
    return message("text", quotable=True, text=f"{called} {text}", mention={"mentionees": [whom]})


def media_message(
    kind: str, *, duration_ms: int | None = None, image_set: Mapping[str, Any] | None = None
) -> Json:
    """An image, video or audio message whose bytes lie at LINE (`contentProvider.type` line)."""
    fields: Json = {"contentProvider": {"type": "line"}}
    if duration_ms is not None:
        fields["duration"] = duration_ms
    if image_set is not None:
        fields["imageSet"] = dict(image_set)
    return message(kind, quotable=kind != "audio", **fields)
