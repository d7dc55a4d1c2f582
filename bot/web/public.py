"""Pages for everybody: the city in figures, one case, one network, privacy, and pictures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, render_template, request

from bot.media_store import SIZES
from bot.web import access, network_page
from handlers.house import NoCity
from handlers.messages.texts import say
from handlers.rules.codes import find_code
from handlers.services import showcase
from handlers.services.intake import city_time
from handlers.services.showcase import Viewer
from store.queries import photos
from store.words import RowState

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

LANGUAGES = ("th", "en")
_TEXTS = Path(__file__).with_name("texts")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_A_YEAR = "public, max-age=31536000, immutable"
_SOON = "public, max-age=30"


@cache
def texts(lang: str) -> dict[str, dict[str, str]]:
    """The pages' words by section and name."""
    with open(_TEXTS / f"{lang}.toml", "rb") as file:
        return tomllib.load(file)


def language() -> str:
    """Thai unless ``?lang=`` says otherwise."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def blueprint(wiring: Wiring) -> Blueprint:
    """All public routes."""
    routes = Blueprint(
        "public", __name__, static_folder="static", static_url_path="/static", template_folder="templates"
    )
    access.allow(routes, access.PUBLIC)
    _pages(routes, wiring)
    _pictures(routes, wiring)

    @routes.app_context_processor
    def everywhere() -> dict[str, Any]:
        return {"open_data": "opendata" in current_app.blueprints}

    @routes.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return routes


def _pages(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/")
    @access.public
    def home() -> Response:
        with _viewer(wiring) as viewer:
            networks = [
                (code, viewer.book.name(row, viewer.lang)) for code, row in viewer.book.networks.items()
            ]
            return _page(
                wiring,
                "home",
                viewer,
                figures=showcase.figures(viewer.unit, viewer.now),
                networks=networks,
            )

    @routes.get("/cases/<code>")
    @access.public
    def case(code: str) -> Response:
        with _viewer(wiring) as viewer:
            found = showcase.case_page(viewer, find_code(code) or "")
            return _page(wiring, "case", viewer, case=found) if found else abort(404)

    @routes.get("/networks/<code>")
    @access.public
    def network(code: str) -> Response:
        with _viewer(wiring) as viewer:
            found = showcase.network_page(viewer, code.upper())
            if found is None:
                abort(404)
            woven, measures = network_page.parts(viewer, found, texts(viewer.lang)["woven"])
            return _page(wiring, "network", viewer, network=found, woven=woven, measures=measures)

    @routes.get("/lessons")
    @access.public
    def lessons() -> Response:
        with _viewer(wiring) as viewer:
            asked = request.args.get("q", "")[:200]
            found = showcase.lesson_list(viewer, asked)
            return _page(wiring, "lessons", viewer, lessons=found, asked=asked)

    @routes.get("/privacy")
    @access.public
    def privacy() -> Response:
        with _viewer(wiring) as viewer:
            city = viewer.book.data.city
            contact = city.privacy_contact_en if viewer.lang == "en" else city.privacy_contact_th
            consent = say(viewer.lang, "consent.text")
            return _page(wiring, "privacy", viewer, contact=contact, consent=consent)


def _pictures(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/media/<token>/<size>.jpg")
    @access.public
    def picture(token: str, size: str) -> Response:
        if size not in SIZES:
            abort(404)
        with wiring.store.reading() as unit:
            row = photos.by_token(unit, token)
        content = wiring.files.read(token, size) if row and row.state == RowState.DONE else None
        if content is None:
            abort(404)
        return Response(content, content_type="image/jpeg", headers={"Cache-Control": _A_YEAR})


@contextmanager
def _viewer(wiring: Wiring) -> Iterator[Viewer]:
    """The city as the visitor may see it now; 503 when no city is loaded."""
    with wiring.store.reading() as unit:
        try:
            book = wiring.house.book(unit)
        except NoCity:
            abort(503)
        yield Viewer(unit, book, city_time(unit, wiring.house.clock()), language())


def _page(wiring: Wiring, name: str, viewer: Viewer, **values: Any) -> Response:
    city = viewer.book.data.city
    body = render_template(
        f"public/{name}.html",
        t=texts(viewer.lang),
        lang=viewer.lang,
        other=LANGUAGES[viewer.lang == LANGUAGES[0]],
        city=city,
        city_name=city.name_en if viewer.lang == "en" else city.name_th,
        simulator=wiring.settings.simulator,
        **values,
    )
    return Response(body, content_type="text/html; charset=utf-8", headers={"Cache-Control": _SOON})
