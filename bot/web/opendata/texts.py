"""The words of the open data: of its pages, of its feeds, of every field."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("texts")


@cache
def texts(lang: str) -> dict[str, Any]:
    """Words by section and name."""
    return tomllib.loads((_FOLDER / f"{lang}.toml").read_text("utf-8"))
