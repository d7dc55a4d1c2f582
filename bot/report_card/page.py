"""Writes the report card: one HTML page that needs nothing else, with its drawings in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.report_card import plots
from nlp.evaluation import Figure, Judged, figures

_FOLDER = Path(__file__).parent
MOST_SLOW = 10
MOST_LETTERS = 160
LANGUAGES = ("en", "th")
_HEADLINES = ("top1_acceptable", "top1", "top3_acceptable", "ece")
_DECISIONS = ("sure", "ask", "person")


@dataclass(frozen=True)
class About:
    """What stands in the page's head: name of the measured file, day of measuring, version of corpus and code."""

    source: str
    day: str
    version: str
    learnt: int | None = None
    """Number of messages learnt from, where known."""


@dataclass(frozen=True)
class Curve:
    """How learning goes: numbers of messages learnt from and, for each category, the acceptable share with each."""

    counts: Sequence[int]
    overall: Sequence[float]
    shares: Mapping[str, Sequence[float]] = field(default_factory=dict)


@cache
def texts(lang: str) -> dict[str, str]:
    """The words of the page in one language."""
    words: dict[str, str] = tomllib.loads((_FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
    return words


def render(known: Sequence[Judged], about: About, lang: str = "en", curve: Curve | None = None) -> str:
    """The page about at least one measured message."""
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = page.from_string((_FOLDER / "page.html").read_text(encoding="utf-8"))
    measured = {figure.name: figure for figure in figures(known)}
    return template.render(
        t=texts(lang),
        lang=lang,
        about=about,
        style=Markup((_FOLDER / "page.css").read_text(encoding="utf-8")),  # our own file
        headlines=[measured[name] for name in _HEADLINES],
        others=[figure for figure in measured.values() if figure.name not in _HEADLINES],
        n=len(known),
        median_ms=median(row.seconds for row in known) * 1000,
        decisions=[_decision(known, name) for name in _DECISIONS],
        slowest=_slowest(known),
        drawings=_drawings(known),
        curves=_curves(curve),
    )


def _drawings(known: Sequence[Judged]) -> dict[str, Any]:
    return {
        "side": plots.SIDE,
        "calibration": plots.calibration_plot(known),
        "coverage": plots.coverage_plot(known),
        "confusion": plots.confusion_plot(known),
        "confusions": plots.confusions(known),
        "categories": plots.categories(known),
    }


def _decision(known: Sequence[Judged], name: str) -> dict[str, Any]:
    part = [row for row in known if row.found.decision == name]
    size = len(part) or 1
    return {
        "name": name,
        "n": len(part),
        "share": len(part) / len(known),
        "hit": sum(row.hit for row in part) / size,
        "near": sum(row.near for row in part) / size,
    }


def _slowest(known: Sequence[Judged]) -> list[dict[str, Any]]:
    """The texts that took longest, personal data masked."""
    ordered = sorted(known, key=lambda row: -row.seconds)[:MOST_SLOW]
    return [
        {"ms": row.seconds * 1000, "letters": len(row.found.text), "text": _short(row.found.masked)}
        for row in ordered
    ]


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def _curves(curve: Curve | None) -> dict[str, Any] | None:
    if curve is None:
        return None
    small = {code: plots.curve_plot(curve.counts, shares) for code, shares in curve.shares.items()}
    return {
        "counts": list(curve.counts),
        "overall": plots.curve_plot(curve.counts, curve.overall),
        "shares": list(curve.overall),
        "small": small,
        "width": plots.CURVE_WIDTH,
        "height": plots.CURVE_HEIGHT,
    }


def line(figure: Figure) -> tuple[str, str, str, int]:
    """A figure as a row of a table: name, value, interval, number of messages."""
    return figure.name, f"{figure.value:.4f}", f"{figure.low:.3f}-{figure.high:.3f}", figure.n
