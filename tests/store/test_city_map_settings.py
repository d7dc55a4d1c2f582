"""Borders of areas, map tiles and the LINE account's name in a city folder: read, kept, used, or refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import store
from handlers.city import CityBook
from store import Store
from store.city_folder import CityFolderError, read_city
from store.queries import city as rows

DEMO = Path(store.__file__).parent / "demo_city"
LINE = 'district_code = "4201"\n'
TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "city"))


def draw(folder: Path, *features: Any) -> None:
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def square(code: str, south: float, west: float, side: float) -> dict[str, Any]:
    north, east = south + side, west + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def fault(folder: Path) -> str:
    with pytest.raises(CityFolderError) as caught:
        read_city(folder)
    return str(caught.value)


def test_a_point_belongs_to_the_area_whose_border_holds_it(folder: Path, store: Store) -> None:
    far = read_city(folder).inside[-1]
    draw(folder, square(far.code, 17.48, 101.71, 0.02))
    city = read_city(folder)
    with store.writing() as unit:
        rows.save(unit, city)
    with store.reading() as unit:
        kept = rows.load(unit)
    assert kept is not None and kept.areas == city.areas
    book = CityBook(kept, ZoneInfo("Asia/Bangkok"))
    found = book.area_at(17.49, 101.72)
    assert found is not None and found.code == far.code
    beside = book.area_at(far.lat, far.lon)
    assert beside is None or beside.code != far.code, "its circle does not count any more"


def test_a_hole_is_outside(folder: Path) -> None:
    code = read_city(folder).inside[0].code
    outer, hole = square(code, 17.4, 101.6, 0.3), square(code, 17.48, 101.71, 0.02)
    outer["geometry"]["coordinates"] += hole["geometry"]["coordinates"]
    draw(folder, outer)
    book = CityBook(read_city(folder), ZoneInfo("Asia/Bangkok"))
    inside, in_hole = book.area_at(17.41, 101.61), book.area_at(17.49, 101.72)
    assert inside is not None and inside.code == code
    assert in_hole is None or in_hole.code != code


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (square("999999", 17.4, 101.6, 0.1), "unknown area"),
        (square("420101", 101.6, 17.4, 0.1), "longitude first"),
        ({"properties": {}, "geometry": None}, "properties.code"),
        ({"properties": {"code": "420101"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}, "Polygon"),
    ],
)
def test_a_bad_border_is_named(folder: Path, feature: Any, reason: str) -> None:
    draw(folder, square("420102", 17.4, 101.6, 0.1), feature)
    assert fault(folder).startswith("areas.geojson: feature 2: ") and reason in fault(folder)


def test_two_borders_of_one_area_and_what_is_no_json_are_refused(folder: Path) -> None:
    draw(folder, square("420101", 17.4, 101.6, 0.1), square("420101", 17.4, 101.6, 0.1))
    assert "has a border already" in fault(folder)
    (folder / "areas.geojson").write_text("{")
    assert "not valid JSON" in fault(folder)


def change(folder: Path, more: str, end: str = "") -> None:
    text = (folder / "city.toml").read_text("utf-8")
    (folder / "city.toml").write_text(text.replace(LINE, LINE + more, 1) + end, "utf-8")


def test_tiles_and_the_account_are_read_and_kept(folder: Path, store: Store) -> None:
    change(folder, 'line_id = "@faloei"\n', f'\n[map]\ntiles = "{TILES}"\nattribution = "© Somebody"\n')
    with store.writing() as unit:
        rows.save(unit, read_city(folder))
    with store.reading() as unit:
        kept = rows.load(unit)
    assert kept is not None
    assert (kept.city.line_id, kept.city.tiles, kept.city.tiles_by) == ("@faloei", TILES, "© Somebody")


def test_without_them_the_map_asks_nobody(folder: Path) -> None:
    city = read_city(folder).city
    assert (city.line_id, city.tiles, city.tiles_by) == ("", "", "")


@pytest.mark.parametrize(
    "tiles", ["http://tiles.example/{z}/{x}/{y}", "https://tiles.example/1.png", "https://a; script-src *"]
)
def test_an_address_that_is_none_is_refused(folder: Path, tiles: str) -> None:
    change(folder, "", f'\n[map]\ntiles = "{tiles}"\nattribution = "x"\n')
    assert "[map] tiles" in fault(folder)


def test_an_account_without_its_sign_is_refused(folder: Path) -> None:
    change(folder, 'line_id = "faloei"\n')
    assert "line_id" in fault(folder)
