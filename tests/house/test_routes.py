"""House law: every route says who may call it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from bot.app import create_app
from bot.web import access
from tests.installation import LINE, installed


@pytest.fixture(params=["channel", "simulator"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    return create_app(installed(tmp_path, **(LINE if request.param == "channel" else {})))


def test_every_route_declares_its_role(app: Flask) -> None:
    silent = [str(rule) for rule in app.url_map.iter_rules() if access.role_of(app, rule.endpoint) is None]
    assert silent == []


def test_every_declared_role_is_a_known_one(app: Flask) -> None:
    assert {access.role_of(app, rule.endpoint) for rule in app.url_map.iter_rules()} <= set(access.ROLES)


def test_public_routes_only_read(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if access.role_of(app, rule.endpoint) == access.PUBLIC:
            assert rule.methods is not None and rule.methods <= {"GET", "HEAD", "OPTIONS"}


def test_a_route_without_a_role_is_not_served(tmp_path: Path) -> None:
    app = create_app(installed(tmp_path, **LINE))
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 404


NOBODY_IS_WRONG = {access.PUBLIC, access.OPERATOR}
"""Roles that everybody has: pages of masked data, and numbers about the service."""
REFUSED = {
    access.SIMULATOR: {404},
    access.LINK: {404, 410},
    **{role: {303} for role in access.CONSOLE},
}
"""What a stranger is answered: on a real channel there is no simulator, a made-up link is nobody's, and the console
leads to its door. Other systems' keys are tried where their forms are known, in the tests of Open311."""


def test_a_stranger_is_refused_everywhere_but_on_public_pages(tmp_path: Path) -> None:
    """All routes with their roles, each tried by somebody who has none."""
    listed = create_app(installed(tmp_path / "simulator"))
    stranger = create_app(installed(tmp_path / "channel", **LINE)).test_client()
    let_in, tried = [], set()
    for rule in listed.url_map.iter_rules():
        role = access.role_of(listed, rule.endpoint)
        assert role in {*NOBODY_IS_WRONG, *REFUSED, access.KEY}, rule.rule
        if role in NOBODY_IS_WRONG or role == access.KEY:
            continue
        tried.add(role)
        path = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            code = stranger.open(path, method=method).status_code
            if code not in REFUSED[role]:
                let_in.append(f"{method} {rule.rule} ({role}) answered {code}")
    assert let_in == [] and tried == set(REFUSED)
