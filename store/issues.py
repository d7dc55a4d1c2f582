"""Which reports may be one problem: how far apart they may lie, and which issues are taken for each other.

Read from ``issues.toml`` beside this file, for the issues are the classifier's and the same in every city.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Issues:
    """``reach``: metres by category, private ones left out; ``confused``: categories by the name of their group.

    ``hidden`` categories and ``hidden_dangers`` (numbers to call) never leave as data; ``decimals`` of a point's degrees
    that everybody may have, and ``rounded_decimals`` (0.001 degrees are about 100 m) where the matter is private.
    """

    reach: Mapping[str, float]
    confused: Mapping[str, tuple[str, ...]]
    hidden: tuple[str, ...] = ()
    hidden_dangers: tuple[str, ...] = ()
    decimals: int = 5
    rounded_decimals: int = 3

    def public(self, category: str) -> bool:
        """Whether people may hear that others have reported such a problem."""
        return category in self.reach

    def group(self, category: str) -> str:
        """What the category is kept under in the index, together with those it is taken for."""
        return next((name for name, codes in self.confused.items() if category in codes), category)

    def akin(self, one: str, other: str) -> bool:
        """Whether two public categories are the same or taken for each other."""
        return self.public(one) and self.public(other) and self.group(one) == self.group(other)


@cache
def issues() -> Issues:
    """What the file says."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    confused = {name: tuple(codes) for name, codes in data["confused"].items()}
    reach = {code: float(metres) for code, metres in data["reach"].items()}
    told = data["open"]
    return Issues(
        reach,
        confused,
        tuple(told["hidden"]),
        tuple(told["hidden_dangers"]),
        told["decimals"],
        told["rounded_decimals"],
    )
