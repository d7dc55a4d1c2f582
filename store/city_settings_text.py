"""Writes `city.toml` from what is known of a city, so that it reads back to the very same values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from store.city_cells import CityFolderError
from store.city_data import CC_BY, CC_BY_URL, Box, City, CityData
from store.city_settings import read_settings
from store.city_tables import Change, CityFaults, with_city

Section = dict[str, str]
Document = dict[str, Section | list[Section] | dict[str, Section]]
"""Sections by name; lists of sections; sections of sections. Every value as it is written."""

_OWN = [
    "code",
    "prefix",
    "name_th",
    "name_en",
    "short_th",
    "province_th",
    "province_code",
    "district_code",
    "lat",
    "lon",
    "phone",
    "email",
    "integrator",
    "privacy_contact_th",
    "privacy_contact_en",
    "line_id",
]


def document(city: City) -> Document:
    """Everything that `city.toml` says, in its order and with its names."""
    return {
        "city": {name: _plain(getattr(city, name)) for name in _OWN},
        "map": {"tiles": city.tiles, "attribution": city.tiles_by},
        "thailand": _box(city.thailand),
        "hours": {
            "open": _clock(city.hours.open),
            "close": "24:00" if city.hours.close == time(0) else _clock(city.hours.close),
            "days": "|".join(str(day) for day in sorted(city.hours.weekdays)),
        },
        "quiet": {"from": _clock(city.quiet_from), "to": _clock(city.quiet_to)},
        "open_data": _open_data(city),
        "emergency": [
            {"number": one.number, "label_th": one.label_th, "label_en": one.label_en}
            for one in city.emergency
        ],
        "groups": {one.code: {"name_th": one.name_th, "name_en": one.name_en} for one in city.groups},
        "demo.people": [_filled(vars(one)) for one in city.demo_people],
        "demo.places": [_filled(vars(one)) for one in city.demo_places],
    }


def as_toml(found: Mapping[str, Any]) -> str:
    """The document as text; empty cells, and sections without anything in them, are left out."""
    return "\n".join(part for name, section in found.items() for part in _parts(name, section))


def _parts(name: str, section: Any) -> list[str]:
    if isinstance(section, Sequence):
        return [_section(f"[[{name}]]", one) for one in section if any(one.values())]
    if any(isinstance(one, Mapping) for one in section.values()):
        return [_section(f"[{name}.{key}]", one) for key, one in section.items()]
    return [_section(f"[{name}]", section)] if any(section.values()) else []


def _section(heading: str, cells: Mapping[str, str]) -> str:
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in cells.items() if value]
    return "\n".join([heading, *lines, ""]).replace("\x7f", "")


def _open_data(city: City) -> Section:
    """Left out where the city says nothing of its own; a licence needs the name of the jurisdiction beside it."""
    if not city.jurisdiction:
        return {}
    own = (city.licence, city.licence_url) != (CC_BY, CC_BY_URL)
    licence = {"licence": city.licence, "licence_url": city.licence_url} if own else {}
    return {"jurisdiction": city.jurisdiction, **licence}


def _box(box: Box) -> Section:
    return {side: _plain(getattr(box, side)) for side in ("south", "north", "west", "east")}


def _filled(values: Mapping[str, Any]) -> Section:
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


# --- reading and comparing


def with_settings(data: CityData, content: str) -> CityData:
    """The city with another `city.toml`; raises ``CityFaults``."""
    try:
        return with_city(data, read_settings(content))
    except CityFolderError as fault:
        raise CityFaults([fault]) from None


def changes(before: CityData, after: CityData) -> list[Change]:
    """Cells that differ, by section."""
    old, new = flat(document(before.city)), flat(document(after.city))
    sections = dict.fromkeys(path.rpartition("/")[0] for path in [*new, *old])
    return [made for section in sections if (made := _change(section, old, new))]


def flat(found: Mapping[str, Any]) -> Section:
    """The document as cells: "city/name_th", "emergency/0/number", "groups/water/name_th"."""
    cells: Section = {}
    for name, value in found.items():
        if isinstance(value, str):
            cells[name] = value
        else:
            inner = value if isinstance(value, Mapping) else {str(n): one for n, one in enumerate(value)}
            cells |= {f"{name}/{key}": cell for key, cell in flat(inner).items()}
    return cells


def _change(section: str, old: Section, new: Section) -> Change | None:
    mine = [path for path in dict.fromkeys([*new, *old]) if path.rpartition("/")[0] == section]
    cells = [(path.rpartition("/")[2], old.get(path, ""), new.get(path, "")) for path in mine]
    differ = tuple(cell for cell in cells if cell[1] != cell[2])
    was, now = (any(path in cells_of for path in mine) for cells_of in (old, new))
    kind = "changed" if was and now else "added" if now else "removed"
    return Change(kind, section, differ) if differ else None
