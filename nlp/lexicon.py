"""What each category is called: the package's own words, and a city's beside them."""

from __future__ import annotations

from functools import cache

from nlp.finder import Finder
from nlp.types import Lexicon, Row
from nlp.wording import table

LEAST_CITY_WORD = 4


@cache
def _own_words() -> tuple[tuple[str, str], ...]:
    return tuple((word, category) for category, data in table("lexicon").items() for word in data["words"])


@cache
def _where_words() -> frozenset[str]:
    place = table("place")
    return frozenset((*place["kinds"], *place["relations"], place["village_word"]))


def category_words(city: Lexicon | None = None) -> Finder[str]:
    """Finds words that speak for a category; a city's words are added to the package's own.

    City words that only say where (road, canal, market) and very short ones are left out: in a sentence they
    are far more often the place than the problem.
    """
    extra = [
        (word.strip(), category)
        for category, words in (city or {}).items()
        for word in words
        if len(word.strip()) >= LEAST_CITY_WORD and word.strip() not in _where_words()
    ]
    known = {word for word, _ in _own_words()}
    return Finder([*_own_words(), *(pair for pair in extra if pair[0] not in known)])


def plain_rows() -> list[Row]:
    """The short bare statements of the lexicon, and places sent alone, as rows for training."""
    lines = [Row(line, category) for category, data in table("lexicon").items() for line in data["plain"]]
    return lines + [
        Row(line, "other", "none", place=(_bare(line),)) for line in table("place")["alone"]["lines"]
    ]


def _bare(line: str) -> str:
    for word in table("place")["alone"]["around"]:
        line = line.removesuffix(word).removeprefix(word)
    return line.strip()
