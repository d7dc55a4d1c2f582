"""Reads `city.toml`: the municipality itself, its hours, its emergency numbers and its demo people."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from store.city_cells import CityFolderError, Once, Row
from store.city_data import DEMO_ROLES, Box, City, DemoPerson, DemoPlace, Emergency, Group

FILE = "city.toml"
# Two letters are refused: XY69-0001 would look like an invite code.
_PREFIX = re.compile(r"[A-Z]|[A-Z]{3,4}", re.ASCII)
_LINE_ID = re.compile(r"U[0-9a-f]{32}", re.ASCII)
_LINE_NAME = re.compile(r"@[A-Za-z0-9._-]{2,20}", re.ASCII)
_TILES = re.compile(r"https://(?:\{s\}\.)?[a-z0-9.-]+(?::[0-9]+)?/[^\s;,'\"]*", re.ASCII)
_SLUG = re.compile(r"[a-z][a-z_]*", re.ASCII)
_JURISDICTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,60}", re.ASCII)
_HTTPS = re.compile(r"https://[^\s\"<>]{3,200}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{3,5}", re.ASCII)


def read_settings(text: str) -> City:
    """The city as `city.toml` tells it. References to other files are not looked at here.

    Raises CityFolderError naming section and key.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CityFolderError(FILE, None, f"not valid TOML: {error}") from None
    box = _box(_section(document, "thailand"))
    return _city(document, _section(document, "city"), box)


def _city(document: dict[str, Any], row: Row, box: Box) -> City:
    quiet, demo = _section(document, "quiet"), document.get("demo", {})
    if not isinstance(demo, dict):
        raise CityFolderError(FILE, None, "[demo] must be a section")
    lat, lon = _point(row, box)
    return City(
        code=row.agency_code(),
        prefix=row.match("prefix", _PREFIX, "1, 3 or 4 letters A-Z (2 would look like an invite code)"),
        name_th=row.text("name_th"),
        name_en=row.text("name_en"),
        short_th=row.text("short_th"),
        province_th=row.text("province_th"),
        province_code=row.text("province_code"),
        district_code=row.text("district_code"),
        lat=lat,
        lon=lon,
        phone=row.phone("phone"),
        email=row.email("email"),
        integrator=row.agency_code("integrator"),
        privacy_contact_th=row.text("privacy_contact_th"),
        privacy_contact_en=row.text("privacy_contact_en"),
        thailand=box,
        hours=_section(document, "hours").hours(),
        quiet_from=quiet.clock("from"),
        quiet_to=quiet.clock("to"),
        emergency=tuple(_emergency(entry) for entry in _entries(document, "emergency")),
        groups=_groups(document),
        demo_people=_people(_entries(demo, "people", "demo.")),
        demo_places=tuple(_place(entry, box) for entry in _entries(demo, "places", "demo.")),
        **_open_data(document),
        line_id=_line_name(row),
        **_map(document),
    )


def _open_data(document: dict[str, Any]) -> dict[str, str]:
    """What section [open_data] says; it may be left out. A licence of one's own comes with its address."""
    if "open_data" not in document:
        return {}
    row = _section(document, "open_data")
    found = {"jurisdiction": row.match("jurisdiction", _JURISDICTION, "letters, digits, dots and dashes")}
    if row.maybe("licence"):
        found |= {
            "licence": row.text("licence"),
            "licence_url": row.match("licence_url", _HTTPS, "https://…"),
        }
    return found


def _line_name(row: Row) -> str:
    given = row.maybe("line_id")
    return row.match("line_id", _LINE_NAME, "the account's name in LINE, @ and letters") if given else ""


def _map(document: dict[str, Any]) -> dict[str, str]:
    """Where tiles come from; without [map] or its `tiles` the map is drawn from the city's own areas alone."""
    if "map" not in document:
        return {}
    row = _section(document, "map")
    tiles = row.maybe("tiles")
    if not tiles:
        return {}
    if not _TILES.fullmatch(tiles) or not all(part in tiles for part in ("{z}", "{x}", "{y}")):
        row.fail("tiles is an https address with {z}, {x} and {y}")
    return {"tiles": tiles, "tiles_by": row.text("attribution")}


def _section(document: dict[str, Any], name: str, shown: str = "") -> Row:
    table = document.get(name)
    if not isinstance(table, dict):
        raise CityFolderError(FILE, None, f"section [{shown or name}] is missing")
    return _row(table, shown or name)


def _entries(document: dict[str, Any], name: str, prefix: str = "") -> list[Row]:
    """The tables of an array; absent means none."""
    tables = document.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CityFolderError(FILE, None, f"[[{prefix}{name}]] must be a list of sections")
    return [_row(table, f"{prefix}{name} {number}") for number, table in enumerate(tables, start=1)]


def _row(table: dict[str, Any], section: str) -> Row:
    """A section as cells: numbers and times may stand with or without quotes."""
    plain = (str, int, float, time, date, datetime)
    return Row(
        FILE, None, {key: str(value) for key, value in table.items() if isinstance(value, plain)}, section
    )


def _box(row: Row) -> Box:
    box = Box(
        south=row.number_in("south", -90, 90),
        north=row.number_in("north", -90, 90),
        west=row.number_in("west", -180, 180),
        east=row.number_in("east", -180, 180),
    )
    if box.south >= box.north or box.west >= box.east:
        row.fail("south must be below north and west below east")
    return box


def _point(row: Row, box: Box) -> tuple[float, float]:
    return row.number_in("lat", box.south, box.north), row.number_in("lon", box.west, box.east)


def _emergency(row: Row) -> Emergency:
    number = row.match("number", _DIGITS, "3 to 5 digits")
    return Emergency(number, row.text("label_th"), row.text("label_en"))


def _groups(document: dict[str, Any]) -> tuple[Group, ...]:
    tables = document.get("groups")
    if not isinstance(tables, dict) or not tables:
        raise CityFolderError(FILE, None, "section [groups] is missing")
    return tuple(_group(code, _section(tables, code, f"groups.{code}")) for code in tables)


def _group(code: str, row: Row) -> Group:
    if not _SLUG.fullmatch(code):
        row.fail("a group's code is small letters a-z and underscores")
    return Group(code, row.text("name_th"), row.text("name_en"))


def _people(rows: list[Row]) -> tuple[DemoPerson, ...]:
    ids = Once("id")
    people = tuple(_person(row) for row in rows)
    for row, person in zip(rows, people, strict=True):
        ids.add(row, person.id)
    return people


def _person(row: Row) -> DemoPerson:
    role = row.choice("role", DEMO_ROLES)
    return DemoPerson(
        id=row.match("id", _LINE_ID, "U and 32 digits 0-9a-f"),
        name_th=row.text("name_th"),
        role=role,
        label_th=row.text("label_th"),
        label_en=row.text("label_en"),
        agency=row.agency_code("agency") if role in ("official", "head") else "",
        network=row.agency_code("network") if role == "representative" else "",
        language=row.choice("language", ("th", "en")) if row.maybe("language") else "th",
    )


def _place(row: Row, box: Box) -> DemoPlace:
    lat, lon = _point(row, box)
    return DemoPlace(row.text("title_th"), row.text("address_th"), lat, lon)
