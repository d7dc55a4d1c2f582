"""A training that is killed in the middle leaves the classifier in use as it was; the next one works."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.model_shelf import SHIPPED
from tests.installation import environment, installed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("after_s", [0.5, 4.0, 9.0])
def test_a_killed_training_changes_nothing_and_the_next_one_works(tmp_path: Path, after_s: float) -> None:
    wiring = installed(tmp_path)
    command = [sys.executable, "-m", "bot.cli", "train", "--nightly"]
    process = subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.DEVNULL)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert wiring.shelf.in_use() == SHIPPED and wiring.shelf.versions() == []
    assert wiring.shelf.load().heads
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("promoted as ") and wiring.shelf.in_use() != SHIPPED
    wiring.store.close()


def test_a_version_that_was_rolled_back_is_not_promoted_again_by_the_same_rows(tmp_path: Path) -> None:
    wiring = installed(tmp_path)
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"text": "ไฟทางดับหน้าบ้านป้าหน่อย มืดมาก", "category": "street_light"}))

    def saan(*words: str) -> str:
        command = [sys.executable, "-m", "bot.cli", *words]
        return subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, check=True
        ).stdout

    assert saan("train", "--add", str(rows)).startswith("promoted as ")
    assert "learnt from the same rows" in saan("train")
    assert saan("model", "rollback") == "in use: shipped\n"
    assert "rolled back" in saan("train", "--add", str(rows))
    assert wiring.shelf.in_use() == SHIPPED
    wiring.store.close()
