"""Buttons as LINE's actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.messages.neutral import Button

Json = dict[str, Any]

# A tap says in the chat what was chosen, so that the conversation can be read again later.
_ACTIONS: dict[str, Callable[[Button], Json]] = {
    "tap": lambda b: {
        "type": "postback",
        "label": b.label,
        "data": b.data,
        "displayText": b.shown or b.label,
    },
    "say": lambda b: {"type": "message", "label": b.label, "text": b.shown or b.label},
    "link": lambda b: {"type": "uri", "label": b.label, "uri": b.uri},
    "place": lambda b: {"type": "location", "label": b.label},
    "camera": lambda b: {"type": "camera", "label": b.label},
    "album": lambda b: {"type": "cameraRoll", "label": b.label},
}


def action(button: Button) -> Json:
    """LINE's action object; KeyError for a kind that is not one of ours."""
    return _ACTIONS[button.kind](button)
