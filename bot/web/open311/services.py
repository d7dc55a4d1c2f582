"""The kinds of requests the city takes, and what may be said about each beyond words and place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handlers.city import CityBook
from handlers.rules.open311 import Refused, Wrong
from store.city_data import EVERYWHERE, CategoryRow

_FILE = Path(__file__).with_name("attributes.toml")
MOST_VALUE = 500


@dataclass(frozen=True)
class Attribute:
    """``services``: category codes, or everywhere. ``values``: (key, name in Thai, name in English)."""

    code: str
    services: tuple[str, ...]
    datatype: str
    th: str
    en: str
    values: tuple[tuple[str, str, str], ...]

    def fits(self, service: str) -> bool:
        return EVERYWHERE in self.services or service in self.services

    def name(self, lang: str) -> str:
        return self.en if lang == "en" else self.th


@cache
def attributes() -> tuple[Attribute, ...]:
    """What ``attributes.toml`` says, in its order."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(
        Attribute(
            code,
            tuple(row["services"]),
            row["datatype"],
            row["th"],
            row["en"],
            tuple((key, *names) for key, names in row.get("values", {}).items()),
        )
        for code, row in table.items()
    )


def listing(book: CityBook, lang: str) -> list[dict[str, Any]]:
    """Every service, in the city's order."""
    groups = {g.code: (g.name_en if lang == "en" else g.name_th) for g in book.data.city.groups}
    return [_service(book, row, groups.get(row.group, ""), lang) for row in book.data.categories]


def _service(book: CityBook, row: CategoryRow, group: str, lang: str) -> dict[str, Any]:
    return {
        "service_code": row.code,
        "service_name": book.name(row, lang),
        "description": ", ".join(row.keywords[:6]),
        "metadata": any(a.fits(row.code) for a in attributes()),
        "type": "realtime",
        "keywords": ",".join(row.keywords),
        "group": group,
    }


def definition(service: str, lang: str) -> dict[str, Any]:
    """The attributes of one service."""
    fitting = [a for a in attributes() if a.fits(service)]
    return {
        "service_code": service,
        "attributes": [_attribute(a, number, lang) for number, a in enumerate(fitting, 1)],
    }


def _attribute(a: Attribute, order: int, lang: str) -> dict[str, Any]:
    return {
        "variable": True,
        "code": a.code,
        "datatype": a.datatype,
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": a.name(lang),
        "values": [{"key": key, "name": en if lang == "en" else th} for key, th, en in a.values],
    }


def said(service: str, given: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What attributes say, as lines in Thai; raises ``Refused`` for what the service does not ask."""
    known = {a.code: a for a in attributes() if a.fits(service)}
    wrongs = [w for code, values in given.items() if (w := _wrong(known.get(code), code, values))]
    if wrongs:
        raise Refused(*wrongs)
    return tuple(_line(known[code], values) for code, values in given.items() if any(values))


def _wrong(a: Attribute | None, code: str, values: tuple[str, ...]) -> Wrong | None:
    if a is None:
        return Wrong(400, f"attribute[{code[:40]}] is not known for this service")
    keys = {key for key, _, _ in a.values}
    if keys and not set(values) - {""} <= keys:
        return Wrong(400, f"attribute[{code}] must be one of {', '.join(sorted(keys))}")
    if a.datatype != "multivaluelist" and len(values) > 1:
        return Wrong(400, f"attribute[{code}] takes one value")
    too_long = any(len(value) > MOST_VALUE for value in values)
    return Wrong(400, f"attribute[{code}] is longer than {MOST_VALUE} characters") if too_long else None


def _line(a: Attribute, values: tuple[str, ...]) -> str:
    names = {key: th for key, th, _ in a.values}
    return f"{a.th}: {', '.join(names.get(value, value.strip()) for value in values if value)}"
