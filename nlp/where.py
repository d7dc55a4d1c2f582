"""Reads a place phrase: is it precise enough to go there, and which areas does it name?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from nlp.national import LEVELS, names
from nlp.normalise import lower_alike
from nlp.types import Area
from nlp.wording import alternation, table
from nlp.words import edges, tokens

LONGEST_NAME = 24
_LETTERS = re.compile("[A-Za-z\u0e01-\u0e4e'. \\-]+")
_LATIN = re.compile("[A-Za-z]")
_THAI_OR_DIGIT = re.compile("[0-9A-Za-z\u0e01-\u0e4e]")


class Mention(NamedTuple):
    """Areas that a name with its word of level ("district X") may mean, and where the phrase stands."""

    start: int
    end: int
    level: str
    areas: tuple[Area, ...]


@cache
def _level_words() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {word: level for level in LEVELS for word in table("place")["admin"][level]}
    return re.compile(alternation(map(re.escape, words))), words


@lru_cache(maxsize=8)
def _leads(text: str) -> list[tuple[int, int, str]]:
    """Where a word of level stands, where the name behind it begins, and the level; asked twice for each message."""
    pattern, levels = _level_words()
    return [
        (match.start(), match.end() + (text[match.end() : match.end() + 1] == " "), levels[match[0]])
        for match in pattern.finditer(lower_alike(text))
    ]


def _longest(known: Mapping[str, tuple[Area, ...]], text: str, start: int) -> tuple[int, tuple[Area, ...]]:
    """The longest known name at ``start`` and its areas; ``start`` and nothing when there is none."""
    run = _LETTERS.match(text, start, start + LONGEST_NAME)
    for end in range(run.end() if run else start, start + 1, -1):
        areas = known.get(text[start:end].lower())
        if areas:
            return end, areas
    return start, ()


def mentions(text: str, city: Mapping[str, Mapping[str, tuple[Area, ...]]]) -> list[Mention]:
    """Areas named with a word of level, the city's own (``city[level][name]``) before the country's."""
    found = []
    for begin, start, level in _leads(text):
        end, areas = _longest(city.get(level, {}), text, start)
        wide_end, wide = _longest(names(level), text, start)
        if wide_end > end:
            end, areas = wide_end, wide
        elif areas:
            areas = tuple(dict.fromkeys((*areas, *wide)))
        if areas:
            found.append(Mention(begin, end, level, areas))
    return found


@cache
def _lists() -> dict[str, frozenset[str]]:
    data = table("place")
    keys = ("relations", "strong_relations", "kinds", "bare_kinds", "single_kinds")
    lists = {key: frozenset(data[key]) for key in keys}
    lists["moo"] = frozenset(data["number"]["moo"])
    lists["ends"] = frozenset(data["ends"]["words"])
    lists["levels"] = frozenset(word for level in LEVELS for word in data["admin"][level])
    return lists


@cache
def _distance() -> re.Pattern[str]:
    words = alternation(table("place")["kilometre"]["words"])
    return re.compile(rf"(?<![A-Za-z\d]){words} ?\d{{1,4}}", re.IGNORECASE | re.ASCII)


@cache
def _english() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(table('place')['english']['precise'])}\b", re.IGNORECASE | re.ASCII)


def _kind_is_precise(words: Sequence[str], at: int) -> bool:
    """True for a kind of place that has a name or number, is the only one in town, or stands in relation."""
    lists = _lists()
    word = words[at]
    rest = [one for one in words[at + 1 :] if _THAI_OR_DIGIT.search(one)][:1]
    if (
        rest
        and rest[0] not in lists["ends"]
        and rest[0] not in lists["relations"]
        and rest[0] not in lists["levels"]
    ):
        return True
    related = at > 0 and any(one in lists["strong_relations"] for one in words[max(0, at - 2) : at])
    return word in lists["single_kinds"] or (related and word not in lists["bare_kinds"] and bool(words[:at]))


def _after(words: Sequence[str], at: int) -> str:
    return "".join(words[at + 1 : at + 3]).strip()


def is_precise(phrase: str, words: Sequence[str]) -> bool:
    """True when a place phrase is good enough to send somebody: a landmark, road, soi, village or kilometre.

    ``words`` are the phrase's words without the names of areas.
    """
    lists = _lists()
    village = table("place")["village_word"]
    for at, word in enumerate(words):
        if word in lists["moo"] and _after(words, at)[:1].isdigit():
            return True
        if word == village and _after(words, at).startswith(tuple(table("place")["toponyms"])):
            return True
        if word in lists["kinds"] and word not in lists["levels"] and _kind_is_precise(words, at):
            return True
    return bool(_distance().search(phrase) or (_LATIN.search(phrase) and _english().search(phrase)))


def _word_before(text: str, start: int) -> str:
    starts = edges(text)
    return tokens(text)[starts.index(start) - 1] if start and start in starts else ""


def says_where(text: str, start: int) -> bool:
    """True when the word before ``start`` is a kind of place, so that what follows is its name ("road X")."""
    lists, word = _lists(), _word_before(text, start)
    return word in lists["kinds"] or word in lists["levels"] or word == table("place")["village_word"]


def stands_free(text: str, start: int) -> bool:
    """True when what begins at ``start`` is no part of a longer name."""
    word = _word_before(text, start)
    if not word or not "\u0e01" <= word[-1] <= "\u0e4e":
        return start in edges(text)
    linking = word in _lists()["relations"] or word in table("place")["bare"]["before"]
    return linking and word not in _lists()["kinds"]
