"""Messages without a platform: what is said and which answers are one tap away.

``bot.line.render`` turns them into LINE's JSON. Texts come from ``handlers.messages.texts``; nothing here knows Thai.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Button:
    """One tap. ``kind`` is "tap" (carries ``data``), "place", "camera", "album", "link" (``uri``) or "say"."""

    label: str
    kind: str = "tap"
    data: str = ""
    uri: str = ""
    style: str = "plain"
    """"main" (the expected answer), "plain" or "quiet"."""
    shown: str = ""
    """What the tap puts into the chat as her own words; the label unless told."""


def tap(label: str, do: str, *, style: str = "plain", shown: str = "", **keys: Any) -> Button:
    """A button whose data is ``do=…`` and keys; keys that are None are left out."""
    pairs = [("do", do), *((k, str(v)) for k, v in keys.items() if v is not None)]
    return Button(label, "tap", urlencode(pairs), style=style, shown=shown)


@dataclass(frozen=True)
class Text:
    """Plain words, with optional quick answers that vanish after the next message."""

    text: str
    quick: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Line:
    """A labelled line of a card ("where", "until")."""

    label: str
    value: str


@dataclass(frozen=True)
class Bar:
    """A sentence with a bar: parts of a whole in the tones of cards ("good", "warn", "calm"), said in ``caption`` too."""

    label: str
    parts: tuple[tuple[int, str], ...]
    caption: str
    """The same in words: a bar alone says nothing to those who cannot see it."""


@dataclass(frozen=True)
class Card:
    """A titled block with lines and buttons that stay in the chat."""

    title: str
    body: str = ""
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    badge: str = ""
    """A short word above the title: status or kind."""
    tone: str = "calm"
    """"calm", "good", "warn" or "urgent": the colour of the badge."""
    image: str | None = None
    """Public https address of a picture shown on top."""
    image_before: str | None = None
    """With ``image``: shown side by side, before left and after right."""
    alt: str = ""
    """Words for the notification; the title unless told."""
    quick: tuple[Button, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Several cards side by side (at most twelve)."""

    cards: tuple[Card, ...]
    alt: str
    quick: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A photo: full address and small preview (https)."""

    full: str
    small: str
    quick: tuple[Button, ...] = ()


Message = Text | Card | Cards | Picture


def with_quick(messages: list[Message], buttons: tuple[Button, ...]) -> list[Message]:
    """The same messages with quick answers under the last one, where LINE shows them."""
    if not messages or not buttons:
        return messages
    last = messages[-1]
    return [*messages[:-1], replace(last, quick=(*last.quick, *buttons)[:13])]
