"""Tells whether somebody is in danger now, and which number to call: words of danger, with care for denial.

Fear of a fire, a fire drill and last year's fire are no fire: the words around a danger decide.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from nlp.finder import Finder, Hit
from nlp.intent import PRAISE, QUESTION, SUGGESTION
from nlp.wording import alternation, table
from nlp.words import edges


class Care(NamedTuple):
    """``emergency`` is the number to call for a danger to life now; ``danger`` is true for that and lesser ones.

    ``hotlines``: further numbers that fit, such as one where somebody listens.
    """

    emergency: str | None
    danger: bool
    hotlines: tuple[str, ...] = ()


_CALM = Care(None, False)


@cache
def _dangers() -> Finder[str]:
    """Phrases of danger with the number to call, "" for those without one."""
    data = table("urgency")
    calls = [(phrase, number) for number, group in data["numbers"].items() for phrase in group]
    return Finder([*calls, *((phrase, "") for phrase in data["danger"]["phrases"])])


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Wordings too many to list one by one, with the number to call."""
    data = table("urgency")["patterns"]
    return tuple((number, re.compile(pattern)) for number, group in data.items() for pattern in group)


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(alternation(map(re.escape, table("urgency")["marks"]["words"])))


def _found(text: str, lower: str, marked: bool) -> list[Hit[str]]:
    """Where dangers are named, with the number to call or ""; patterns are tried in a ``marked`` text only."""
    hits = _dangers().find(lower, edges(text))
    if not marked:
        return hits
    return hits + [
        Hit(match.start(), match.end(), number)
        for number, pattern in _patterns()
        for match in pattern.finditer(lower)
    ]


def _any(words: list[str], text: str) -> bool:
    return any(word in text for word in words)


def care(text: str, intent: str) -> Care:
    """How much care a normalised text with that intent needs.

    The numbers come in the order of the data file: fire and rescue, ambulance, police.
    """
    lower = text.lower()
    marked = bool(_marks().search(lower))
    if marked and _despairs(lower):
        data = table("urgency")["despair"]
        return Care(data["number"], True, tuple(data["hotlines"]))
    hits = _found(text, lower, marked)
    words = table("urgency")["care"]
    if not hits or intent == PRAISE or (intent == SUGGESTION and not _any(words["now"], lower)):
        return _CALM
    now = _any(words["now"], lower)
    asks = intent == QUESTION and not any(_outright(hit, lower) for hit in hits)
    if not now and (asks or _any(words["over"], lower)):
        return _CALM
    told = now or len(lower) <= int(words["short"])
    numbers = {hit.value for hit in hits if hit.value and told and _happens(lower, hit, words)}
    first = next((number for number in table("urgency")["numbers"] if number in numbers), None)
    return Care(first, first is not None or any(not hit.value for hit in hits))


def _despairs(lower: str) -> bool:
    """Somebody speaks of ending her life, or somebody else's: not of a film, the news, or dying of laughter."""
    data = table("urgency")["despair"]
    return any(re.search(one, lower) for one in data["patterns"]) and not _any(data["others"], lower)


def _outright(hit: Hit[str], lower: str) -> bool:
    """A person in danger right at the beginning is no idle question ("child drowning, what do I do?")."""
    return bool(hit.value) and _any(table("urgency")["care"]["people"], lower[: hit.end])


def _happens(lower: str, hit: Hit[str], words: dict[str, Any]) -> bool:
    """True when a danger is neither feared nor supposed, and somebody is in it where things can be as well."""
    before = lower[max(0, hit.start - int(words["reach"])) : hit.start]
    if _any(words["hedges"], before) or _any(words["only_before"], lower[max(0, hit.start - 8) : hit.start]):
        return False
    if lower[hit.end :].lstrip().startswith(tuple(words["supposed"])):
        return False
    return lower[hit.start : hit.end] not in words["needs_person"] or _any(words["people"], lower)
