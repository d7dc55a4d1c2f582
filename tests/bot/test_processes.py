"""The service as separate processes: two webs, two workers and two clocks on one PostgreSQL, each thing once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.web.simulator.poster import http_poster
from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from tests.bot.line.serving import closed_port, served
from tests.installation import LINE, environment
from tests.pipes import MALI, SOMCHAI

pytestmark = pytest.mark.slow

START_S = 90.0


def until(found: Callable[[], Any], seconds: float = START_S) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.2)
    raise AssertionError("it never happened")


@contextmanager
def running(env: dict[str, str], *words: str) -> Iterator[None]:
    """One process of the service; it must end well when told to."""
    process = subprocess.Popen([sys.executable, "-m", "bot.cli", *words], env=env)
    try:
        yield
        assert process.poll() is None, f"saan {words} ended by itself"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ready")
    except (urllib.error.URLError, OSError):
        return False


def test_several_processes_share_the_work_and_do_nothing_twice(
    tmp_path: Path, new_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sim = LineSimulator(LINE["LINE_CHANNEL_SECRET"], LINE["LINE_CHANNEL_ACCESS_TOKEN"])
    with served(create_line_app(sim)) as line, ExitStack() as processes:
        port = closed_port()
        more = {"PORT": str(port), "LINE_API_HOST": line, "LINE_DATA_API_HOST": line, "WEB_CONCURRENCY": "2"}
        env = environment(tmp_path, **LINE, **more, DATABASE_URL=new_database("postgresql"))
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        assert main(["migrate"]) == 0 and main(["seed"]) == 0
        for words in (["web"], ["worker"], ["worker"], ["clock"], ["clock"]):
            processes.enter_context(running(env, *words))
        until(lambda: ready(f"http://127.0.0.1:{port}"))
        sim.post_to(http_poster(f"http://127.0.0.1:{port}/line/webhook"))
        for _ in range(10):
            for person in (MALI, SOMCHAI):
                sim.redeliver(sim.say(person, "สวัสดีค่ะ"))
        until(lambda: len(sim.sent) >= 20, 30.0)
        time.sleep(1.0)
        assert len(sim.sent) == 20 and {send["how"] for send in sim.sent} == {"reply"}
