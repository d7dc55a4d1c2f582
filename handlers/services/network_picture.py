"""A network drawn for everybody: agencies by name, citizens as groups of at least five, where each stands, its ties.

Positions are in the units of the picture (360 wide), found without chance, so that a page looks the same each time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.messages.texts import say
from handlers.rules import network_graph, ties
from handlers.rules.network_graph import Shape
from handlers.services.weaving import View

WIDE, HIGH = 360.0, 380.0
MIDDLE = (WIDE / 2, HIGH / 2 - 6)
OUTER, INNER = (138.0, 150.0), (58.0, 66.0)
"""Half axes of the two rings."""
MOST_NODES = 12
MOST_INNER = 4
CITIZENS = "citizens"


@dataclass(frozen=True)
class Node:
    """``kind``: the sector of an agency, or "citizens"; ``size``: 0 to 1 by its ties."""

    actor: str
    name: str
    kind: str
    size: float
    x: float
    y: float


@dataclass(frozen=True)
class Link:
    """``width``: 0 to 1 by weight."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True)
class Drawn:
    """``hidden``: actors that did not fit; ``shape``: of everything that may be shown."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    shape: Shape
    hidden: int


def draw(view: View, lang: str) -> Drawn | None:
    """The picture; None while fewer than three actors may be shown."""
    shown, _ = view.public
    strength: dict[str, float] = {}
    for pair, weight in shown.items():
        for actor in pair:
            strength[actor] = strength.get(actor, 0.0) + weight
    if len(strength) < 3:
        return None
    order = sorted(strength, key=lambda actor: (-strength[actor], actor))
    shape = network_graph.shape(shown)
    chosen = order[:MOST_NODES]
    inner = [a for a in chosen if a in shape.core][:MOST_INNER] or chosen[:1]
    places = _places(inner, _round(inner, [a for a in chosen if a not in inner], shown))
    top = strength[order[0]]
    nodes = tuple(
        Node(a, _name(view, a, lang), _kind(view, a), math.sqrt(strength[a] / top), *places[a])
        for a in chosen
    )
    return Drawn(nodes, _links(shown, places), shape, len(order) - len(chosen))


def _round(inner: Sequence[str], outer: list[str], shown: ties.Ties) -> list[str]:
    """The outer ring in the order of their strongest partner in the inner one, so that few ties cross."""

    def partner(actor: str) -> int:
        weights = [shown.get((min(actor, i), max(actor, i)), 0.0) for i in inner]
        return max(range(len(inner)), key=lambda n: (weights[n], -n))

    return sorted(outer, key=lambda actor: (partner(actor), actor))


def _places(inner: Sequence[str], outer: Sequence[str]) -> dict[str, tuple[float, float]]:
    if len(inner) == 1:
        return {inner[0]: MIDDLE, **_ring(outer, OUTER, 0.0)}
    return {**_ring(inner, INNER, 0.5), **_ring(outer, OUTER, 0.0)}


def _ring(actors: Sequence[str], axes: tuple[float, float], turn: float) -> dict[str, tuple[float, float]]:
    """Evenly around an ellipse, the first on top; ``turn`` in steps."""
    found = {}
    for i, actor in enumerate(actors):
        angle = 2 * math.pi * (i + turn) / len(actors) - math.pi / 2
        found[actor] = (
            round(MIDDLE[0] + axes[0] * math.cos(angle), 1),
            round(MIDDLE[1] + axes[1] * math.sin(angle), 1),
        )
    return found


def _links(shown: ties.Ties, places: dict[str, tuple[float, float]]) -> tuple[Link, ...]:
    most = max(shown.values())
    return tuple(
        Link(*places[a], *places[b], math.sqrt(weight / most))
        for (a, b), weight in sorted(shown.items(), key=lambda item: (item[1], item[0]))
        if a in places and b in places
    )


def _kind(view: View, actor: str) -> str:
    code = actor.partition(":")[2]
    return (
        view.book.agencies[code].sector if ties.is_agency(actor) and code in view.book.agencies else CITIZENS
    )


def _name(view: View, actor: str, lang: str) -> str:
    """An agency by its name; a group of citizens by its area, never with a number that could tell of one."""
    code = actor.partition(":")[2]
    if ties.is_agency(actor):
        return view.book.agency_name(code, lang) or code
    area = view.book.areas.get(code)
    where = view.book.name(area, lang) if area else ""
    return say(lang, "picture.citizens", where=where) if where else say(lang, "picture.elsewhere")
