"""`/hooks/traffy/<secret>`: Traffy says that something changed. A hint only; what it says is read again from Traffy."""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from bot.agencies import bridge_intake
from bot.web import access

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

MOST_BYTES = 256 * 1024


def blueprint(wiring: Wiring) -> Blueprint:
    """The hook; 404 for a wrong word or address, so that nobody can tell whether there is one."""
    routes = Blueprint("traffy", __name__)
    access.allow(routes, access.LINK)
    settings = wiring.settings

    @routes.route("/hooks/traffy/<secret>", methods=["POST", "PATCH"])
    def hint(secret: str) -> Response:
        known = settings.traffy_webhook_secret
        right = hmac.compare_digest(secret.encode(), known.encode())
        if not (settings.traffy and known and right and _allowed(settings.traffy_allow)):
            abort(404)
        request.max_content_length = MOST_BYTES
        if not bridge_intake.hint(wiring.store, request.get_data(), wiring.house.clock()):
            abort(400)
        wiring.wake()
        return Response('{"status":"success"}', content_type="application/json")

    return routes


def _allowed(networks: tuple[str, ...]) -> bool:
    """Whether the caller (as the trusted proxies tell) is on the list; an empty list lets everybody knock."""
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return False
    if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in ipaddress.ip_network(network) for network in networks)
