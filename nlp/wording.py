"""Reads the word lists and patterns of ``nlp/data``; all Thai of the package lives there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_LETTER = r"\1"
_ESCAPED = re.compile(r"\\([^0-9A-Za-z])")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")


@cache
def table(name: str) -> dict[str, Any]:
    """The parsed file ``nlp/data/<name>.toml``; a missing file raises ``FileNotFoundError``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def words(name: str, key: str) -> tuple[str, ...]:
    """One list of words of a data file, longest first, so that an alternation prefers the longest."""
    return tuple(sorted(table(name)[key], key=len, reverse=True))


def alternation(values: Iterable[str]) -> str:
    """A non-capturing regular expression group of the given regular expressions, longest first.

    Plain words among nothing but plain words share their beginnings, which is read several times as fast.
    """
    ordered = sorted(values, key=len, reverse=True)
    spelt = [way for value in ordered for way in _spelt(value)]
    if all(map(_is_plain, spelt)):
        return f"(?:{_shared(_ESCAPED.sub(_LETTER, way) for way in spelt)})"
    return "(?:" + "|".join(ordered) + ")"


def _spelt(value: str) -> tuple[str, ...]:
    """A regular expression with and without an optional last full stop."""
    return (value[:-1], value[:-3]) if value.endswith("\\.?") else (value,)


def _is_plain(value: str) -> bool:
    """Whether a regular expression stands for one word."""
    return bool(value) and not _SPECIAL.search(_ESCAPED.sub("", value))


def _shared(words: Iterable[str]) -> str:
    """One regular expression for some words, in which those that begin alike have one beginning; longest first."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[:1], []).append(word[1:])
    whole = rests.pop("", None)
    ways = "|".join(re.escape(letter) + _shared(rest) for letter, rest in rests.items())
    if whole:
        return f"(?:{ways})?" if ways else ""
    return f"(?:{ways})" if len(rests) > 1 else ways
