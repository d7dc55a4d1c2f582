"""Pages for everybody: the city in figures, cases, networks, decisions, lessons, privacy, and pictures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask_compress import Compress

from bot.media_store import SIZES
from bot.web import access, assets, case_list, decision_page, home_page, network_page
from handlers.house import NoCity
from handlers.messages.texts import say
from handlers.rules.codes import find_code
from handlers.services import city_figures, city_map, showcase
from handlers.services.intake import city_time
from handlers.services.showcase import Viewer
from store.city_data import City
from store.queries import photos
from store.words import RowState

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

LANGUAGES = ("th", "en")
_TEXTS = Path(__file__).with_name("texts")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_A_YEAR = "public, max-age=31536000, immutable"
_SOON = "public, max-age=30"
_squeeze = Compress()


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
    _city(routes, wiring)
    _pages(routes, wiring)
    _pictures(routes, wiring)
    assets.add(routes)

    @routes.app_context_processor
    def everywhere() -> dict[str, Any]:
        return {"open_data": "opendata" in current_app.blueprints}

    @routes.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if (response.mimetype or "").startswith("text/"):
            # A file is read whole, for what is streamed is not squeezed in the way that every old phone knows.
            response.direct_passthrough = False
            response.get_data()
        return _squeeze.after_request(response)

    @routes.record_once
    def prepare(state: Any) -> None:
        state.app.config.setdefault("COMPRESS_REGISTER", False)
        state.app.config.setdefault("COMPRESS_ALGORITHM", ["gzip"])
        _squeeze.init_app(state.app)

    return routes


def _city(routes: Blueprint, wiring: Wiring) -> None:
    """The first page, its map and the list of cases."""

    @routes.get("/")
    @access.public
    def home() -> Response:
        with _viewer(wiring) as viewer:
            found = home_page.build(viewer, texts(viewer.lang)["home"])
            networks = [
                (code, viewer.book.name(row, viewer.lang)) for code, row in viewer.book.networks.items()
            ]
            page = _page(wiring, "home", viewer, home=found, networks=networks)
            page.headers["Content-Security-Policy"] = policy_of_map(viewer.book.data.city)
            return page

    @routes.get("/map.json")
    @access.public
    def map_data() -> Response:
        with _viewer(wiring) as viewer:
            _, figures = city_figures.current(viewer.unit, viewer.now, viewer.book.zone)
            answer = jsonify(city_map.data(viewer, figures["cells"]))
        answer.headers["Cache-Control"] = _SOON
        return answer

    @routes.get("/cases")
    @access.public
    def cases() -> Response:
        with _viewer(wiring) as viewer:
            return _page(wiring, "cases", viewer, "cases", listing=case_list.build(viewer, request.args))

    @routes.get("/cases/<code>")
    @access.public
    def case(code: str) -> Response:
        with _viewer(wiring) as viewer:
            found = showcase.case_page(viewer, find_code(code) or "")
            return _page(wiring, "case", viewer, case=found) if found else abort(404)


def _pages(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/networks")
    @access.public
    def networks() -> Response:
        with _viewer(wiring) as viewer:
            return _page(wiring, "networks", viewer, "networks", networks=network_page.all_of(viewer))

    @routes.get("/networks/<code>")
    @access.public
    def network(code: str) -> Response:
        with _viewer(wiring) as viewer:
            found = network_page.build(viewer, code.upper(), texts(viewer.lang)["woven"])
            return _page(wiring, "network", viewer, **found) if found else abort(404)

    @routes.get("/decisions/<int:number>")
    @access.public
    def decision(number: int) -> Response:
        with _viewer(wiring) as viewer:
            found = decision_page.build(viewer, number)
            return _page(wiring, "decision", viewer, decision=found) if found else abort(404)

    @routes.get("/lessons")
    @access.public
    def lessons() -> Response:
        with _viewer(wiring) as viewer:
            asked = request.args.get("q", "")[:200]
            found = showcase.lesson_list(viewer, asked)
            return _page(wiring, "lessons", viewer, "lessons", lessons=found, asked=asked)

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


def _page(wiring: Wiring, name: str, viewer: Viewer, here: str = "", **values: Any) -> Response:
    city, lang = viewer.book.data.city, viewer.lang
    other = LANGUAGES[lang == LANGUAGES[0]]
    body = render_template(
        f"public/{name}.html",
        t=texts(lang),
        lang=lang,
        other=other,
        other_address="?" + urlencode({**request.args, "lang": other}),
        here=here,
        city=city,
        city_name=city.name_en if lang == "en" else city.name_th,
        simulator=wiring.settings.simulator,
        **values,
    )
    return Response(body, content_type="text/html; charset=utf-8", headers={"Cache-Control": _SOON})


def policy_of_map(city: City) -> str:
    """The page with the map may run its own scripts, ask for its data, and load tiles where the city chose some."""
    parts = urlsplit(city.tiles.replace("{s}", "*"))
    images = f"img-src 'self' {parts.scheme}://{parts.netloc}" if city.tiles else "img-src 'self'"
    return POLICY.replace("img-src 'self'", f"script-src 'self'; connect-src 'self'; {images}")
