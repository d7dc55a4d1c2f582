"""The picture of a network as SVG: shapes tell the sectors apart as well as colours do."""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup, escape

from handlers.services.network_picture import HIGH, WIDE, Drawn, Link, Node

SMALL, LARGE = 9.0, 17.0
LINE_AT, LETTERS = 13.0, 13
"""Height of a line of a label, and after how many letters it is broken."""


def svg(drawn: Drawn, title: str, words: str) -> Markup:
    """The whole picture; ``title`` and ``words`` are read aloud instead of it."""
    links = "".join(_link(link) for link in drawn.links)
    marks = "".join(_node(node) for node in drawn.nodes)
    labels = "".join(_label(node) for node in drawn.nodes)
    return Markup(
        f'<svg class="net" viewBox="0 0 {WIDE:g} {HIGH:g}" role="img" aria-labelledby="net-title net-words">'
        f'<title id="net-title">{escape(title)}</title><desc id="net-words">{escape(words)}</desc>'
        f"{links}{marks}{labels}</svg>"
    )


def _link(link: Link) -> str:
    ends = f'x1="{link.x1:g}" y1="{link.y1:g}" x2="{link.x2:g}" y2="{link.y2:g}"'
    return f'<line {ends} stroke-width="{1 + 3.5 * link.width:.1f}"/>'


def _node(node: Node) -> str:
    radius = SMALL + (LARGE - SMALL) * node.size
    return f'<g class="{escape(node.kind)}">{_SHAPES.get(node.kind, _circle)(node.x, node.y, radius)}</g>'


def _circle(x: float, y: float, r: float) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:.1f}"/>'


def _corners(n: int, turn: float) -> Callable[[float, float, float], str]:
    def shape(x: float, y: float, r: float) -> str:
        angles = [turn + 2 * math.pi * i / n for i in range(n)]
        points = " ".join(f"{x + r * math.cos(a):.1f},{y + r * math.sin(a):.1f}" for a in angles)
        return f'<polygon points="{points}"/>'

    return shape


_SHAPES: dict[str, Callable[[float, float, float], str]] = {
    "local": _circle,
    "state": _corners(4, math.pi / 4),
    "private": _corners(3, -math.pi / 2),
    "civil": _corners(4, 0.0),
    "citizens": _corners(6, 0.0),
}


def key(kind: str) -> Markup:
    """The sign of a sector, for the legend."""
    shape = _SHAPES.get(kind, _circle)(10, 10, 8)
    return Markup(
        f'<svg class="net key" viewBox="0 0 20 20" aria-hidden="true"><g class="{escape(kind)}">{shape}</g></svg>'
    )


def _label(node: Node) -> str:
    """Under its shape, in at most two lines, kept inside the picture."""
    lines = _broken(node.name)
    half = max(len(line) for line in lines) * 3.4
    x = min(max(node.x, half + 2), WIDE - half - 2)
    y = node.y + SMALL + (LARGE - SMALL) * node.size + LINE_AT
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + i * LINE_AT:.1f}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return f"<text>{spans}</text>"


def _broken(name: str) -> list[str]:
    """Two lines at the space nearest to the middle; a long word stays whole."""
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) <= LETTERS or not spaces:
        return [name]
    at = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return [name[:at], name[at + 1 :]]
