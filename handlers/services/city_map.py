"""What the public map shows: the city's areas, the newest open and fixed cases, and how many lie where."""

from __future__ import annotations

from typing import Any

from handlers.services.showcase import Viewer
from store.issues import issues
from store.queries import showcase as rows
from store.queries.showcase import Pin
from store.words import FIXED, OPEN

MOST_OPEN, MOST_FIXED = 1_000, 300
MOST_PLACES = 200
EXACT = 4
"""Digits of a degree that are given away: about 11 m."""
FINE, LATE, DONE = 0, 1, 2


def confidential(viewer: Viewer) -> list[str]:
    """Categories that people tell in confidence: none of their cases is listed or shown on the map."""
    return [row.code for row in viewer.book.data.categories if not issues().public(row.code)]


def areas(viewer: Viewer) -> list[list[Any]]:
    """Name, centre, radius in metres and border (rings, maybe none) of every area the city serves."""
    return [
        [viewer.book.name(a, viewer.lang), a.lat, a.lon, a.radius_m, a.shape] for a in viewer.book.data.inside
    ]


def places(viewer: Viewer) -> list[list[Any]]:
    """Name and point of the city's landmarks, by which people find their way on a map without streets."""
    known = (p for p in viewer.book.data.places if p.lat is not None and p.kind != "road")
    return [[p.name, p.lat, p.lon] for p in known][:MOST_PLACES]


def data(viewer: Viewer, cells: list[list[Any]]) -> dict[str, Any]:
    """Everything the map draws. Issues that people tell in confidence have no point on it."""
    shown, hidden = sorted(issues().reach), confidential(viewer)
    kinds = {code: n for n, code in enumerate(shown)}
    found = [
        *((pin, LATE if pin.overdue_at else FINE) for pin in rows.pins(viewer.unit, OPEN, hidden, MOST_OPEN)),
        *((pin, DONE) for pin in rows.pins(viewer.unit, FIXED, hidden, MOST_FIXED)),
    ]
    return {
        "areas": areas(viewer),
        "places": places(viewer),
        "kinds": [viewer.book.category_name(code, viewer.lang) for code in shown],
        "points": [_point(pin, state, kinds[pin.category]) for pin, state in found],
        "cells": cells,
    }


def _point(pin: Pin, state: int, kind: int) -> list[Any]:
    return [round(pin.lat, EXACT), round(pin.lon, EXACT), pin.code, kind, state]
