"""Neutral messages as LINE's JSON. What LINE would refuse is refused here, before it is stored.

Nothing is cut: a text that is too long is a fault of the caller, who knows what may be left out (``shorten``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.line.bubble import bubble
from bot.line.buttons import action
from bot.line.flex import CAROUSEL_BYTES, size_in_bytes
from bot.line.limits import errors
from handlers.messages.neutral import Button, Card, Cards, Message, Picture, Text
from handlers.ports import MessageRefused

Json = dict[str, Any]
_FRAME_BYTES = len('{"type":"carousel","contents":[]}')


def render(messages: Sequence[Message]) -> list[Json]:
    """The messages of one send; raises ``MessageRefused`` with all faults."""
    rendered = [shown for message in messages for shown in _messages(message)]
    quick = [button for message in messages for button in message.quick]
    if rendered and quick:  # LINE shows those of the last message only
        rendered[-1]["quickReply"] = {"items": [_quick(button) for button in quick]}
    faults = errors(rendered)
    if faults:
        raise MessageRefused("; ".join(f"{where}: {what}" for where, what in faults))
    return rendered


def _messages(message: Message) -> list[Json]:
    """One message of LINE's, or several carousels where the cards are too big for one."""
    if not isinstance(message, Cards):
        return [_message(message)]
    return [
        {"type": "flex", "altText": message.alt, "contents": {"type": "carousel", "contents": bubbles}}
        for bubbles in _fitting([bubble(card) for card in message.cards])
    ]


def _fitting(bubbles: list[Json]) -> list[list[Json]]:
    """Bubbles in order, in as few carousels as LINE's limit of bytes allows."""
    parts: list[list[Json]] = [[]]
    room = CAROUSEL_BYTES - _FRAME_BYTES
    for one in bubbles:
        taken = size_in_bytes(one) + 1
        if parts[-1] and taken > room:
            parts.append([])
            room = CAROUSEL_BYTES - _FRAME_BYTES
        parts[-1].append(one)
        room -= taken
    return parts


def _message(message: Text | Picture | Card) -> Json:
    if isinstance(message, Text):
        return {"type": "text", "text": message.text}
    if isinstance(message, Picture):
        return {"type": "image", "originalContentUrl": message.full, "previewImageUrl": message.small}
    return {"type": "flex", "altText": message.alt or message.title, "contents": bubble(message)}


def _quick(button: Button) -> Json:
    return {"type": "action", "action": action(button)}
