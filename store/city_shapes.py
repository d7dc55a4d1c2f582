"""Reads `areas.geojson`, the borders of areas. The file may be left out; an area without a border is its circle."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, NoReturn

from store.city_cells import CityFolderError
from store.city_data import Box, Shape
from store.city_files import text_of

FILE = "areas.geojson"
MOST_POINTS = 5_000
"""Of all borders together: they are sent to every visitor of the map."""
_DIGITS = 5
"""Of a degree that are kept, about a metre."""


def read_shapes(folder: Path, codes: Collection[str], box: Box) -> dict[str, Shape]:
    """The border of each area that has one, by code.

    A FeatureCollection; each feature has the area's code as property ``code`` and is a Polygon or MultiPolygon in
    degrees. Raises CityFolderError naming the feature.
    """
    if not (folder / FILE).exists():
        return {}
    found: dict[str, Shape] = {}
    for number, feature in enumerate(_features(text_of(folder, FILE)), start=1):
        code, shape = _read(feature, number, codes, box)
        if code in found:
            _fail(number, f"area {code} has a border already")
        found[code] = shape
    points = sum(len(ring) for shape in found.values() for ring in shape)
    if points > MOST_POINTS:
        raise CityFolderError(FILE, None, f"{points} points are too many; simplify to {MOST_POINTS} at most")
    return found


def _features(text: str) -> list[Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise CityFolderError(FILE, None, f"not valid JSON: {error}") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise CityFolderError(FILE, None, "must be a FeatureCollection with features")
    return features


def _read(feature: Any, number: int, codes: Collection[str], box: Box) -> tuple[str, Shape]:
    try:
        code, geometry = str(feature["properties"]["code"]), feature["geometry"]
        kind, coordinates = geometry["type"], geometry["coordinates"]
        polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}[kind]
        shape = tuple(_ring(ring) for polygon in polygons for ring in polygon)
    except (KeyError, TypeError, ValueError, IndexError):
        _fail(number, "must have properties.code and a Polygon or MultiPolygon")
    if code not in codes:
        _fail(number, f"unknown area {code!r}")
    if not shape or any(len(ring) < 4 for ring in shape):
        _fail(number, "a ring needs at least four points")
    if not all(box.holds(lat, lon) for ring in shape for lat, lon in ring):
        _fail(number, "a point lies outside the country; GeoJSON writes longitude first")
    return code, shape


def _ring(points: Any) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(point[1]), _DIGITS), round(float(point[0]), _DIGITS)) for point in points)


def _fail(number: int, reason: str) -> NoReturn:
    raise CityFolderError(FILE, None, f"feature {number}: {reason}")
