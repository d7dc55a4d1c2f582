"""Finds the personal names that follow a title; the title itself stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from nlp.wording import alternation, table
from nlp.words import tokens

MAX_NAME = 20
_THAI_WORD = re.compile("[\u0e01-\u0e4e]+")


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(alternation(table("pii")["titles"]))


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
def _family_names() -> frozenset[str]:
    from pythainlp.corpus import thai_family_names

    return frozenset(thai_family_names())


def _run(words: Sequence[str], at: int, stops: frozenset[str]) -> int:
    """How many words from ``at`` on belong to one name: Thai words up to a stop word or ``MAX_NAME`` letters."""
    taken = 0
    for offset, word in enumerate(words[at:]):
        if not _THAI_WORD.fullmatch(word) or word in stops or taken + len(word) > MAX_NAME:
            return offset
        taken += len(word)
        stops = _stops()[1]
    return len(words) - at


def _is_family_name(run: str, title: str) -> bool:
    return run in _family_names() or title in table("pii")["full_name_titles"]


def _name_length(words: Sequence[str], at: int, title: str) -> int:
    """Letters of the name (first name, and family name after one space) that starts at word ``at``."""
    anything, ends = _stops()
    lead = 1 if at < len(words) and words[at] == " " else 0
    first = _run(words, at + lead, anything)
    if not first:
        return 0
    end = at + lead + first
    if end < len(words) and words[end] == " ":
        second = _run(words, end + 1, ends)
        if second and _is_family_name("".join(words[end + 1 : end + 1 + second]), title):
            end += 1 + second
    return len("".join(words[at:end]))


def _thai_names(text: str) -> Iterator[tuple[int, int]]:
    if not _titles().search(text):
        return
    words = tokens(text)
    starts = [0, *accumulate(map(len, words))]
    index = {start: n for n, start in enumerate(starts)}
    for match in _titles().finditer(text):
        start, end = match.span()
        if start not in index or end not in index:
            continue
        length = _name_length(words, index[end], match[0])
        if length:
            lead = length - len(text[end : end + length].lstrip())
            yield end + lead, end + length


def names(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the names that follow a Thai or English title."""
    yield from _thai_names(text)
    for match in _latin().finditer(text):
        yield match.span(1)
