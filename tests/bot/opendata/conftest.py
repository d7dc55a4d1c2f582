"""The same city as the Open311 server's, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from tests.bot.open311.kit import City


@pytest.fixture
def city(store: Store, tmp_path: Path) -> City:
    return City(store, tmp_path)
