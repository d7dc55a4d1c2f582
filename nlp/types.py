"""The plain values that go into and come out of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Lexicon = Mapping[str, Sequence[str]]
"""A city's own words for each category code: ``{category: (word, ...)}``."""


@dataclass(frozen=True)
class Area:
    """An administrative area; ``level`` is ``province``, ``district`` or ``subdistrict``."""

    code: str
    name_th: str
    name_en: str
    level: str
    parent: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Landmark:
    """A named spot of the city; ``area`` is an area code, ``lat`` and ``lon`` are WGS84 degrees."""

    name: str
    kind: str
    area: str = ""
    lat: float | None = None
    lon: float | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceFound:
    """Where a message points to.

    ``text`` holds the writer's own words. ``area`` is the code of an area of the city, else of a national one.
    ``inside`` is True inside the city, False certainly elsewhere, None unknown. ``lat`` and ``lon`` belong to a
    matched landmark. ``precise`` means somebody can be sent there. ``candidates`` lists the areas meant when a
    name is ambiguous.
    """

    text: str
    area: str | None = None
    inside: bool | None = None
    lat: float | None = None
    lon: float | None = None
    precise: bool = False
    candidates: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """All that is read from one message.

    ``text`` is the normalised message and ``masked`` the same without personal data. ``confidence`` is the
    calibrated probability that ``category`` is acceptable, ``top`` the three best categories with theirs.
    ``decision`` is ``sure``, ``ask`` or ``person``. ``emergency`` is the number to call for a danger to life now,
    ``hotlines`` further numbers that fit. ``problems`` are the two parts of a message that speaks of two problems,
    else empty.
    """

    text: str
    language: str
    intent: str
    intent_p: float
    category: str
    confidence: float
    top: tuple[tuple[str, float], ...]
    decision: str
    urgent: bool
    emergency: str | None
    place: PlaceFound | None
    masked: str
    hotlines: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One labelled message; ``also`` holds other acceptable categories, ``weight`` its share in training."""

    text: str
    category: str
    intent: str = "report"
    urgent: int = 0
    place: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    weight: float = 1.0
