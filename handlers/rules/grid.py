"""Distances on the map, and the map cut into cells so that what is near is found without reading what is far."""

from __future__ import annotations

import math
from collections.abc import Sequence

EARTH_M = 6_371_000.0
LAT_STEP, LON_STEP = 0.0027, 0.0029
"""Degrees. A cell is 300 m high and, anywhere in Thailand, at least 300 m wide: what lies nearer is in it or beside it."""


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres (haversine formula)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((p2 - p1) / 2) ** 2
    a += math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(a))


def cell(lat: float, lon: float) -> str:
    """Name of the cell that holds a point."""
    return _name(*_at(lat, lon))


def cells_around(lat: float, lon: float) -> tuple[str, ...]:
    """The point's cell and its eight neighbours."""
    row, column = _at(lat, lon)
    return tuple(_name(row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1))


def _at(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / LAT_STEP), math.floor(lon / LON_STEP)


def _name(row: int, column: int) -> str:
    return f"{row}:{column}"


def holds(shape: Sequence[Sequence[tuple[float, float]]], lat: float, lon: float) -> bool:
    """Whether a point (degrees) lies within an odd number of the rings (the even-odd rule)."""
    inside = False
    for ring in shape:
        for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            crosses = (lat1 > lat) != (lat2 > lat)
            if crosses and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
                inside = not inside
    return inside
