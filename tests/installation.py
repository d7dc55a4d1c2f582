"""A whole installation in a test's folder: settings, migrated database, demo city, classifier."""

from __future__ import annotations

import os
from pathlib import Path

from bot.bootstrap import Wiring
from bot.config import Settings
from handlers.services.seed import load_city
from store.city_folder import read_city
from store.schema import migrate
from tests.town import DEMO_CITY, model

LINE = {"LINE_CHANNEL_SECRET": "s" * 32, "LINE_CHANNEL_ACCESS_TOKEN": "a-token", "SECRET_KEY": "k" * 32}
"""A real channel; without these the simulator stands in."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Variables of an installation in ``folder`` and of nothing else."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = {
        "SAAN_DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/saan.db",
        "LOG_LEVEL": "WARNING",
        "PORT": "8099",
    }
    return {**kept, **own, **more}


def installed(folder: Path, *, city: bool = True, **more: str) -> Wiring:
    """Migrated, with the classifier at hand, and with the demo city unless told."""
    model()  # trained beside the program, where every installation finds it
    wiring = Wiring(Settings.read(environment(folder, **more)))
    migrate(wiring.settings.database_url)
    if city:
        with wiring.store.writing() as unit:
            load_city(unit, read_city(DEMO_CITY))
    return wiring
