"""Neutral messages as LINE's JSON. What LINE would refuse is refused here, before it is stored.

Nothing is cut: a text that is too long is a fault of the caller, who knows what may be left out (``shorten``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.line.bubble import bubble
from bot.line.buttons import action
from bot.line.limits import errors
from handlers.messages.neutral import Button, Card, Cards, Message, Picture, Text
from handlers.ports import MessageRefused

Json = dict[str, Any]


def render(messages: Sequence[Message]) -> list[Json]:
    """The messages of one send; raises ``MessageRefused`` with all faults."""
    rendered = [_message(message) for message in messages]
    quick = [button for message in messages for button in message.quick]
    if rendered and quick:  # LINE shows those of the last message only
        rendered[-1]["quickReply"] = {"items": [_quick(button) for button in quick]}
    faults = errors(rendered)
    if faults:
        raise MessageRefused("; ".join(f"{where}: {what}" for where, what in faults))
    return rendered


def _message(message: Message) -> Json:
    if isinstance(message, Text):
        return {"type": "text", "text": message.text}
    if isinstance(message, Picture):
        return {"type": "image", "originalContentUrl": message.full, "previewImageUrl": message.small}
    if isinstance(message, Card):
        return {"type": "flex", "altText": message.alt or message.title, "contents": bubble(message)}
    return {"type": "flex", "altText": message.alt, "contents": _carousel(message)}


def _carousel(cards: Cards) -> Json:
    return {"type": "carousel", "contents": [bubble(card) for card in cards.cards]}


def _quick(button: Button) -> Json:
    return {"type": "action", "action": action(button)}
