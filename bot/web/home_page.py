"""The city in figures as the first page tells them: each with its number in words and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from bot.web import charts
from handlers.messages.texts import sentences
from handlers.messages.times import span
from handlers.services import city_figures
from handlers.services.showcase import Viewer
from store.issues import issues

Words = Mapping[str, str]
Data = Mapping[str, Any]
NONE = "–"
TABLES = (("category", "category"), ("area", "area"), ("agency", "lead"), ("network", "network"))
"""Name of a table and of the column its rows follow."""


@dataclass(frozen=True)
class Figure:
    """``means``: how it is counted."""

    name: str
    title: str
    value: str
    means: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table. ``bar``: its open cases against the most of any row."""

    name: str
    href: str
    open: int
    overdue: int
    fixed: int
    fix: str
    kept: str
    bar: Markup


@dataclass(frozen=True)
class Month:
    """This month's and last month's value of one figure."""

    title: str
    now: str
    before: str


@dataclass(frozen=True)
class Home:
    at: str
    figures: list[Figure]
    tables: list[tuple[str, list[Line]]]
    compared: list[Month]
    months: list[tuple[str, int, int]]
    chart: Markup
    names: tuple[str, str]
    """This month and last month."""


def build(viewer: Viewer, words: Words) -> Home:
    """Everything the page shows, in the visitor's language."""
    at, found = city_figures.current(viewer.unit, viewer.now, viewer.book.zone)
    shown = _since_the_first(found["months"])
    labels = [_month(row["month"], viewer.lang) for row in shown]
    counted = [(row["reported"], row["fixed"]) for row in shown]
    return Home(
        at=viewer.when(at),
        figures=_figures(found, words, viewer.lang),
        tables=[(name, _table(viewer, name, found["by"][column])) for name, column in TABLES],
        compared=_compared(found["months"][-1], found["months"][-2], words, viewer.lang),
        months=[(label, one, two) for label, (one, two) in zip(labels, counted, strict=True)],
        chart=charts.months(labels, [one for one, _ in counted], [two for _, two in counted]),
        names=(labels[-1], labels[-2]),
    )


def _figures(found: Data, words: Words, lang: str) -> list[Figure]:
    def figure(name: str, value: str, href: str = "", **blanks: Any) -> Figure:
        return Figure(name, words[name], value, words[f"{name}_means"].format(**blanks), href)

    answer, fix = found["answer"], found["fix"]
    return [
        figure("open", f"{found['open']:,}", f"/cases?lang={lang}"),
        figure("overdue", f"{found['overdue']:,}", f"/cases?which=overdue&lang={lang}"),
        figure("finished", f"{found['fixed']:,}", f"/cases?which=fixed&lang={lang}"),
        figure("answer", _hours(answer, "median", lang), p90=_hours(answer, "p90", lang)),
        figure("fix", _hours(fix, "median", lang), p90=_hours(fix, "p90", lang)),
        figure("kept", _share(found["kept_share"]), kept=found["kept"], all=found["kept"] + found["broken"]),
        figure("stars", _stars(found["stars"]), n=found["rated"]),
    ]


def _since_the_first(months: list[Data]) -> list[Data]:
    """Without the months before the first case; at least the last two, which are compared."""
    first = next((n for n, row in enumerate(months) if row["reported"] or row["fixed"]), len(months))
    return months[min(first, len(months) - 2) :]


def _compared(now: Data, before: Data, words: Words, lang: str) -> list[Month]:
    pairs = {
        "reported": lambda row: f"{row['reported']:,}",
        "finished_month": lambda row: f"{row['fixed']:,}",
        "fix": lambda row: _hours(row["fix"], "median", lang),
        "kept": lambda row: _share(row["kept_share"]),
        "stars": lambda row: _stars(row["stars"]),
    }
    return [Month(words[name], tell(now), tell(before)) for name, tell in pairs.items()]


def _table(viewer: Viewer, name: str, groups: Mapping[str, Data]) -> list[Line]:
    """Rows with the most open cases first; what the city does not know any more is left out."""
    known = {code: label for code in groups if (label := _label(viewer, name, code))}
    order = sorted(known, key=lambda code: (-groups[code]["open"], -groups[code]["fixed"], code))
    most = max((groups[code]["open"] for code in known), default=0) or 1
    return [_line(viewer, name, code, known[code], groups[code], most) for code in order]


def _line(viewer: Viewer, name: str, code: str, label: str, group: Data, most: int) -> Line:
    return Line(
        name=label,
        href=_address(name, code, viewer.lang),
        open=group["open"],
        overdue=group["overdue"],
        fixed=group["fixed"],
        fix=_hours(group["fix"], "median", viewer.lang),
        kept=_share(group["kept_share"]),
        bar=charts.share(group["open"] / most),
    )


def _address(name: str, code: str, lang: str) -> str:
    """Where the cases of a row are; "" for issues that are told in confidence."""
    if name == "network":
        return f"/networks/{code}?lang={lang}"
    listed = name != "category" or issues().public(code)
    return f"/cases?{name}={code}&lang={lang}" if listed else ""


def _label(viewer: Viewer, name: str, code: str) -> str:
    book, lang = viewer.book, viewer.lang
    if name == "category":
        return book.category_name(code, lang) if code in book.categories else ""
    if name == "agency":
        return book.agency_name(code, lang)
    row = book.areas.get(code) if name == "area" else book.networks.get(code)
    return book.name(row, lang) if row else ""


def _hours(spread: Data | None, which: str, lang: str) -> str:
    return span(timedelta(hours=spread[which]), lang) if spread else NONE


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.0%}"


def _stars(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _month(name: str, lang: str) -> str:
    at = datetime.strptime(name, "%Y-%m")
    return sentences(lang)["time.months"].split("|")[at.month - 1]
