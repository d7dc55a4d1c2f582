"""Sending: requests and updates from other systems, each with its key."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, request

from bot.agencies.wire import WireFault
from bot.agencies.wire import picture as fetch
from bot.web import access
from bot.web.limits import Limit
from bot.web.open311 import services
from bot.web.open311.formats import answer, fault
from bot.web.open311.server import Server, clean
from bot.web.opendata.texts import texts
from bot.web.public import language
from handlers.rules import open311 as rules
from handlers.rules.open311 import Refused, Wrong
from handlers.services import api_keys, open_reports
from handlers.services.bridge_health import scene_of
from store.models import ApiKey

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
PER_MINUTE, AT_ONCE = 120, 120
"""Requests and updates of one key, in each web process."""
_FORM = "any(json,xml):form"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,60})\](\[\])?")


def add(routes: Blueprint, server: Server) -> None:
    """Both resources that take something."""
    limit = Limit(PER_MINUTE, AT_ONCE)

    @routes.post(f"/v2/requests.<{_FORM}>")
    @access.key
    def new(form: str) -> Response:
        fields = _fields()
        key = _key(server, fields)
        waits = limit.take(str(key.id))
        return _busy(form, waits) if waits else _new(server, key, fields, form)

    @routes.post(f"/v2/servicerequestupdates.<{_FORM}>")
    @access.key
    def update(form: str) -> Response:
        fields = _fields()
        key = _key(server, fields)
        waits = limit.take(str(key.id))
        return _busy(form, waits) if waits else _update(server, key, fields, form)


def _fields() -> Mapping[str, str]:
    """The form, in either encoding that forms have."""
    if request.mimetype not in _FORMS:
        raise Refused(Wrong(400, "send the fields as application/x-www-form-urlencoded"))
    return {name: clean(name, text) for name, text in request.form.items()}


def _key(server: Server, fields: Mapping[str, str]) -> ApiKey:
    with server.reading() as now:
        found = api_keys.find(now.unit, fields.get("api_key", ""))
    if found is None:
        missing = not fields.get("api_key")
        raise Refused(Wrong(403, "api_key was not provided" if missing else "api_key is not valid"))
    return found


def _busy(form: str, waits: float) -> Response:
    told = fault(form, Wrong(429, f"at most {PER_MINUTE} requests a minute; please try again later"))
    told.headers["Retry-After"] = str(int(waits) + 1)
    return told


def _new(server: Server, key: ApiKey, fields: Mapping[str, str], form: str) -> Response:
    service = fields.get("service_code", "")
    if not service:
        raise Refused(Wrong(400, "service_code was not provided"))
    with server.reading() as now:
        if service not in now.book.categories:
            raise Refused(Wrong(404, "service_code was not found"))
    given = _attributes()
    said = services.said(service, given)
    sent = rules.read_sent(fields, given)
    house, lang = server.wiring.house, language()
    with server.wiring.store.reading() as unit:
        taken = open_reports.repeated(scene_of(house, unit), key, sent)
    if taken is None:
        picture, lost = _picture(server, sent.media_url)
        with server.wiring.store.writing() as unit:
            taken = open_reports.open_request(scene_of(house, unit), key, sent, (*said, *lost), picture)
        server.wiring.wake()
    made = {"token": taken.token} if key.by_token else {"service_request_id": taken.code}
    notice = texts(lang)["open311"]["notice"].format(lead=taken.lead, code=taken.code)
    row = {**made, "service_notice": notice, "account_id": sent.account_id or None}
    return answer(form, "service_requests", [row], 201 if taken.fresh else 200)


def _attributes() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, values in request.form.lists():
        shape = _ATTRIBUTE.fullmatch(name)
        if shape:
            found[shape[1]] = (*found.get(shape[1], ()), *(clean(name, value) for value in values))
    return found


def _picture(server: Server, url: str) -> tuple[str, tuple[str, ...]]:
    """(token of the picture that lies there, nothing) or, where there is none to be had, its address as a line."""
    if not url:
        return "", ()
    token = secrets.token_urlsafe(24)
    try:
        server.wiring.files.keep(token, fetch(url, server.wiring.settings.webhook_private))
    except (WireFault, ValueError) as error:
        log.info("a picture that was sent with a request could not be fetched: %s", error)
        return "", (url,)
    return token, ()


def _update(server: Server, key: ApiKey, fields: Mapping[str, str], form: str) -> Response:
    update = rules.read_update(fields)
    picture, _ = _picture(server, update.media_url)
    with server.wiring.store.writing() as unit:
        number = open_reports.add_update(scene_of(server.wiring.house, unit), key, update, picture)
    server.wiring.wake()
    row = {"update_id": str(number), "service_request_id": update.code, "account_id": None}
    return answer(form, "service_request_updates", [row])
