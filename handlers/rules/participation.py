"""How much members decide: the five levels of the IAP2 spectrum, and what each promises. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

LEVELS = ("inform", "consult", "involve", "collaborate", "empower")
"""We tell you · we ask you · we work on it with you · we decide with you · we do what you decide."""
_OF_ACTIVITY = {
    "forum": "consult",
    "council": "collaborate",
    "cleanup": "empower",
    "planting": "empower",
    "training": "inform",
    "other": "involve",
}
"""An activity's level by its kind: where people only listen, are heard, decide, or do it themselves."""
LEAST_OF_A_POLL = "collaborate"
"""A joint decision is at least decided together, whatever the network usually does."""


def of_activity(kind: str) -> str:
    return _OF_ACTIVITY.get(kind, "involve")


def of_poll(network_level: str) -> str:
    """A network that does what its members decide promises that; every other decides with them."""
    return max(LEAST_OF_A_POLL, network_level, key=_rank)


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def promise(level: str, lang: str, say: Callable[..., str]) -> str:
    """What the bot promises at that level."""
    return say(lang, f"level.{level if level in LEVELS else LEVELS[0]}")


def promised(level: str, lang: str, say: Callable[..., str]) -> str:
    """The same promise as those hear it who have to keep it: representatives, with their digest and their tasks."""
    return say(lang, f"level.members_{level if level in LEVELS else LEVELS[0]}")


def shares(levels: Iterable[str]) -> dict[str, float]:
    """The share of each level among so many things done, each 0 to 1; empty when nothing was done."""
    counted = Counter(level for level in levels if level in LEVELS)
    total = sum(counted.values())
    return {level: counted[level] / total for level in LEVELS} if total else {}
