"""Who may call a route: every route declares one role, and what declares none is not served."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, request

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, OPERATOR, SIMULATOR, LINK = "public", "operator", "simulator", "link"
KEY = "key"
SIGNED_IN, OFFICIAL, REPRESENTATIVE, ADMINISTRATOR = (
    "signed_in",
    "official",
    "representative",
    "administrator",
)
CONSOLE = (SIGNED_IN, OFFICIAL, REPRESENTATIVE, ADMINISTRATOR)
ROLES = (PUBLIC, OPERATOR, SIMULATOR, LINK, KEY, *CONSOLE)
"""Everybody · whoever watches over the service (numbers only) · simulator mode only · whoever holds a secret link ·
another system with a key of its own · anybody at the console, whatever her role · people of agencies · of networks ·
administrators."""
_MARK = "saan_role"


def public(view: View) -> View:
    """Everybody may see it; it shows masked data only."""
    return _mark(view, PUBLIC)


def operator(view: View) -> View:
    """For watching over the service: states and numbers, nothing about persons."""
    return _mark(view, OPERATOR)


def key(view: View) -> View:
    """For other systems: the view itself asks for a key."""
    return _mark(view, KEY)


def only(role: str) -> Callable[[View], View]:
    """For people of that role only."""
    return lambda view: _mark(view, role)


def allow(routes: Blueprint, role: str) -> Blueprint:
    """Declare one role for everything under a blueprint."""
    setattr(routes, _MARK, role)
    return routes


def role_of(app: Flask, endpoint: str) -> str | None:
    """The role that a route declares, itself or through a blueprint around it; None when it declares none."""
    own = getattr(app.view_functions.get(endpoint), _MARK, None)
    if own is not None:
        return str(own)
    parts = endpoint.split(".")[:-1]
    for depth in range(len(parts), 0, -1):
        routes = app.blueprints.get(".".join(parts[:depth]))
        role = getattr(routes, _MARK, None)
        if role is not None:
            return str(role)
    return None


def guard(app: Flask) -> None:
    """Answer 404 to a route without a role, so that a forgotten one shows nothing."""

    @app.before_request
    def declared() -> None:
        if request.endpoint is not None and role_of(current_app, request.endpoint) is None:
            log.error("the route %s declares no role", request.endpoint)
            abort(404)


def _mark(view: View, role: str) -> View:
    setattr(view, _MARK, role)
    return view
