"""The play of the demo city: the same seed tells the same story."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo.play import Measure, Play
from bot.demo.summary import summary
from tests.installation import installed

pytestmark = pytest.mark.slow
END = datetime(2026, 11, 20, tzinfo=UTC)


def played(folder: Path, seed: int) -> dict[str, Any]:
    folder.mkdir()
    wiring = installed(folder)
    sends = Play(wiring, Measure(days=3, citizens=12, reports=60.0), seed, END.timestamp()).run()
    return {"sends": dict(sends), **summary(wiring, END)}


def test_the_same_seed_plays_the_same_days(tmp_path: Path) -> None:
    first = played(tmp_path / "a", 7)
    assert first == played(tmp_path / "b", 7)
    assert sum(first["cases"].values()) > 2 and first["happened"]["accepted"] > 0
    assert len(first["networks"]) == 8
