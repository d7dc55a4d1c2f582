"""Looking: discovery, services, requests, tokens, updates. Everybody may; a key shows its system's own requests too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from bot.web import access
from bot.web.open311 import services
from bot.web.open311.formats import answer
from bot.web.open311.server import Now, Server, jurisdiction, value
from bot.web.open311.shapes import Shapes
from handlers.rules import open311 as rules
from handlers.rules.codes import find_code
from handlers.rules.open311 import Refused, Wrong
from handlers.services import open_cases, open_reports
from handlers.services.bridge_health import scene_of
from store.issues import issues
from store.queries import open_cases as rows
from store.queries.open_cases import Wanted

CHANGED = "2026-11-21T00:00:00Z"
"""When this description of the server last changed."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_FORM = "any(json,xml):form"


def add(routes: Blueprint, server: Server) -> None:
    """All reading resources."""
    _about(routes, server)
    _requests(routes, server)
    _updates(routes, server)


def _about(routes: Blueprint, server: Server) -> None:
    @routes.get(f"/discovery.<{_FORM}>")
    @routes.get(f"/v2/discovery.<{_FORM}>")
    @access.public
    def discovery(form: str) -> Response:
        with server.reading() as now:
            return answer(form, "discovery", _discovery(server, now))

    @routes.get(f"/v2/services.<{_FORM}>")
    @access.public
    def service_list(form: str) -> Response:
        with server.reading() as now:
            return answer(form, "services", services.listing(now.book, now.lang))

    @routes.get(f"/v2/services/<code>.<{_FORM}>")
    @access.public
    def service(code: str, form: str) -> Response:
        with server.reading() as now:
            if code not in now.book.categories:
                raise Refused(Wrong(404, "service_code was not found"))
            return answer(form, "service_definition", services.definition(code, now.lang))


def _discovery(server: Server, now: Now) -> dict[str, Any]:
    city = now.book.data.city
    return {
        "changeset": CHANGED,
        "contact": f"{city.name_th} / {city.name_en}, {city.phone}, {city.email}",
        "key_service": f"{city.phone}, {city.email}",
        "jurisdiction_id": jurisdiction(now.book),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": server.address,
                "changeset": CHANGED,
                "type": "test" if server.wiring.settings.simulator else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def _requests(routes: Blueprint, server: Server) -> None:
    @routes.get(f"/v2/requests.<{_FORM}>")
    @access.public
    def requests(form: str) -> Response:
        with server.reading() as now:
            wanted = _wanted(now, server.asking(now))
            offset, size = rules.page(value("page"), value("page_size"))
            found = open_cases.newest(now.unit, wanted, size, offset=offset)
            shapes = Shapes(now, server)
            extended = value("extensions").lower() == "true"
            return answer(form, "service_requests", [shapes.request(case, extended) for case in found])

    @routes.get(f"/v2/requests/<number>.<{_FORM}>")
    @access.public
    def request_(number: str, form: str) -> Response:
        with server.reading() as now:
            found = open_cases.one(now.unit, find_code(number) or "", server.asking(now))
            if found is None:
                raise Refused(Wrong(404, "service_request_id was not found"))
            extended = value("extensions").lower() == "true"
            return answer(form, "service_requests", [Shapes(now, server).request(found, extended)])

    @routes.get(f"/v2/tokens/<token>.<{_FORM}>")
    @access.public
    def token(token: str, form: str) -> Response:
        with server.reading() as now:
            code = open_reports.of_token(scene_of(server.wiring.house, now.unit), token)
            if code is None:
                raise Refused(Wrong(404, "token was not found"))
            return answer(form, "service_requests", [{"service_request_id": code, "token": token}])


def _wanted(now: Now, key_id: int | None) -> Wanted:
    """The filters; a list of numbers stands above all others, as the standard has it."""
    named = rules.codes(value("service_request_id"))
    if named:
        return Wanted(codes=[find_code(code) or "-" for code in named], key_id=key_id)
    changed = rules.moment("updated_after", value("updated_after"))
    until = rules.moment("updated_before", value("updated_before"))
    asked_for_times = value("start_date") or value("end_date")
    if (changed or until) and not asked_for_times:
        opened_from = opened_until = None
    else:
        opened_from, opened_until = rules.window(value("start_date"), value("end_date"), now.at)
    return Wanted(
        categories=_services(now, value("service_code")),
        statuses=rules.statuses(value("status")),
        opened_from=opened_from,
        opened_until=opened_until,
        changed_from=changed,
        changed_until=until,
        key_id=key_id,
    )


def _services(now: Now, text: str) -> tuple[str, ...]:
    wanted = rules.codes(text)
    unknown = [code for code in wanted if code not in now.book.categories]
    if unknown:
        raise Refused(Wrong(404, "service_code was not found"))
    return wanted


def _updates(routes: Blueprint, server: Server) -> None:
    @routes.get(f"/v2/servicerequestupdates.<{_FORM}>")
    @access.public
    def updates(form: str) -> Response:
        with server.reading() as now:
            offset, size = rules.page(value("page"), value("page_size"))
            codes = [find_code(code) or "-" for code in rules.codes(value("service_request_id"))]
            asked_for_times = value("start_date") or value("end_date")
            times = (
                rules.window(value("start_date"), value("end_date"), now.at)
                if asked_for_times or not codes
                else (None, None)
            )
            found = rows.news(
                now.unit,
                since=times[0],
                until=times[1],
                codes=codes,
                key_id=server.asking(now),
                limit=size,
                offset=offset,
            )
            shapes, told = Shapes(now, server), issues()
            finer = value("extensions").lower() == "true"
            return answer(form, "service_request_updates", [shapes.update(row, told, finer) for row in found])
