"""Finds the personal names that follow a title; the title itself stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from nlp.where import says_where
from nlp.wording import alternation, table
from nlp.words import tokens

MAX_NAME = 20
SHOP_REACH = 14
MAX_NICKNAME = 6
MAX_FIRST_NAME = 9
MAX_FAMILY_NAME = 14
_CAPITAL = re.compile("[A-Z]")
_THAI_WORD = re.compile("[\u0e01-\u0e4e]+")


@cache
def _titles() -> re.Pattern[str]:
    data = table("pii")
    return re.compile(alternation([*data["titles"], *data["kin_titles"]]))


@cache
def _kin() -> re.Pattern[str]:
    return re.compile(alternation(table("pii")["kin_titles"]))


@cache
def _latin() -> re.Pattern[str]:
    titles = alternation(table("pii")["latin_titles"])
    return re.compile(rf"(?<![A-Za-z])(?i:{titles})\b\.? ?((?-i:[A-Z])[A-Za-z]+(?: [A-Z][a-z]+)?)", re.ASCII)


@cache
def _stops() -> tuple[frozenset[str], frozenset[str]]:
    data = table("pii")
    ends = frozenset(data["name_ends"])
    return ends | frozenset(data["not_names"]), ends


@cache
def _first_names() -> frozenset[str]:
    from pythainlp.corpus import thai_female_names, thai_male_names

    return frozenset(thai_female_names() | thai_male_names())


@cache
def _common() -> frozenset[str]:
    from pythainlp.corpus import thai_stopwords

    return frozenset(thai_stopwords())


@cache
def _family_names() -> frozenset[str]:
    from pythainlp.corpus import thai_family_names

    return frozenset(thai_family_names())


def _run(words: Sequence[str], at: int, stops: frozenset[str]) -> int:
    """How many words from ``at`` on belong to one name: Thai words up to a stop word or ``MAX_NAME`` letters."""
    taken = 0
    for offset, word in enumerate(words[at:]):
        if (
            not _THAI_WORD.fullmatch(word)
            or word in stops
            or word in _common()
            or taken + len(word) > MAX_NAME
        ):
            return offset
        taken += len(word)
        stops = _stops()[1]
    return len(words) - at


def _family_name(words: Sequence[str], at: int, title: str, first: str) -> int:
    """How many words from ``at`` on, after the space behind a first name, are the family name.

    It is known as one; or title and first name promise one, and then all letters up to the next space are taken.
    """
    ends = _stops()[1]
    count = _run(words, at, ends)
    if not count or "".join(words[at : at + count]) in _family_names():
        return count
    if title not in table("pii")["full_name_titles"] and first not in _first_names():
        return 0
    return max(count, _whole(words, at, MAX_FAMILY_NAME))


def _whole(words: Sequence[str], at: int, most: int) -> int:
    """How many words stand without a space from ``at`` on; 0 when they are longer than ``most`` letters."""
    count = next((n for n, word in enumerate(words[at:]) if not _THAI_WORD.fullmatch(word)), len(words) - at)
    return count if len("".join(words[at : at + count])) <= most else 0


def _name_length(words: Sequence[str], at: int, title: str) -> int:
    """Letters of the name (first name, and family name after one space) that starts at word ``at``."""
    start = at + 1 if at < len(words) and words[at] == " " else at
    first = _run(words, start, _stops()[0])
    if not first or not _is_first_name(words, start, first, title):
        return 0
    if title in table("pii")["full_name_titles"]:
        # The segmenter cuts rare names into everyday words: a short run is the name as a whole.
        first = max(first, _whole(words, start, MAX_FIRST_NAME))
    end = start + first
    if end < len(words) and words[end] == " ":
        family = _family_name(words, end + 1, title, "".join(words[start:end]))
        end += family + 1 if family else 0
    return len("".join(words[at:end]))


def _is_first_name(words: Sequence[str], at: int, count: int, title: str) -> bool:
    """After a doubtful title a name is known as one, or is one short word that stands by itself.

    After a word for kin, which mostly names nobody, only a known name counts.
    """
    if _kin().fullmatch(title):
        return "".join(words[at : at + count]) in _first_names()
    if title not in table("pii")["doubtful_titles"]:
        return True
    run = "".join(words[at : at + count])
    alone = at + count == len(words) or not _THAI_WORD.match(words[at + count])
    return run in _first_names() or (
        count == 1 and alone and len(run) <= MAX_NICKNAME and run not in _common()
    )


def _shop(before: str) -> bool:
    """Whether the letters before a word for kin make it a shop or a place."""
    return any(word in before.rpartition(" ")[2] for word in table("pii")["shop_before"])


def _thai_names(text: str) -> Iterator[tuple[int, int]]:
    if not _titles().search(text):
        return
    words = tokens(text)
    starts = [0, *accumulate(map(len, words))]
    index = {start: n for n, start in enumerate(starts)}
    for match in _titles().finditer(text):
        start, end = match.span()
        if start not in index or end not in index or says_where(text, start):
            continue
        if _kin().fullmatch(match[0]) and _shop(text[max(0, start - SHOP_REACH) : start]):
            continue
        length = _name_length(words, index[end], match[0])
        if length:
            lead = length - len(text[end : end + length].lstrip())
            yield end + lead, end + length


def names(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the names that follow a Thai or English title."""
    yield from _thai_names(text)
    if _CAPITAL.search(text):
        yield from (match.span(1) for match in _latin().finditer(text))
