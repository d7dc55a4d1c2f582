"""The address that Traffy's webhooks come to: only for who knows the word and stands on the list."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.app import create_app
from bot.bootstrap import Wiring
from bot.logs import Masked
from store.models import Inbox
from tests.installation import LINE, installed

WORD = "a-long-and-secret-word"
TRAFFY = {
    "TRAFFY_URL": "http://127.0.0.1:9",
    "TRAFFY_USER": "city",
    "TRAFFY_PASSWORD": "hidden-password",
    "TRAFFY_WEBHOOK_SECRET": WORD,
}
SAID = b'{"ticket_id": "2026-ABC123", "timestamp": "2026-11-23 10:00:00", "status": "x"}'


def at(folder: Path, **more: str) -> tuple[FlaskClient, Wiring]:
    wiring = installed(folder, **{**LINE, **TRAFFY, **more})
    return create_app(wiring).test_client(), wiring


def hints(wiring: Wiring) -> list[str]:
    with wiring.store.reading() as unit:
        return [row.kind for row in unit.session.scalars(select(Inbox))]


def test_a_hint_is_kept_once_and_answered_at_once(tmp_path: Path) -> None:
    client, wiring = at(tmp_path)
    for method in (client.post, client.post, client.patch):
        assert method(f"/hooks/traffy/{WORD}", data=SAID).status_code == 200
    assert hints(wiring) == ["hint"]


@pytest.mark.parametrize("path", ["wrong", WORD[:-1], WORD + "x", "ก"])
def test_a_wrong_word_finds_nothing(tmp_path: Path, path: str) -> None:
    client, wiring = at(tmp_path)
    assert client.post(f"/hooks/traffy/{path}", data=SAID).status_code == 404
    assert hints(wiring) == []


def test_without_a_word_or_without_traffy_there_is_no_hook(tmp_path: Path) -> None:
    client, _ = at(tmp_path, TRAFFY_WEBHOOK_SECRET="")
    assert client.post("/hooks/traffy/", data=SAID).status_code == 404
    other, _ = at(tmp_path, TRAFFY_URL="", TRAFFY_USER="", TRAFFY_PASSWORD="")
    assert other.post(f"/hooks/traffy/{WORD}", data=SAID).status_code == 404


def test_only_allowed_addresses_and_the_proxys_word_counts_only_when_trusted(tmp_path: Path) -> None:
    from_there = {"X-Forwarded-For": "203.0.113.7"}
    client, _ = at(tmp_path, TRAFFY_ALLOW="203.0.113.0/24")
    assert client.post(f"/hooks/traffy/{WORD}", data=SAID, headers=from_there).status_code == 404
    behind, _ = at(tmp_path, TRAFFY_ALLOW="203.0.113.0/24", TRUSTED_PROXIES="1")
    assert behind.post(f"/hooks/traffy/{WORD}", data=SAID, headers=from_there).status_code == 200


def test_what_is_no_hint_is_refused_and_no_secret_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, wiring = at(tmp_path)
    assert client.post(f"/hooks/traffy/{WORD}", data=b"{}").status_code == 400
    assert client.post(f"/hooks/traffy/{WORD}", data=b"x" * 300_000).status_code == 413
    assert client.get(f"/hooks/traffy/{WORD}").status_code == 405
    assert hints(wiring) == []
    assert WORD not in caplog.text and "hidden-password" not in caplog.text


@pytest.mark.parametrize(
    "line", ['"POST /hooks/traffy/%s HTTP/1.1" 200', "PATCH /hooks/traffy/%s failed", "/mail/%s"]
)
def test_the_word_is_masked_wherever_an_address_is_logged(line: str) -> None:
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, line, (WORD,), None)
    assert Masked().filter(record)
    assert WORD not in record.getMessage() and "***" in record.getMessage()
