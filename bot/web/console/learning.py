"""What the classifier learns from: corrections, its versions with their figures, and going back to an earlier one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

import bot
from bot.model_shelf import UnknownVersion
from bot.web import access
from bot.web.console.visit import Visit, back_to, page, visiting, words
from store.queries import learning as rows

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

MOST_SHOWN = 50
REPORT = Path(bot.__file__).parents[1] / "docs" / "report-card.html"
"""Beside the program in its source tree; an installed package goes without."""


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/learning")
    @access.only(access.ADMINISTRATOR)
    def learning() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "learning", **shown(visit))

    @routes.get("/learning/report")
    @access.only(access.ADMINISTRATOR)
    def report() -> Response:
        """The report card as it was measured; a page in itself with its own looks, and no script."""
        if not REPORT.exists():
            abort(404)
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
        headers = {"Content-Security-Policy": policy}
        return Response(REPORT.read_bytes(), content_type="text/html; charset=utf-8", headers=headers)

    @routes.post("/learning/rollback")
    @access.only(access.ADMINISTRATOR)
    def rollback() -> AnyResponse:
        with visiting(wiring) as visit:
            t = visit.t["learning"]
        try:
            told, bad = (
                t["rolled"].format(name=wiring.shelf.roll_back(request.form.get("version", ""))),
                False,
            )
            wiring.house.forget_model()
        except UnknownVersion:
            told, bad = t["no_version"], True
        words(wiring, told, bad=bad)
        return back_to("/console/learning")


def shown(visit: Visit) -> dict[str, Any]:
    shelf = visit.wiring.shelf
    used = shelf.in_use()
    return {
        "total": rows.how_many(visit.unit),
        "corrections": corrections(visit, MOST_SHOWN),
        "versions": [
            {"name": one.name, "about": one.about, "used": one.name == used, "fits": shelf.fits(one.name)}
            for one in shelf.versions()
        ],
        "shipped": used == "shipped",
        "report": REPORT.exists(),
    }


def corrections(visit: Visit, most: int) -> list[tuple[str, str, str, str, str]]:
    """The newest corrections: when, words, what was guessed, what is right, who said so."""
    book = visit.talk.book
    return [
        (
            visit.when(row.at),
            row.text,
            book.plain_name(row.guessed, visit.lang),
            book.plain_name(row.category, visit.lang),
            row.role,
        )
        for row in rows.latest(visit.unit, most)
    ]
