"""The whole story on a running installation, as a newcomer plays it; stopping and starting keeps everything."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.rules.calendar import BANGKOK
from tests.story import player
from tests.story.player import CITIZEN, REPRESENTATIVE, Player

pytestmark = pytest.mark.slow

START_S = 240  # the first start trains the classifier; on a busy machine that takes its time


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """A Saan of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("LINE_", "SAAN_", "DATABASE_"))}
        self.env = clean | {
            "SAAN_DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/saan.db",
            "PORT": str(self.port),
        }

    def saan(self, *words: str) -> str:
        command = [sys.executable, "-m", "bot.cli", *words]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, check=True, timeout=120
        ).stdout

    @contextmanager
    def running(self) -> Iterator[Player]:
        process = subprocess.Popen([sys.executable, "-m", "bot.cli", "run"], env=self.env)
        try:
            self._wait(process)
            yield Player(self.base)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            assert process.poll() is None, "saan run ended by itself"
            try:
                with urllib.request.urlopen(f"{self.base}/readyz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        raise AssertionError("saan run never got ready")


def test_the_story_plays_in_the_simulator_and_survives_a_restart(tmp_path: Path) -> None:
    here = Installation(tmp_path)
    here.saan("migrate")
    here.saan("seed", "--if-none")
    with here.running() as play:
        player.begin(play)
        code = player.report(play)
        player.solve(play)
    with here.running() as play:
        player.rate(play)
        entry = play.expect(CITIZEN, "เรียบร้อยแล้วหรือยังคะ")
        picture = play.picture(entry["messages"][0]["contents"]["hero"]["contents"][0]["url"])
        assert picture.startswith(b"\xff\xd8") and b"Exif" not in picture[:64]
        tomorrow = (datetime.now(BANGKOK) + timedelta(days=1)).replace(hour=9, minute=0)
        assert json.loads(here.saan("tick", "--at", tomorrow.isoformat()))["digests"] == 1
        play.expect(REPRESENTATIVE, "สรุป")
    case = json.loads(here.saan("case", code, "--json"))
    assert (case["status"], case["rating"], case["lead"]) == ("closed", 5, "WORKS")
    kinds = [row["kind"] for row in case["history"]]
    assert kinds == ["reported", "offered", "accepted", "done", "closed", "rated"]
    assert json.loads(here.saan("quota", "--json"))["pushes_per_closed_case"] <= 2
