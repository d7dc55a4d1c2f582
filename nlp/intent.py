"""Settles what the writer wants: the learnt probabilities, and the few signs that leave no doubt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from nlp.wording import table

REPORT, QUESTION, SUGGESTION, PRAISE, STATUS, NONE = (
    "report",
    "question",
    "suggestion",
    "praise",
    "status",
    "none",
)
INTENTS = (REPORT, QUESTION, SUGGESTION, PRAISE, STATUS, NONE)
CERTAIN = 0.9
"""Probability of "nothing" when a message holds nothing but a place."""
LEAST = 0.3
"""Below this probability a message is taken for a report."""

SHORT = 80
"""Letters; a longer message tells of more than the progress it asks about."""


@cache
def _signs(key: str) -> tuple[str, ...]:
    return tuple(table("intent")[key])


def _ending(text: str) -> str:
    """The text without its last polite particles."""
    cut = text.rstrip()
    particles = _signs("particles")
    while cut.endswith(particles):
        shorter = next(cut[: -len(one)].rstrip() for one in particles if cut.endswith(one))
        if not shorter:
            break
        cut = shorter
    return cut


def _sign(lower: str, best: str) -> str | None:
    if lower.startswith(_signs("suggestion_opens")):
        return SUGGESTION
    if lower.startswith(_signs("question_opens")):
        return QUESTION
    if len(lower) <= SHORT and any(word in lower for word in _signs("status")):
        return STATUS
    if best in (QUESTION, SUGGESTION) and any(word in lower for word in _signs("requests")):
        return REPORT
    if not _ending(lower).endswith(_signs("question_ends")):
        return None
    deed = any(word in lower for word in _signs("deeds"))
    if not deed and best in (REPORT, SUGGESTION):
        return QUESTION
    return REPORT if deed and best == QUESTION else None


def settle(text: str, chances: Mapping[str, float], says_nothing: bool, sure: float) -> tuple[str, float]:
    """The intent of a normalised text and its probability.

    ``chances`` are the learnt probabilities, best first. ``says_nothing`` is true when nothing is said besides a
    place. A message is taken for the status of an earlier report or for praise only with a probability of ``sure``,
    because a report that is not taken up costs more than a report too many.
    """
    if says_nothing:
        return NONE, max(CERTAIN, chances.get(NONE, 0.0))
    lower = text.lower()
    ranked = iter(chances)
    best = next(ranked, REPORT)
    if best == PRAISE and not any(word in lower for word in _signs("praise")):
        best = next(ranked, REPORT)
    sign = _sign(lower, best)
    if sign:
        return sign, max(chances.get(sign, 0.0), 0.5)
    doubtful = chances.get(best, 0.0) < (sure if best in (STATUS, PRAISE) else LEAST)
    if doubtful and REPORT in chances:
        return REPORT, chances[REPORT]
    return best, chances.get(best, 0.0)
