"""Tells whether somebody is in danger now, and which number to call: words of danger, with care for denial.

Fear of a fire, a fire drill and last year's fire are no fire: the words around a danger decide.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from nlp.finder import Finder, Hit
from nlp.intent import PRAISE, QUESTION, SUGGESTION
from nlp.wording import table
from nlp.words import edges


class Care(NamedTuple):
    """``emergency`` is the number to call for a danger to life now; ``danger`` is true for that and lesser ones."""

    emergency: str | None
    danger: bool


_CALM = Care(None, False)


@cache
def _dangers() -> Finder[str]:
    """Phrases of danger with the number to call, "" for those without one."""
    data = table("urgency")
    calls = [(phrase, number) for number, group in data["numbers"].items() for phrase in group]
    return Finder([*calls, *((phrase, "") for phrase in data["danger"]["phrases"])])


def _any(words: list[str], text: str) -> bool:
    return any(word in text for word in words)


def care(text: str, intent: str) -> Care:
    """How much care a normalised text with that intent needs.

    The numbers come in the order of the data file: fire and rescue, ambulance, police.
    """
    lower = text.lower()
    hits = _dangers().find(lower, edges(text))
    if not hits or intent in (PRAISE, SUGGESTION):
        return _CALM
    words = table("urgency")["care"]
    now = _any(words["now"], lower)
    if not now and (intent == QUESTION or _any(words["over"], lower)):
        return _CALM
    told = now or len(lower) <= int(words["short"])
    numbers = {hit.value for hit in hits if hit.value and told and _happens(lower, hit, words)}
    first = next((number for number in table("urgency")["numbers"] if number in numbers), None)
    return Care(first, first is not None or any(not hit.value for hit in hits))


def _happens(lower: str, hit: Hit[str], words: dict[str, Any]) -> bool:
    """True when a danger is neither feared nor supposed, and somebody is in it where things can be as well."""
    if _any(words["hedges"], lower[max(0, hit.start - int(words["reach"])) : hit.start]):
        return False
    if lower[hit.end :].lstrip().startswith(tuple(words["supposed"])):
        return False
    return lower[hit.start : hit.end] not in words["needs_person"] or _any(words["people"], lower)
