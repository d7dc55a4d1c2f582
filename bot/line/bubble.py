"""A card as a flex bubble: calm colours, large letters, one clear button.

Contrast of every pair of text and ground is at least 4.5:1 (WCAG 2.1 AA), for old eyes and bright sun. Texts wrap
instead of being cut; sizes follow the reader's own letter size where LINE allows it ("scaling").
"""

from __future__ import annotations

from typing import Any

from bot.line.buttons import action
from handlers.messages.neutral import Bar, Button, Card, Line

Json = dict[str, Any]

NAVY = "#12304A"
INK = "#26323C"
GREY = "#5A6873"
TEAL = "#0B6E72"
MIST = "#E3EFEF"
RULE = "#E4E8EB"
PAPER = "#FFFFFF"

_TONES = {
    "calm": ("#0B5A5E", "#DFF0EF"),
    "good": ("#1B5E2F", "#E1F1E4"),
    "warn": ("#7A4300", "#FCEFD9"),
    "urgent": ("#9B1C1C", "#FBE3E1"),
}
"""Of each tone the colour of the letters (and the line on top) and of the ground."""


def bubble(card: Card) -> Json:
    """A flex bubble with picture, badge, title, body, lines and stacked buttons, each where the card has it."""
    made: Json = {"type": "bubble", "size": "mega"}
    hero = _hero(card)
    if hero:
        made["hero"] = hero
    else:
        made["header"] = _stripe(card.tone)
    made["body"] = {
        "type": "box",
        "layout": "vertical",
        "spacing": "md",
        "paddingAll": "18px",
        "backgroundColor": PAPER,
        "contents": _body(card),
    }
    if card.buttons:
        made["footer"] = _footer(card.buttons)
    return made


def _stripe(tone: str) -> Json:
    """A thin coloured line on top instead of a picture."""
    colour, _ = _TONES.get(tone, _TONES["calm"])
    line = {"type": "box", "layout": "vertical", "height": "6px", "backgroundColor": colour, "contents": []}
    return {"type": "box", "layout": "vertical", "paddingAll": "0px", "contents": [line]}


def _hero(card: Card) -> Json | None:
    if card.image and card.image_before:
        pair = [_image(card.image_before, "1:1"), _image(card.image, "1:1")]
        return {"type": "box", "layout": "horizontal", "spacing": "2px", "contents": pair}
    one = card.image or card.image_before
    return _image(one, "4:3") if one else None


def _image(url: str, ratio: str) -> Json:
    return {
        "type": "image",
        "url": url,
        "size": "full",
        "flex": 1,
        "aspectRatio": ratio,
        "aspectMode": "cover",
        "backgroundColor": MIST,
        "action": {"type": "uri", "uri": url},
    }


def _body(card: Card) -> list[Json]:
    parts: list[Json] = []
    if card.badge:
        parts.append(_badge(card.badge, card.tone))
    if card.title:
        parts.append(_text(card.title, "lg", NAVY, weight="bold"))
    if card.body:
        parts.append(_text(card.body, "md", INK, lineSpacing="5px"))
    if card.lines:
        if parts:
            parts.append({"type": "separator", "color": RULE})
        parts.append({"type": "box", "layout": "vertical", "spacing": "sm", "contents": _lines(card.lines)})
    return [*parts, *(_bar(bar) for bar in card.bars)]


def _bar(bar: Bar) -> Json:
    """A sentence, under it a bar of parts as wide as their numbers, under that the numbers in words."""
    parts = [
        {
            "type": "box",
            "layout": "vertical",
            "flex": number,
            "height": "10px",
            "backgroundColor": _TONES.get(tone, _TONES["calm"])[0],
            "contents": [],
        }
        for number, tone in bar.parts
        if number
    ]
    whole = {
        "type": "box",
        "layout": "horizontal",
        "height": "10px",
        "cornerRadius": "5px",
        "backgroundColor": RULE,
        "contents": parts,
    }
    words = [_text(bar.label, "md", INK), whole, _text(bar.caption, "sm", GREY)]
    return {"type": "box", "layout": "vertical", "spacing": "sm", "margin": "lg", "contents": words}


def _badge(word: str, tone: str) -> Json:
    colour, ground = _TONES.get(tone, _TONES["calm"])
    pill = {
        "type": "box",
        "layout": "vertical",
        "flex": 0,
        "backgroundColor": ground,
        "cornerRadius": "14px",
        "paddingStart": "12px",
        "paddingEnd": "12px",
        "paddingTop": "4px",
        "paddingBottom": "4px",
        "contents": [{**_text(word, "sm", colour, weight="bold"), "flex": 0}],
    }
    return {"type": "box", "layout": "horizontal", "contents": [pill, {"type": "filler"}]}


def _lines(lines: tuple[Line, ...]) -> list[Json]:
    return [
        {
            "type": "box",
            "layout": "horizontal",
            "spacing": "md",
            "contents": [
                {**_text(line.label, "sm", GREY), "flex": 3, "gravity": "top"},
                {**_text(line.value, "md", INK), "flex": 7},
            ],
        }
        for line in lines
        if line.label and line.value
    ]


def _text(text: str, size: str, colour: str, **more: str) -> Json:
    return {
        "type": "text",
        "text": text,
        "size": size,
        "color": colour,
        "wrap": True,
        "scaling": True,
        **more,
    }


def _footer(buttons: tuple[Button, ...]) -> Json:
    return {
        "type": "box",
        "layout": "vertical",
        "spacing": "sm",
        "paddingAll": "16px",
        "paddingTop": "2px",
        "backgroundColor": PAPER,
        "contents": [_button(button) for button in buttons],
    }


def _button(button: Button) -> Json:
    made: Json = {"type": "button", "action": action(button), "height": "md", "adjustMode": "shrink-to-fit"}
    if button.style == "main":
        return {**made, "style": "primary", "color": TEAL}
    if button.style == "quiet":
        return {**made, "style": "link", "color": GREY, "height": "sm"}
    return {**made, "style": "secondary", "color": MIST}
