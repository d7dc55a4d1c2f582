"""What the page of a network shows of its weaving: the picture, its words, and figures that reveal nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.web import charts, decision_page, network_svg
from handlers.messages.texts import say
from handlers.services import network_picture, network_show, weaving
from handlers.services.showcase import Viewer
from handlers.services.weaving import View
from nlp import mask
from store.queries import activities, introductions
from store.queries import networks as member_rows
from store.queries import weaving as rows

Words = Mapping[str, str]
MOST_MEETINGS = 8
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


@dataclass(frozen=True)
class Cause:
    """One of the six causes why networks fail. ``warns``: None where too little is known."""

    name: str
    value: str
    limit: str
    warns: bool | None


@dataclass(frozen=True)
class Meeting:
    """An activity; ``came`` and ``going`` are numbers of people."""

    title: str
    when: str
    place: str
    state: str
    going: int
    came: int
    minutes: str


@dataclass(frozen=True)
class Brief:
    """A network in a list."""

    code: str
    name: str
    goal: str
    members: int


def all_of(viewer: Viewer) -> list[Brief]:
    """Every network of the city in its order."""
    english = viewer.lang == "en"
    return [
        Brief(
            code,
            viewer.book.name(row, viewer.lang),
            row.goal_en if english else row.goal_th,
            member_rows.size(viewer.unit, code),
        )
        for code, row in viewer.book.networks.items()
    ]


def build(viewer: Viewer, code: str, words: Words) -> dict[str, Any] | None:
    """What the page of one network shows; None when there is none of that code."""
    page = network_show.network_page(viewer, code)
    if page is None:
        return None
    view = View(viewer.unit, viewer.book, page.code, viewer.now)
    return {
        "network": page,
        "step_bars": {n: charts.share((v or 0) / 100) for n, v in page.steps.items()},
        "woven": _woven(view, viewer.lang, page.name, words),
        "measures": _measures(view, words),
        "causes": _causes(view),
        "sectors": member_rows.sectors(viewer.unit, code),
        "decisions": decision_page.briefs(viewer, code),
        "meetings": _meetings(viewer, code),
        "introduced": introductions.counts(viewer.unit, code),
    }


def _causes(view: View) -> list[Cause]:
    """What is known about the six causes; nothing is told where the figures are too few."""

    def told(cause: str, value: float) -> str:
        return f"{value:.0f}" if cause == "size" else f"{value:.0%}"

    return [
        Cause(s.cause, told(s.cause, s.value), told(s.cause, s.limit), s.warns)
        for s in view.signals
        if s.value is not None
    ]


def _meetings(viewer: Viewer, code: str) -> list[Meeting]:
    """The newest activities that were called; those without a day are still being prepared."""
    found = [a for a in activities.of_network(viewer.unit, code) if a.starts_at and a.state != "cancelled"]
    return [
        Meeting(
            mask(a.title),
            viewer.when(a.starts_at) if a.starts_at else "",
            mask(a.place),
            "coming" if a.state == "open" and a.starts_at and a.starts_at > viewer.now else "over",
            activities.number(viewer.unit, a.id, "going"),
            activities.came(viewer.unit, a.id),
            mask(a.minutes),
        )
        for a in found[:MOST_MEETINGS]
    ]


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
    now, before = _flat(weaving.measured(view)), _flat(last.figures) if last else {}
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
