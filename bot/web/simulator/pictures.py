"""Small drawn street scenes to send for whoever has no photo at hand. Each is a JPEG of 960 × 720 pixels."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 720)
_HORIZON = 380
_SCALE = 2
_Draw = ImageDraw.ImageDraw


def draw(kind: str, seed: int) -> bytes:
    """The scene `kind` (a key of `SCENES`); another `seed` varies it. KeyError for an unknown kind."""
    chance = random.Random(f"{kind} {seed}")
    night = kind == "lamp"
    canvas = Image.new("RGB", (SIZE[0] * _SCALE, SIZE[1] * _SCALE))
    pen = ImageDraw.Draw(canvas)
    _sky(pen, night)
    _street(pen, chance, night)
    SCENES[kind](pen, chance)
    small = canvas.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.4))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE


def _points(*pairs: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * _SCALE, y * _SCALE) for x, y in pairs]


def _sky(pen: _Draw, night: bool) -> None:
    top, bottom = ((16, 26, 48), (44, 58, 92)) if night else ((126, 190, 226), (222, 240, 244))
    for y in range(_HORIZON * _SCALE):
        part = y / (_HORIZON * _SCALE)
        colour = tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
        pen.line([(0, y), (SIZE[0] * _SCALE, y)], fill=colour)


def _street(pen: _Draw, chance: random.Random, night: bool) -> None:
    walls = (
        ["#3a4560", "#333d57", "#414c69"]
        if night
        else ["#f2d9b8", "#e8c3a0", "#d7e3dc", "#f4e7cf", "#c9d8e6"]
    )
    windows = "#f7d774" if night else "#8fb3c4"
    left = -30
    while left < SIZE[0]:
        width, height = chance.randint(130, 210), chance.randint(110, 230)
        pen.rectangle(_box(left, _HORIZON - height, left + width, _HORIZON + 6), fill=chance.choice(walls))
        pen.rectangle(
            _box(left - 6, _HORIZON - height - 12, left + width + 6, _HORIZON - height), fill="#8d5a4a"
        )
        for x in range(left + 22, left + width - 30, 48):
            if not night or chance.random() < 0.4:
                pen.rectangle(_box(x, _HORIZON - height + 30, x + 26, _HORIZON - height + 66), fill=windows)
        left += width + chance.randint(4, 26)
    grass, road = ("#26392f", "#2c2f36") if night else ("#8fbf7a", "#6d727a")
    pen.rectangle(_box(0, _HORIZON, SIZE[0], SIZE[1]), fill=grass)
    pen.polygon(_points((380, _HORIZON), (580, _HORIZON), (900, 720), (60, 720)), fill=road)
    for near in range(6):
        y, wide = _HORIZON + 18 + near * near * 10, 3 + near * 2
        pen.rectangle(_box(480 - wide, y, 480 + wide, y + 8 + near * 7), fill="#d9dbd6")


def _hole(pen: _Draw, chance: random.Random) -> None:
    x, y = chance.randint(330, 560), chance.randint(540, 600)
    for grow, colour in ((34, "#575b62"), (14, "#3b3d42"), (0, "#26272b")):
        shape = [
            (
                x + dx * (150 + grow) + chance.randint(-12, 12),
                y + dy * (52 + grow * 0.6) + chance.randint(-5, 5),
            )
            for dx, dy in (
                (-1, 0),
                (-0.7, -0.7),
                (0, -1),
                (0.7, -0.7),
                (1, 0),
                (0.7, 0.7),
                (0, 1),
                (-0.7, 0.7),
            )
        ]
        pen.polygon(_points(*shape), fill=colour)
    pen.ellipse(_box(x - 70, y - 8, x + 60, y + 26), fill="#5f7f93")
    for _ in range(9):
        px, py = x + chance.randint(-230, 230), y + chance.randint(-40, 80)
        pen.ellipse(_box(px, py, px + chance.randint(8, 18), py + chance.randint(5, 10)), fill="#4a4d54")


def _lamp(pen: _Draw, chance: random.Random) -> None:
    x = chance.choice((170, 740))
    for offset, alive in ((0, False), (480 if x < 400 else -440, True)):
        pole = x + offset
        if alive:
            pen.polygon(_points((pole + 60, 170), (pole - 60, 700), (pole + 190, 700)), fill="#6d6a4e")
        pen.rectangle(_box(pole - 7, 150, pole + 7, 640), fill="#8b93a3")
        pen.rectangle(_box(pole, 148, pole + 84, 158), fill="#8b93a3")
        pen.rounded_rectangle(
            _box(pole + 44, 156, pole + 100, 174), 8, fill="#ffe9a3" if alive else "#4a4f5c"
        )


def _rubbish(pen: _Draw, chance: random.Random) -> None:
    for _ in range(9):
        x, y, r = chance.randint(90, 420), chance.randint(470, 610), chance.randint(46, 84)
        colour = chance.choice(("#23262b", "#2f343b", "#3f6b52", "#c8cdd2", "#355c86"))
        pen.ellipse(_box(x - r, y - r * 0.7, x + r, y + r * 0.75), fill=colour)
        pen.polygon(
            _points((x - 14, y - r * 0.6), (x + 14, y - r * 0.6), (x + 5, y - r), (x - 9, y - r)), fill=colour
        )
    for _ in range(14):
        x, y = chance.randint(40, 560), chance.randint(560, 690)
        side = chance.randint(12, 34)
        pen.rectangle(
            _box(x, y, x + side, y + side * 0.6), fill=chance.choice(("#e8e4d8", "#c9843f", "#8ab6c9"))
        )


def _flood(pen: _Draw, chance: random.Random) -> None:
    top = chance.randint(430, 460)
    pen.polygon(
        _points((0, top + 30), (330, top), (640, top), (960, top + 40), (960, 720), (0, 720)), fill="#8a7a5c"
    )
    for row in range(12):
        y = top + 24 + row * 23
        x = chance.randint(0, 240)
        while x < SIZE[0]:
            long = chance.randint(50, 150)
            pen.arc(_box(x, y, x + long, y + 14), 190, 350, fill="#b3a585", width=4 * _SCALE)
            x += long + chance.randint(60, 190)
    pen.polygon(_points((650, 560), (690, 470), (800, 470), (850, 560)), fill="#b4473f")
    pen.rounded_rectangle(_box(610, 530, 890, 600), 24, fill="#c9554c")
    pen.polygon(_points((680, 530), (704, 484), (786, 484), (816, 530)), fill="#a8c5d1")


def _tree(pen: _Draw, chance: random.Random) -> None:
    tilt = chance.randint(-20, 30)
    pen.polygon(_points((70, 470), (110, 440), (720, 560 + tilt), (710, 610 + tilt)), fill="#6f4e37")
    for _ in range(26):
        x, y, r = chance.randint(520, 900), 560 + tilt + chance.randint(-120, 80), chance.randint(34, 70)
        pen.ellipse(
            _box(x - r, y - r * 0.8, x + r, y + r * 0.8),
            fill=chance.choice(("#3f7d4b", "#4f9159", "#2f6a41")),
        )


def _fixed(pen: _Draw, chance: random.Random) -> None:
    x, y = chance.randint(320, 520), 560
    pen.polygon(
        _points((x - 170, y + 60), (x - 120, y - 40), (x + 170, y - 40), (x + 230, y + 60)), fill="#3c3f45"
    )
    for cone in (x - 230, x + 250):
        pen.polygon(
            _points((cone - 34, y + 70), (cone + 34, y + 70), (cone + 6, y - 40), (cone - 6, y - 40)),
            fill="#ee7a30",
        )
        pen.polygon(
            _points((cone - 21, y + 28), (cone + 21, y + 28), (cone + 14, y), (cone - 14, y)), fill="#ffffff"
        )
    pen.ellipse(_box(810, 60, 890, 140), fill="#ffe08a")


SCENES: dict[str, Callable[[_Draw, random.Random], None]] = {
    "hole": _hole,
    "lamp": _lamp,
    "rubbish": _rubbish,
    "flood": _flood,
    "tree": _tree,
    "fixed": _fixed,
}
