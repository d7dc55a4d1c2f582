"""The page in a real browser: it draws every kind of message, asks nobody else, and raises no error."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.web.simulator import page, server, site
from tests.bot.line.sends import GOOD
from tests.bot.simulator.kit import MALI, SECRET, TOKEN

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(_CHROMIUM is None, reason="no chromium on this machine")]


def _dump(address: str, profile: Path) -> tuple[str, str]:
    """The page's elements after four seconds of its own time, and what the browser logged."""
    hosts = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    command = [
        str(_CHROMIUM),
        *_FLAGS.split(),
        hosts,
        f"--user-data-dir={profile}",
        "--enable-logging=stderr",
    ]
    command += ["--virtual-time-budget=4000", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, done.stderr


@pytest.fixture
def drawn(tmp_path: Path) -> tuple[str, str]:
    sim = server.LineSimulator(SECRET, TOKEN)
    app = Flask("test")
    # The browser's time stands still while a request is open, so no request may be held open.
    settings = page.PageSettings([{"id": MALI, "name": "มะลิ"}], base_host="example.org", waiters=0)
    app.register_blueprint(site.blueprint(sim, lambda body, headers: 200, settings))
    sim.say(MALI, "<b>ไฟดับ</b>")
    for messages in GOOD.values():
        body: Any = {"to": MALI, "messages": messages}
        assert sim.outgoing.push(body, None).status == 200
    web = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        return _dump(f"http://127.0.0.1:{web.server_port}/simulator", tmp_path)
    finally:
        web.shutdown()


def test_every_kind_of_message_is_drawn_without_an_error(drawn: tuple[str, str]) -> None:
    html, log = drawn
    assert not re.search(r"Uncaught|Content Security Policy|TypeError|ReferenceError", log), log
    for mark in (
        "flex-bubble",
        "flex-button primary",
        "card-action",
        "image-column",
        "place-words",
        "big-sticker",
        "photo",
    ):
        assert mark in html, mark
    assert html.count('class="entry theirs"') == len(GOOD)
    assert "&lt;b&gt;ไฟดับ&lt;/b&gt;" in html
