"""Faults of the city's tables in the reader's language; what has no words there stays as the reader of tables says it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_TEXTS = Path(__file__).parents[1] / "texts"


@cache
def _known(lang: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    path = _TEXTS / f"faults_{lang}.toml"
    if not path.exists():
        return ()
    found = tomllib.loads(path.read_text("utf-8"))["fault"]
    return tuple((re.compile(one["pattern"], re.DOTALL), one["words"]) for one in found)


def reason(lang: str, said: str) -> str:
    """``said`` in that language."""
    for pattern, words in _known(lang):
        fits = pattern.fullmatch(said)
        if fits:
            return words.format(*fits.groups())
    return said
