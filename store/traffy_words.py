"""Traffy Fondue's words for kinds and states in ours; a table in ``traffy.toml`` that a city may add to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class TraffyWords:
    """``types``: kind → category, empty where the word says nothing of the matter. ``states``: state → ours.
    ``names``: category → kind, "other" for what has none. ``tells``: what happened here → state to set there."""

    types: dict[str, str]
    states: dict[str, str]
    names: dict[str, str]
    tells: dict[str, str]


@cache
def traffy_words() -> TraffyWords:
    found = tomllib.loads(Path(__file__).with_name("traffy.toml").read_text("utf-8"))
    return TraffyWords(found["types"], found["states"], found["names"], found["tells"])
