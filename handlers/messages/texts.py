"""Every sentence the bot says, as data: ``th.toml`` and ``en.toml`` beside this file, the same keys in both."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("th", "en")


@cache
def sentences(lang: str) -> dict[str, str]:
    """All sentences of a language by dotted key."""
    path = Path(__file__).with_name(f"{lang}.toml")
    return dict(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))


def say(lang: str, key: str, **values: object) -> str:
    """The sentence ``key`` with its blanks filled. KeyError for a key or blank that does not exist."""
    return sentences(lang if lang in LANGUAGES else "th")[key].format(**values).strip()


def words(key: str) -> frozenset[str]:
    """What people may type for a command, in every language (a sentence holding words apart by ``|``)."""
    return frozenset(word for lang in LANGUAGES for word in sentences(lang)[key].split("|"))


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        found += _flat(f"{name}.", value) if isinstance(value, dict) else [(name, value)]
    return found
