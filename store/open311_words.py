"""The words of Open311 servers for the state of a request, in ours; a table in ``open311.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def open311_states() -> dict[str, str]:
    """Their word in small letters → ours: waiting, in_progress, done, rejected or forwarded."""
    found = tomllib.loads(Path(__file__).with_name("open311.toml").read_text("utf-8"))
    return dict(found["states"])
