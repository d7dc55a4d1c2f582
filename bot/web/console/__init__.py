"""`/console/…`: the workplace of officials, representatives and administrators, as plain pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from bot.web.console import (
    acting,
    board,
    case,
    city,
    door,
    founding,
    learning,
    lists,
    network,
    people,
    running,
    settings,
    texts,
)
from bot.web.console.visit import guard
from bot.web.public import POLICY

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def blueprint(wiring: Wiring) -> Blueprint:
    """All routes of the console behind their guard."""
    routes = Blueprint("console", __name__, url_prefix="/console")
    guard(routes, wiring)
    for topic in (
        door,
        board,
        case,
        acting,
        network,
        founding,
        settings,
        texts,
        city,
        people,
        learning,
        running,
        lists,
    ):
        topic.add(routes, wiring)

    @routes.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return routes
