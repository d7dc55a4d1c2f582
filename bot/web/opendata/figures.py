"""Three figures of the city to put into another site, as a picture or as a small page."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from bot.web.opendata.texts import texts
from handlers.messages.times import moment
from handlers.services.showcase import Viewer
from store.queries import open_cases as rows
from store.words import OPEN, Status

MONTH = timedelta(days=30)
KEEP_S = 60.0
_WIDTH, _HEIGHT, _COLUMN = 480, 168, 150


@dataclass(frozen=True)
class Figure:
    name: str
    number: int
    colour: str


@dataclass(frozen=True)
class Counted:
    """How many cases of the open data stand where, and how many are new."""

    by_status: dict[str, int]
    new: int
    at: datetime


class Counter:
    """Counts at most once a minute, however many sites show the figures. Thread-safe."""

    def __init__(self, keep_s: float = KEEP_S) -> None:
        self._keep_s, self._lock = keep_s, threading.Lock()
        self._kept: tuple[float, Counted] | None = None

    def count(self, viewer: Viewer) -> Counted:
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > self._keep_s:
                new = rows.counts_by_status(viewer.unit, viewer.now - MONTH)
                counted = Counted(rows.counts_by_status(viewer.unit), sum(new.values()), viewer.now)
                self._kept = (time.monotonic(), counted)
            return self._kept[1]


def figures(counted: Counted, lang: str) -> list[Figure]:
    """Being worked on, fixed, new in 30 days: of what the open data hold, so that anybody can count them again."""
    words, by_status = texts(lang)["figures"], counted.by_status
    return [
        Figure(words["open"], sum(by_status.get(s, 0) for s in OPEN), "#b45309"),
        Figure(words["closed"], sum(by_status.get(s, 0) for s in (Status.DONE, Status.CLOSED)), "#15803d"),
        Figure(words["month"], counted.new, "#1d4ed8"),
    ]


def city_name(viewer: Viewer) -> str:
    city = viewer.book.data.city
    return city.name_en if viewer.lang == "en" else city.name_th


def alt(viewer: Viewer, found: list[Figure]) -> str:
    numbers = dict(zip(("open", "closed", "month"), (f"{f.number:,}" for f in found), strict=True))
    return str(texts(viewer.lang)["figures"]["alt"].format(city=city_name(viewer), **numbers))


def when(viewer: Viewer, counted: Counted) -> str:
    at = moment(counted.at, viewer.now, viewer.book.zone, viewer.lang)
    return str(texts(viewer.lang)["figures"]["at"].format(when=at))


def svg(viewer: Viewer, counted: Counted) -> str:
    """A picture that needs nothing else; its words are in its title for who can't see it."""
    found = figures(counted, viewer.lang)
    title = texts(viewer.lang)["figures"]["title"].format(city=city_name(viewer))
    said = escape(alt(viewer, found))
    columns = "".join(_column(figure, 24 + n * _COLUMN) for n, figure in enumerate(found))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" role="img" lang="{viewer.lang}" font-family="Noto Sans Thai, Sarabun,'
        f' Loma, system-ui, sans-serif"><title>{said}</title>'
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="14" fill="#ffffff"'
        f' stroke="#d6d3d1"/>'
        f'<text x="24" y="38" font-size="17" font-weight="600" fill="#1c1917">{escape(title)}</text>'
        f"{columns}"
        f'<text x="24" y="148" font-size="12" fill="#57534e">{escape(when(viewer, counted))}</text></svg>\n'
    )


def _column(figure: Figure, x: int) -> str:
    return (
        f'<text x="{x}" y="92" font-size="34" font-weight="700" fill="{figure.colour}">'
        f"{figure.number:,}</text>"
        f'<text x="{x}" y="116" font-size="13" fill="#44403c">{escape(figure.name)}</text>'
    )
