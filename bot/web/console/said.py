"""What a flow answers, cut down to what a page shows: words, facts, and buttons that are pressed as forms."""

from __future__ import annotations

from typing import Any

from handlers.messages.neutral import Button, Card, Cards, Message, Picture, Text
from handlers.talk import Outcome

Shown = dict[str, Any]


def shown(outcome: Outcome, code: str = "") -> list[Shown]:
    """The messages of an outcome as plain data for a template.

    ``code``: of the case whose page follows; of a card of that very case only its headline is left.
    """
    parts = [part for message in outcome.messages for part in _parts(message)]
    return [
        _headline(part) if code and [code] in [line[1:] for line in part.get("lines", ())] else part
        for part in parts
    ]


def _headline(part: Shown) -> Shown:
    return {"text": part["badge"] or part["title"], "tone": "good", "quick": part.get("quick", [])}


def _parts(message: Message) -> list[Shown]:
    quick = [made for button in message.quick if (made := pressable(button))]
    if isinstance(message, Text):
        return [{"text": message.text, "quick": quick}]
    if isinstance(message, Picture):
        return []
    cards = message.cards if isinstance(message, Cards) else (message,)
    parts = [_card(card) for card in cards]
    if parts:
        parts[-1]["quick"] = quick
    return parts


def _card(card: Card) -> Shown:
    return {
        "title": card.title,
        "text": card.body,
        "badge": card.badge,
        "tone": card.tone,
        "lines": [[line.label, line.value] for line in card.lines],
        "bars": [bar.label + ": " + bar.caption for bar in card.bars],
        "buttons": [made for button in card.buttons if (made := pressable(button))],
    }


def pressable(button: Button) -> Shown | None:
    """A button as a page has it; None for what only a phone's chat can do."""
    if button.kind == "tap":
        return {"label": button.label, "data": button.data, "style": button.style}
    if button.kind == "link" and button.uri.startswith(("https://", "http://", "tel:")):
        return {"label": button.label, "uri": button.uri, "style": button.style}
    return None


def shown_cards(cards: list[Card]) -> list[Shown]:
    return [_card(card) for card in cards]
