"""Leaflet and its marker clusters, served from the files of their wheels: no build step, nobody else is asked."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from flask import Blueprint, Response, abort, send_file

from bot.web import access

_WHEELS = {
    "leaflet.js": ("XStatic-Leaflet", "leaflet/data"),
    "leaflet.css": ("XStatic-Leaflet", "leaflet/data"),
    "leaflet.markercluster.js": ("XStatic-Leaflet.markercluster", "leaflet_markercluster/data"),
}
_A_WEEK = 7 * 24 * 3600


@cache
def path_of(name: str) -> Path:
    """Where a file of a wheel lies on this machine. Raises KeyError for any other name."""
    wheel, folder = _WHEELS[name]
    return Path(str(distribution(wheel).locate_file(f"xstatic/pkg/{folder}/{name}")))


def add(routes: Blueprint) -> None:
    """`/static/map/<name>` for the few files that the map needs."""

    @routes.get("/static/map/<name>")
    @access.public
    def map_file(name: str) -> Response:
        if name not in _WHEELS:
            abort(404)
        return send_file(path_of(name), max_age=_A_WEEK)
