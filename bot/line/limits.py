"""LINE's limits on what may be sent, as pure functions.

The bot calls `errors` before it stores a message, the simulator calls it before it accepts one, so a
message that passes here is one that LINE takes. Source of the numbers: LINE's Messaging API reference
and OpenAPI description. Where the reference leaves the unit of a length open, UTF-16 units are
counted, which is never less than LINE counts.
"""

from __future__ import annotations

import json

from bot.line.actions import (
    IN_IMAGE_CAROUSEL,
    IN_QUICK_REPLY,
    IN_RICH_MENU,
    IN_TEMPLATE,
    LINKS,
    ON_TEMPLATE_IMAGE,
)
from bot.line.flex import CONTAINER
from bot.line.shapes import (
    Check,
    Faults,
    anything,
    every,
    flag,
    graphemes,
    integer,
    listing,
    number,
    one_of,
    pattern,
    shape,
    tagged,
    text,
    url,
)

MAX_MESSAGES = 5
MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_RECIPIENTS = 500

_HTTPS = url(2000, ("https",))
_ALT_TEXT = text(1, 1500)
_QUICK_REPLY = shape(
    {
        "items": listing(
            shape({"type": one_of("action"), "action": IN_QUICK_REPLY}, {"imageUrl": _HTTPS}), 1, 13
        )
    }
)
_COMMON: dict[str, Check] = {
    "quickReply": _QUICK_REPLY,
    "sender": shape({}, {"name": text(1, 20, graphemes), "iconUrl": _HTTPS}),
}
_QUOTING: dict[str, Check] = {**_COMMON, "quoteToken": text(1, 1000)}
_EMOJI: dict[str, Check] = {"productId": text(1, 100), "emojiId": text(1, 100)}
_MENTIONEE = tagged(
    {"user": shape({"type": anything, "userId": text(1, 100)}), "all": shape({"type": anything})}
)
_SUBSTITUTE = tagged(
    {
        "mention": shape({"type": anything, "mentionee": _MENTIONEE}),
        "emoji": shape({"type": anything, **_EMOJI}),
    }
)
_COLUMN_IMAGE: dict[str, Check] = {
    "thumbnailImageUrl": _HTTPS,
    "imageBackgroundColor": pattern(r"#[0-9A-Fa-f]{6}", "must be #RRGGBB"),
    "title": text(1, 40),
    "defaultAction": ON_TEMPLATE_IMAGE,
}
_IMAGE_LOOK: dict[str, Check] = {
    "imageAspectRatio": one_of("rectangle", "square"),
    "imageSize": one_of("cover", "contain"),
}


def _substitutes(value: object, at: str, faults: Faults) -> None:
    if not isinstance(value, dict) or len(value) > 100:
        faults.append((at, "must be an object of at most 100 entries"))
        return
    for name, part in value.items():
        _SUBSTITUTE(part, f"{at}.{name}", faults)


def _short_beside_image(limit: int) -> Check:
    """A template text is limited to 60 as soon as a title or an image stands with it."""

    def check(value: object, at: str, faults: Faults) -> None:
        assert isinstance(value, dict)
        short = "title" in value or "thumbnailImageUrl" in value
        text(1, 60 if short else limit)(value["text"], f"{at}.text", faults)

    return check


def _columns_alike(value: object, at: str, faults: Faults) -> None:
    assert isinstance(value, dict)
    columns = value["columns"]
    if len({len(column["actions"]) for column in columns}) > 1:
        faults.append((f"{at}.columns", "columns must have the same number of actions"))
    for field in ("title", "thumbnailImageUrl"):
        if len({field in column for column in columns}) > 1:
            faults.append((f"{at}.columns", f"either all columns have {field} or none"))


_COLUMN = every(
    shape({"text": text(1, 120), "actions": listing(IN_TEMPLATE, 1, 3)}, _COLUMN_IMAGE),
    _short_beside_image(120),
)
_TEMPLATE = tagged(
    {
        "buttons": every(
            shape(
                {"type": anything, "text": text(1, 160), "actions": listing(IN_TEMPLATE, 1, 4)},
                {**_COLUMN_IMAGE, **_IMAGE_LOOK},
            ),
            _short_beside_image(160),
        ),
        "confirm": shape({"type": anything, "text": text(1, 240), "actions": listing(IN_TEMPLATE, 2, 2)}),
        "carousel": every(
            shape({"type": anything, "columns": listing(_COLUMN, 1, 10)}, _IMAGE_LOOK), _columns_alike
        ),
        "image_carousel": shape(
            {
                "type": anything,
                "columns": listing(shape({"imageUrl": _HTTPS, "action": IN_IMAGE_CAROUSEL}), 1, 10),
            }
        ),
    }
)
_BOUNDS = {name: integer(0, 10_000) for name in ("x", "y")} | {
    n: integer(1, 10_000) for n in ("width", "height")
}
_IMAGEMAP_KINDS: dict[str, dict[str, Check]] = {
    "message": {"text": text(1, 400)},
    "uri": {"linkUri": url(1000, LINKS)},
    "clipboard": {"clipboardText": text(1, 1000)},
}
_IMAGEMAP_ACTION = tagged(
    {
        kind: shape({"type": anything, "area": shape(_BOUNDS), **fields}, {"label": text(1, 100)})
        for kind, fields in _IMAGEMAP_KINDS.items()
    }
)
_IMAGEMAP_VIDEO = shape(
    {"originalContentUrl": _HTTPS, "previewImageUrl": _HTTPS, "area": shape(_BOUNDS)},
    {"externalLink": shape({"linkUri": url(1000, LINKS), "label": text(1, 30)})},
)
_PAIR: dict[str, Check] = {"type": anything, "originalContentUrl": _HTTPS, "previewImageUrl": _HTTPS}
_MESSAGES: dict[str, Check] = {
    "text": shape(
        {"type": anything, "text": text(1, 5000)},
        {**_QUOTING, "emojis": listing(shape({"index": integer(0, 5000), **_EMOJI}), 0, 20)},
    ),
    "textV2": shape({"type": anything, "text": text(1, 5000)}, {**_QUOTING, "substitution": _substitutes}),
    "sticker": shape({"type": anything, "packageId": text(1, 20), "stickerId": text(1, 20)}, _QUOTING),
    "image": shape(_PAIR, _COMMON),
    "video": shape(_PAIR, {**_COMMON, "trackingId": text(1, 100)}),
    "audio": shape(
        {"type": anything, "originalContentUrl": _HTTPS, "duration": integer(1, 86_400_000)}, _COMMON
    ),
    "location": shape(
        {
            "type": anything,
            "title": text(1, 100),
            "address": text(1, 100),
            "latitude": number(-90, 90),
            "longitude": number(-180, 180),
        },
        _COMMON,
    ),
    "imagemap": shape(
        {
            "type": anything,
            "baseUrl": _HTTPS,
            "altText": _ALT_TEXT,
            "baseSize": shape({"width": integer(1040, 1040), "height": integer(1, 10_000)}),
            "actions": listing(_IMAGEMAP_ACTION, 1, 50),
        },
        {**_COMMON, "video": _IMAGEMAP_VIDEO},
    ),
    "template": shape({"type": anything, "altText": _ALT_TEXT, "template": _TEMPLATE}, _COMMON),
    "flex": shape({"type": anything, "altText": _ALT_TEXT, "contents": CONTAINER}, _COMMON),
    "coupon": shape({"type": anything, "couponId": text(1, 100)}, {**_COMMON, "deliveryTag": text(1, 30)}),
}
_SENDS = listing(tagged(_MESSAGES), 1, MAX_MESSAGES)
_ONE_ID = text(1, 100)
_OPTIONS: dict[str, Check] = {
    "notificationDisabled": flag,
    "customAggregationUnits": listing(
        pattern(r"[a-zA-Z0-9_]{1,30}", "must be 1 to 30 of a-z A-Z 0-9 _"), 0, 1
    ),
}
_REQUESTS: dict[str, Check] = {
    "reply": shape({"replyToken": text(1, 1000), "messages": anything}, {"notificationDisabled": flag}),
    "push": shape({"to": _ONE_ID, "messages": anything}, _OPTIONS),
    "multicast": shape({"to": listing(_ONE_ID, 1, MAX_RECIPIENTS), "messages": anything}, _OPTIONS),
    "validate": shape({"messages": anything}),
}
_RICH_MENU = shape(
    {
        "size": shape({"width": integer(800, 2500), "height": integer(250, 1724)}),
        "selected": flag,
        "name": text(1, 300),
        "chatBarText": text(1, 14),
        "areas": listing(shape({"bounds": shape(_BOUNDS), "action": IN_RICH_MENU}), 0, 20),
    }
)


def errors(messages: object, at: str = "messages") -> Faults:
    """Faults of the messages of one send, as `(property, message)`; an empty list means LINE takes them.

    `messages` is the JSON array as it would be sent: 1 to 5 message objects, quick replies included.
    """
    faults: Faults = []
    _SENDS(messages, at, faults)
    if not faults and len(json.dumps(messages, ensure_ascii=False).encode()) > MAX_BODY_BYTES:
        faults.append((at, "must be at most 2 MB"))
    return faults


def request_errors(kind: str, body: object) -> Faults:
    """Faults of the whole body of a `reply`, `push`, `multicast` or `validate` request."""
    faults: Faults = []
    _REQUESTS[kind](body, "", faults)
    if isinstance(body, dict) and "messages" in body:
        faults.extend(errors(body["messages"]))
    return faults


def menu_errors(menu: object) -> Faults:
    """Faults of a rich menu object: its fields, and its areas lying inside its size."""
    faults: Faults = []
    _RICH_MENU(menu, "", faults)
    if not faults and isinstance(menu, dict):
        _menu_geometry(menu["size"], menu["areas"], faults)
    return faults


def _menu_geometry(size: dict[str, int], areas: list[dict[str, dict[str, int]]], faults: Faults) -> None:
    if size["width"] / size["height"] < 1.45:
        faults.append(("size", "width divided by height must be at least 1.45"))
    for index, area in enumerate(areas):
        bounds = area["bounds"]
        right, bottom = bounds["x"] + bounds["width"], bounds["y"] + bounds["height"]
        if right > size["width"] or bottom > size["height"]:
            faults.append((f"areas[{index}].bounds", "must lie inside the rich menu"))
