"""The application as the world outside sees it: health, errors, headers, what is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.bootstrap import Wiring
from bot.config import Settings
from bot.web.simulator.events import sign as signature
from store.models import Photo
from store.queries import leases
from tests.installation import LINE, environment, installed


@pytest.fixture
def wiring(tmp_path: Path) -> Iterator[Wiring]:
    made = installed(tmp_path, **LINE)
    yield made
    made.store.close()


@pytest.fixture
def client(wiring: Wiring) -> FlaskClient:
    return create_app(wiring).test_client()


def beat(wiring: Wiring) -> None:
    with wiring.store.writing() as unit:
        leases.take(unit, "worker:test", "test", wiring.house.clock(), 10)


def test_the_service_is_ready_only_while_a_worker_shows_a_sign_of_life(
    wiring: Wiring, client: FlaskClient
) -> None:
    assert client.get("/healthz").status_code == 200
    silent = client.get("/readyz")
    assert silent.status_code == 503
    assert silent.json and silent.json["checks"] == {
        "database": True,
        "schema": True,
        "city": True,
        "worker": False,
    }
    beat(wiring)
    assert client.get("/readyz").status_code == 200


def test_without_a_schema_the_service_lives_but_is_not_ready(tmp_path: Path) -> None:
    client = create_app(Wiring(Settings.read(environment(tmp_path, **LINE)))).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    body = b'{"events":[{"webhookEventId":"x","type":"follow"}]}'
    signed = {"x-line-signature": signature(LINE["LINE_CHANNEL_SECRET"], body)}
    assert client.post("/line/webhook", data=body, headers=signed).status_code == 503


def test_without_a_city_the_pages_say_that_they_are_not_ready(tmp_path: Path) -> None:
    client = create_app(installed(tmp_path, city=False, **LINE)).test_client()
    answer = client.get("/?lang=en")
    assert answer.status_code == 503 and "Not ready yet" in answer.text


def test_the_numbers_are_prometheus_text(wiring: Wiring, client: FlaskClient) -> None:
    beat(wiring)
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert "saan_workers 1" in lines
    for line in lines:
        name, value = line.rsplit(" ", 1)
        assert name.startswith("saan_") and float(value) >= 0


def test_events_are_taken_through_the_whole_application(wiring: Wiring, client: FlaskClient) -> None:
    body = json.dumps({"destination": "U" + "0" * 32, "events": []}).encode()
    signed = {"x-line-signature": signature(LINE["LINE_CHANNEL_SECRET"], body)}
    assert client.post("/line/webhook", data=body, headers=signed).status_code == 200
    assert client.post("/line/webhook", data=body).status_code == 401


@pytest.mark.parametrize(
    "path", ["/simulator", "/simulator/api/start", "/v2/bot/info", "/simulator/static/app.js"]
)
def test_the_simulator_is_not_there_when_a_channel_is_configured(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_in_simulator_mode_the_phones_are_there_with_codes_that_survive_a_restart(tmp_path: Path) -> None:
    def hints() -> dict[str, str]:
        client = create_app(installed(tmp_path)).test_client()
        assert client.get("/simulator").status_code == 200
        start = client.get("/simulator/api/start").json
        assert start is not None
        return {person["role_label_en"]: person["hint"] for person in start["people"]}

    first = hints()
    assert len(first) == 6 and sum(bool(hint) for hint in first.values()) == 4
    assert hints() == first


@pytest.mark.parametrize("path", ["/", "/privacy", "/nothing", "/healthz", "/metrics"])
def test_every_answer_is_hardened(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "unsafe" not in headers.get("Content-Security-Policy", "")


def test_errors_show_a_page_and_nothing_of_the_inside(client: FlaskClient) -> None:
    missing = client.get("/nothing?lang=en")
    assert missing.status_code == 404 and "no such page" in missing.text
    wrong = client.post("/privacy")
    assert wrong.status_code == 405 and "GET" in wrong.headers["Allow"]


def test_a_picture_is_served_small_and_full_and_never_as_it_came(wiring: Wiring, client: FlaskClient) -> None:
    from bot.web.simulator.pictures import draw

    token = "abcdefgh12345678"
    wiring.files.keep(token, draw("hole", 0))
    with wiring.store.writing() as unit:
        unit.add(Photo(message_id="1", token=token, state="done", created_at=wiring.clockwork.city_now()))
    for size in ("full", "small"):
        answer = client.get(f"/media/{token}/{size}.jpg")
        assert answer.status_code == 200 and answer.content_type == "image/jpeg"
        assert "immutable" in answer.headers["Cache-Control"]
    for path in (f"/media/{token}/original.jpg", "/media/unknown0/full.jpg", "/media/../saan.db/full.jpg"):
        assert client.get(path).status_code == 404
    with wiring.store.writing() as unit:
        unit.session.query(Photo).update({"state": "removed"})
    assert client.get(f"/media/{token}/small.jpg").status_code == 404


def test_proxies_are_believed_only_when_told_how_many_there_are(tmp_path: Path) -> None:
    from flask import request

    def seen(folder: Path, **more: str) -> str | None:
        app = create_app(installed(folder, **LINE, **more))
        found: list[str | None] = []
        app.before_request(lambda: found.append(request.remote_addr))
        app.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.9"})
        return found[0]

    assert seen(tmp_path / "bare") == "127.0.0.1"
    assert seen(tmp_path / "proxied", TRUSTED_PROXIES="1") == "203.0.113.9"
