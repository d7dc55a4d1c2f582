"""Reads the word lists and patterns of ``nlp/data``; all Thai of the package lives there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from itertools import repeat
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
    """A non-capturing regular expression group of the given regular expressions, longest first.

    Plain words among nothing but plain words share their beginnings, which is read several times as fast.
    """
    ordered = sorted(values, key=len, reverse=True)
    spelt = [way for value in ordered for way in _spelt(value)]
    plain = [_ESCAPED.sub(r"\1", value) for value in spelt]
    if any(map(_SPECIAL.search, map(_ESCAPED.sub, repeat(""), spelt))) or not all(plain):
        return "(?:" + "|".join(ordered) + ")"
    return f"(?:{_shared(plain)})"


_ESCAPED = re.compile(r"\\([^0-9A-Za-z])")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")


def _spelt(value: str) -> tuple[str, ...]:
    """With and without an optional last full stop."""
    return (value[:-1], value[:-3]) if value.endswith("\\.?") else (value,)


def _shared(plain: Iterable[str]) -> str:
    """One regular expression for some plain words, in which words that begin alike have one beginning."""
    rests: dict[str, list[str]] = {}
    for word in plain:
        rests.setdefault(word[:1], []).append(word[1:])
    ends = rests.pop("", None)
    if not rests:
        return ""
    ways = "|".join(re.escape(letter) + _shared(rest) for letter, rest in rests.items())
    if ends:
        return f"(?:{ways})?"
    return f"(?:{ways})" if len(rests) > 1 else ways
