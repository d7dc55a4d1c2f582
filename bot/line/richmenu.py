"""The rich menu: six large fields under the chat, drawn with whatever Thai font the machine has."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from handlers.messages.texts import say, sentences

WIDTH, HEIGHT, COLUMNS, ROWS = 2500, 1686, 3, 2
NAME = "saan-"
_FIELDS = (
    ("report", "button.report", "report.start"),
    ("track", "button.track", "case.track"),
    ("networks", "button.networks", "network.mine"),
    ("data", "button.my_data", "me.export"),
    ("help", "word.help", ""),
    ("menu", "button.menu", "menu"),
)
"""Picture, text, and what the tap does (empty: it says the word)."""
_FONTS = (
    "NotoSansThai-Bold",
    "NotoSansThaiUI-Bold",
    "Sarabun-Bold",
    "Loma-Bold",
    "Garuda-Bold",
    "NotoSansThai-Regular",
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
)
_TEAL, _PALE, _INK, _LINE, _GOLD = "#0b6e72", "#ffffff", "#12304a", "#d5e0e0", "#f4c462"

Box = tuple[int, int, int, int]


def described() -> dict[str, Any]:
    """The menu as LINE's JSON. Its name tells its content, so that the same menu is not made twice."""
    menu = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": say("th", "button.menu"),
        "areas": [
            {
                "bounds": dict(zip(("x", "y", "width", "height"), box, strict=True)),
                "action": _action(text, do),
            }
            for (_, text, do), box in zip(_FIELDS, _boxes(), strict=True)
        ],
    }
    digest = hashlib.sha256(json.dumps(menu, sort_keys=True).encode()).hexdigest()[:12]
    return {"name": f"{NAME}{digest}", **menu}


def picture(font_file: Path) -> bytes:
    """The menu's JPEG, well under LINE's 1 MB."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PALE)
    pen = ImageDraw.Draw(image)
    for (name, text, _), box in zip(_FIELDS, _boxes(), strict=True):
        _field(pen, name, _label(text), box, font_file, main=name == "report")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


@cache
def thai_font() -> Path | None:
    """A font file with Thai letters; None when the machine has none that we know."""
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    for name in _FONTS:
        for folder in folders:
            found = next(folder.rglob(f"{name}.ttf"), None) or next(folder.rglob(f"{name}.otf"), None)
            if found:
                return found
    return None


def _label(key: str) -> str:
    return sentences("th")[key].split("|")[0]


def _action(key: str, do: str) -> dict[str, str]:
    label = _label(key)
    if not do:
        return {"type": "message", "label": label, "text": label}
    return {"type": "postback", "label": label, "data": f"do={do}", "displayText": label}


def _boxes() -> Iterator[Box]:
    """x, y, width and height of each field, row by row, without gaps."""
    for row in range(ROWS):
        for column in range(COLUMNS):
            left, right = WIDTH * column // COLUMNS, WIDTH * (column + 1) // COLUMNS
            top, bottom = HEIGHT * row // ROWS, HEIGHT * (row + 1) // ROWS
            yield left, top, right - left, bottom - top


def _field(pen: ImageDraw.ImageDraw, name: str, label: str, box: Box, font_file: Path, main: bool) -> None:
    x, y, width, height = box
    pen.rectangle((x, y, x + width, y + height), fill=_TEAL if main else _PALE, outline=_LINE, width=4)
    ink = _PALE if main else _TEAL
    _ICONS[name](pen, x + width // 2, y + int(height * 0.38), ink)
    size = 96
    font = ImageFont.truetype(str(font_file), size)
    while font.getlength(label) > width - 80 and size > 48:
        size -= 4
        font = ImageFont.truetype(str(font_file), size)
    middle = (x + width // 2, y + int(height * 0.76))
    pen.text(middle, label, font=font, fill=_PALE if main else _INK, anchor="mm")


def _report(pen: ImageDraw.ImageDraw, x: int, y: int, ink: str) -> None:
    pen.rounded_rectangle((x - 150, y - 120, x + 150, y + 80), 50, outline=ink, width=26)
    pen.polygon([(x - 60, y + 70), (x + 20, y + 70), (x - 70, y + 150)], fill=ink)
    pen.rounded_rectangle((x - 13, y - 80, x + 13, y - 5), 12, fill=_GOLD)
    pen.ellipse((x - 16, y + 15, x + 16, y + 47), fill=_GOLD)


def _track(pen: ImageDraw.ImageDraw, x: int, y: int, ink: str) -> None:
    for row, colour in enumerate((ink, ink, _GOLD)):
        top = y - 110 + row * 95
        pen.ellipse((x - 150, top, x - 106, top + 44), fill=colour)
        pen.rounded_rectangle((x - 70, top + 8, x + 150, top + 36), 14, fill=ink)


def _networks(pen: ImageDraw.ImageDraw, x: int, y: int, ink: str) -> None:
    corners = ((x, y - 110), (x - 130, y + 90), (x + 130, y + 90))
    pen.line([*corners, corners[0]], fill=ink, width=22)
    for number, (left, top) in enumerate(corners):
        pen.ellipse((left - 55, top - 55, left + 55, top + 55), fill=_GOLD if number == 0 else ink)


def _data(pen: ImageDraw.ImageDraw, x: int, y: int, ink: str) -> None:
    pen.ellipse((x - 65, y - 140, x + 65, y - 10), outline=ink, width=26)
    pen.arc((x - 150, y + 20, x + 150, y + 280), 180, 360, fill=ink, width=26)


def _help(pen: ImageDraw.ImageDraw, x: int, y: int, ink: str) -> None:
    pen.ellipse((x - 150, y - 140, x + 150, y + 160), outline=ink, width=26)
    pen.arc((x - 60, y - 80, x + 60, y + 40), 180, 450, fill=ink, width=26)
    pen.rounded_rectangle((x - 13, y + 20, x + 13, y + 65), 12, fill=ink)
    pen.ellipse((x - 17, y + 82, x + 17, y + 116), fill=_GOLD)


def _menu(pen: ImageDraw.ImageDraw, x: int, y: int, ink: str) -> None:
    for number in range(4):
        left, top = x - 140 + 150 * (number % 2), y - 130 + 150 * (number // 2)
        pen.rounded_rectangle((left, top, left + 130, top + 130), 30, fill=_GOLD if number == 3 else ink)


_ICONS: dict[str, Callable[[ImageDraw.ImageDraw, int, int, str], None]] = {
    "report": _report,
    "track": _track,
    "networks": _networks,
    "data": _data,
    "help": _help,
    "menu": _menu,
}
