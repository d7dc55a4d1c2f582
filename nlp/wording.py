"""Reads the word lists and patterns of ``nlp/data``; all Thai of the package lives there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """The parsed file ``nlp/data/<name>.toml``; a missing file raises ``FileNotFoundError``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def words(name: str, key: str) -> tuple[str, ...]:
    """One list of words of a data file, longest first, so that an alternation prefers the longest."""
    return tuple(sorted(table(name)[key], key=len, reverse=True))


def alternation(values: Iterable[str]) -> str:
    """A non-capturing regular expression group of the given regular expressions, longest first."""
    return "(?:" + "|".join(sorted(values, key=len, reverse=True)) + ")"
