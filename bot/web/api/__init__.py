"""`/api/v1`: reading the city's cases, networks and figures as JSON; `/api` tells people how."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request

from bot.web import access, errors, public
from bot.web.api import asked, document, shapes
from bot.web.opendata import figures
from bot.web.opendata.fields import Writer
from bot.web.opendata.pages import rendered, viewing
from handlers.rules.codes import find_code
from handlers.services import network_show, open_cases
from handlers.services.reports import iso
from handlers.services.showcase import Viewer
from store.queries import open_cases as rows

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

_SOON = "public, max-age=30"
Read = Callable[[Viewer], Any]


def blueprint(wiring: Wiring) -> Blueprint:
    """All routes; everybody may, also from pages of other sites."""
    routes = Blueprint("api", __name__, template_folder="../templates")
    access.allow(routes, access.PUBLIC)
    errors.speak("/api/", _spoken)
    _cases(routes, wiring)
    _city(routes, wiring)
    _about(routes, wiring)

    @routes.before_request
    def known_language() -> None:
        if request.path != "/api":  # a page for people takes what it can
            asked.check_language()

    @routes.errorhandler(asked.Unfit)
    def unfit(error: asked.Unfit) -> Response:
        return _error(400, str(error))

    @routes.after_request
    def open_to_pages(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", public.POLICY)
        response.headers["Access-Control-Allow-Origin"] = "*"
        if response.status_code == 200:
            response.headers.setdefault("Cache-Control", _SOON)
        return response

    return routes


def _error(code: int, message: str) -> Response:
    told = jsonify(error=code, message=message)
    told.status_code = code
    return told


_WORDS = {
    404: "there is nothing of that name",
    405: "only GET is understood here",
    503: "not ready, try again",
}


def _spoken(code: int) -> Response:
    return _error(code, _WORDS.get(code, "something went wrong here, not with the request"))


def _cases(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/api/v1/cases")
    def cases() -> Any:
        with viewing(wiring) as viewer:
            wanted, limit = asked.wanted(viewer.book), asked.limit()
            try:
                found = open_cases.newest(viewer.unit, wanted, limit + 1, after=asked.after())
            except KeyError:
                return _error(404, "after is the code of no case")
            writer = Writer(viewer.book, wiring.house.pages, viewer.lang)
            shown = [writer.record(case) for case in found[:limit]]
            return {"cases": shown, "next": found[limit - 1].code if len(found) > limit else None}

    @routes.get("/api/v1/cases/<code>")
    def case(code: str) -> Any:
        with viewing(wiring) as viewer:
            found = open_cases.one(viewer.unit, find_code(code) or "")
            if found is None:
                abort(404)
            writer = Writer(viewer.book, wiring.house.pages, viewer.lang)
            happened = rows.news(viewer.unit, since=None, until=None, codes=[found.code], limit=500)
            photos = [shapes.photo(wiring.house.pages, role, token) for role, token in found.photos]
            return {
                **writer.record(found),
                "photos": photos,
                "history": [shapes.happened(viewer, row, found.words) for row in happened],
            }


def _city(routes: Blueprint, wiring: Wiring) -> None:
    def serve(path: str, name: str, read: Read) -> None:
        def view() -> Any:
            with viewing(wiring) as viewer:
                return read(viewer)

        routes.add_url_rule(f"/api/v1/{path}", name, view, methods=["GET"])

    serve("city", "city", shapes.city)
    serve("categories", "categories", lambda v: {"categories": shapes.categories(v)})
    serve("areas", "areas", lambda v: {"areas": shapes.areas(v)})
    serve("agencies", "agencies", lambda v: {"agencies": shapes.agencies(v)})
    serve("networks", "networks", lambda v: {"networks": shapes.networks(v)})
    counter = figures.Counter()
    serve("figures", "figures", lambda v: _counted(counter.count(v)))

    @routes.get("/api/v1/networks/<code>")
    def network(code: str) -> Any:
        with viewing(wiring) as viewer:
            found = network_show.network_page(viewer, code.upper())
            if found is None:
                abort(404)
            return shapes.network(found)


def _counted(counted: figures.Counted) -> dict[str, Any]:
    return {"at": iso(counted.at), "by_status": counted.by_status, "new_30_days": counted.new}


def _about(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/api/v1/openapi.json")
    def openapi() -> Any:
        with viewing(wiring) as viewer:
            return document.openapi(viewer.book, wiring.house.pages)

    @routes.get("/api")
    def page() -> Response:
        with viewing(wiring) as viewer:
            told = document.openapi(viewer.book, wiring.house.pages)
            body = rendered(wiring, "api", viewer, paths=told["paths"])
        return Response(body, content_type="text/html; charset=utf-8")
