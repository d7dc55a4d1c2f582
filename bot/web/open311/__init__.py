"""`/open311/v2`: the city as an Open311 GeoReport v2 server, read and written, XML and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from bot.web import access, errors
from bot.web.open311 import reads, writes
from bot.web.open311.formats import fault, wanted_form
from bot.web.open311.server import Server
from handlers.rules.open311 import Refused, Wrong

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

_WORDS = {
    400: "the request can't be read",
    404: "there is no such resource; each ends with .xml or .json",
    405: "this resource does not take that method",
    413: f"the request is longer than {writes.MOST_BYTES} bytes",
    503: "the service can't be reached just now; please try again",
}


def blueprint(wiring: Wiring) -> Blueprint:
    """All resources of the standard, and updates as mySociety's extension has them."""
    routes = Blueprint("open311", __name__, url_prefix="/open311")
    server = Server(wiring)
    reads.add(routes, server)
    writes.add(routes, server)
    errors.speak("/open311/", _spoken)

    @routes.before_request
    def ours() -> None:
        request.max_content_length = writes.MOST_BYTES
        server.check_jurisdiction(request.values.get("jurisdiction_id", ""))

    @routes.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return fault(wanted_form(), *error.wrongs)

    @routes.get("/<path:rest>")
    @access.public
    def unknown(rest: str) -> Response:
        abort(404)

    @routes.after_request
    def open_to_pages(response: Response) -> Response:
        if request.method == "GET":
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return routes


def _spoken(code: int) -> Response:
    return fault(
        wanted_form(), Wrong(code, _WORDS.get(code, "something went wrong here, not with the request"))
    )
