"""Every sentence the bot says, as data: ``th.toml`` and ``en.toml`` beside this file, the same keys in both.

A city may say some of them in its own words: ``speak`` takes them up for everything the running thread or request says
from then on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("th", "en")

OwnWords = Mapping[str, Mapping[str, str]]
"""A city's own sentences by language and key."""

_own: ContextVar[OwnWords] = ContextVar("own_words")
_NONE: OwnWords = {}


@cache
def sentences(lang: str) -> dict[str, str]:
    """All sentences of a language by dotted key, as the program brings them."""
    path = Path(__file__).with_name(f"{lang}.toml")
    return dict(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))


def speak(own: OwnWords) -> None:
    """From now on these sentences stand in for the program's."""
    _own.set(own)


def say(lang: str, key: str, **values: object) -> str:
    """The sentence ``key`` with its blanks filled. KeyError for a key or blank that does not exist."""
    lang = lang if lang in LANGUAGES else "th"
    own = _own.get(_NONE).get(lang)
    words = own.get(key) if own else None
    return (words or sentences(lang)[key]).format(**values).strip()


def words(key: str) -> frozenset[str]:
    """What people may type for a command, in every language (a sentence holding words apart by ``|``)."""
    return frozenset(word for lang in LANGUAGES for word in sentences(lang)[key].split("|"))


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        found += _flat(f"{name}.", value) if isinstance(value, dict) else [(name, value)]
    return found
