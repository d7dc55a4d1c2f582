"""What the page of a network shows of its weaving: the picture, its words, and figures that reveal nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.web import network_svg
from handlers.messages.texts import say
from handlers.services import network_picture, weaving
from handlers.services.showcase import NetworkPage, Viewer
from handlers.services.weaving import View
from store.queries import weaving as rows

Words = Mapping[str, str]
SHARES = ("engagement", "motivation", "capacity", "promises_kept", "flexibility", "specialisation")


@dataclass(frozen=True)
class Woven:
    """``legend``: (kind, its sign) of what the picture shows."""

    stage: str
    picture: Markup
    legend: list[tuple[str, Markup]]
    hidden: int


@dataclass(frozen=True)
class Measure:
    """``before``: last month's value in words, "" where there is none."""

    name: str
    value: str
    before: str = ""


def parts(viewer: Viewer, page: NetworkPage, words: Words) -> tuple[Woven | None, list[Measure]]:
    """The picture (None while there is too little to show) and the figures that are known."""
    view = View(viewer.unit, viewer.book, page.code, viewer.now)
    return _woven(view, viewer.lang, page.name, words), _measures(view, words)


def _woven(view: View, lang: str, name: str, words: Words) -> Woven | None:
    drawn = network_picture.draw(view, lang)
    if drawn is None:
        return None
    shape = drawn.shape
    stage = say(lang, f"stage.{shape.stage}")
    title = words["picture"].format(name=name)
    names = ", ".join(node.name for node in drawn.nodes)
    spoken = words["spoken"].format(
        actors=shape.actors, ties=shape.ties, density=f"{shape.density:.0%}", stage=stage, names=names
    )
    kinds = dict.fromkeys(node.kind for node in drawn.nodes)
    legend = [(kind, network_svg.key(kind)) for kind in kinds]
    return Woven(stage, network_svg.svg(drawn, title, spoken), legend, drawn.hidden)


def _measures(view: View, words: Words) -> list[Measure]:
    last = rows.last_month(view.unit, view.network)
    now, before = _flat(weaving.figures(view)), _flat(last.figures) if last else {}
    shares = [
        Measure(name, f"{now[name]:.0%}", f"{before[name]:.0%}" if before.get(name) is not None else "")
        for name in SHARES
        if now[name] is not None
    ]
    hours, then = now["speed_hours"], before.get("speed_hours")
    if hours is None:
        return shares
    told = words["hours"].format(n=f"{hours:g}")
    return [*shares, Measure("speed_hours", told, words["hours"].format(n=f"{then:g}") if then else "")]


def _flat(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that may be shown, by name; nothing of single actors."""
    return {
        **figures["collaboration"],
        **figures["network_government"],
        "promises_kept": figures["promises_kept"],
    }
