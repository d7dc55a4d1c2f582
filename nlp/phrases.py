"""Finds the words of a message that say where: relation + kind + name or number, in Thai and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from nlp.wording import alternation, table
from nlp.words import tokens

MAX_NAME_WORDS = 6
MAX_NAME = 28


@dataclass(frozen=True)
class Phrase:
    """A place phrase at ``start:end``; ``level`` is set for an administrative name, which ``name`` then holds."""

    start: int
    end: int
    precise: bool
    level: str = ""
    name: str = ""


@dataclass(frozen=True)
class _Words:
    relations: frozenset[str]
    strong: frozenset[str]
    kinds: frozenset[str]
    bare: frozenset[str]
    single: frozenset[str]
    ends: frozenset[str]
    toponyms: tuple[str, ...]
    levels: dict[str, str]
    village: str
    moo: frozenset[str]
    counters: frozenset[str]


@cache
def _words() -> _Words:
    data = table("place")
    return _Words(
        relations=frozenset(data["relations"]),
        strong=frozenset(data["strong_relations"]),
        kinds=frozenset(data["kinds"]),
        bare=frozenset(data["bare_kinds"]),
        single=frozenset(data["single_kinds"]),
        ends=frozenset(data["ends"]["words"]),
        toponyms=tuple(data["toponyms"]),
        levels={word: level for level, group in data["admin"].items() for word in group},
        village=data["village_word"],
        moo=frozenset(data["number"]["moo"]),
        counters=frozenset(data["number"]["counters"]),
    )


class _Scan:
    """One walk over the words of a message; each method reads one kind of place at word ``at``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tokens(text)
        self.starts = [0, *accumulate(map(len, self.words))]
        self.lists = _words()

    def word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def skip_space(self, at: int) -> int:
        return at + 1 if self.word(at) == " " else at

    def name(self, at: int, most: int = MAX_NAME) -> int:
        """The word after a name that starts at ``at`` (``at`` itself when there is none)."""
        taken = 0
        for end in range(at, min(at + MAX_NAME_WORDS, len(self.words))):
            word = self.words[end]
            if not _NAME.fullmatch(word) or word in self.lists.ends or taken + len(word) > most:
                return end
            if end > at and (word in self.lists.relations or word in self.lists.kinds) and taken > 1:
                return end
            taken += len(word)
        return min(at + MAX_NAME_WORDS, len(self.words))

    def number(self, at: int) -> int:
        """The word after a number such as ``12``, ``9/1`` or ``5 แยก 3`` (``at`` itself when there is none)."""
        first = self.skip_space(at)
        if not _NUMBER.fullmatch(self.word(first)):
            return at
        end = first + 1
        while self.word(end) in ("/", "-", "+") or _NUMBER.fullmatch(self.word(end)):
            end += 1
        return end if self.word(end) not in self.lists.counters else at

    def unit(self, at: int) -> tuple[int, bool, str] | None:
        """End, preciseness and level of the place unit that starts at ``at``."""
        word = self.word(at)
        if word in self.lists.levels:
            return self.admin(at)
        if word in self.lists.moo:
            end = self.number(at + 1)
            return (end, True, "") if end > at + 1 else None
        if word == self.lists.village:
            return self.village(at)
        return self.kind(at) if word in self.lists.kinds else None

    def admin(self, at: int) -> tuple[int, bool, str] | None:
        first = self.skip_space(at + 1)
        end = self.name(first, 20)
        return (end, False, self.lists.levels[self.word(at)]) if end > first else None

    def village(self, at: int) -> tuple[int, bool, str] | None:
        if not self.word(at + 1).startswith(self.lists.toponyms) or self.word(at + 1) in self.lists.ends:
            return None
        return self.number(self.name(at + 1, 20)), True, ""

    def kind(self, at: int) -> tuple[int, bool, str] | None:
        first = self.skip_space(at + 1) if self.word(at).endswith(".") else at + 1
        end = self.name(first)
        if end == first and self.word(first) == " " and _LATIN_NAME.match(self.word(first + 1)):
            end = self.name(first + 1)
        end = end if end > first else at + 1
        numbered = self.number(end)
        named = numbered > at + 1
        return numbered, named or self.word(at) in self.lists.single, "" if named else "bare"

    def phrase(self, at: int) -> tuple[int, Phrase] | None:
        """The phrase that starts at ``at`` with the word after it; relations in front belong to it."""
        body = at
        while body < at + 3 and self.word(body) in self.lists.relations:
            body = self.skip_space(body + 1)
        strong = any(word in self.lists.strong for word in self.words[at:body])
        found = self.unit(body)
        while found is None and body > at:
            body -= 1
            found = self.unit(body)
        if found is None:
            return None
        end, precise, level = found
        if level == "bare" and not self.stands_alone(body, end, strong and body > at):
            return None
        level = "" if level == "bare" else level
        name = "".join(self.words[body + 1 : end]).strip() if level else ""
        return end, Phrase(self.starts[at], self.starts[end], precise, level, name)

    def stands_alone(self, body: int, end: int, related: bool) -> bool:
        word = self.word(body)
        return related and word not in self.lists.bare or word in self.lists.single and body == 0 and end == len(self.words)

    def phrases(self) -> Iterator[Phrase]:
        at = 0
        while at < len(self.words):
            found = self.phrase(at)
            if found:
                at, phrase = found
                yield phrase
            else:
                at += 1


_NAME = re.compile("[A-Za-z\u0e01-\u0e4e.'\\-]+")
_LATIN_NAME = re.compile("[A-Z]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)


@cache
def _road_distance() -> re.Pattern[str]:
    words = alternation(table("place")["kilometre"]["words"])
    return re.compile(rf"(?<![A-Za-z\d]){words} ?\d{{1,4}}(?:[.+]\d{{1,3}})?(?!\d)", re.IGNORECASE | re.ASCII)


@cache
def _english() -> re.Pattern[str]:
    data = table("place")["english"]
    before, kinds = alternation(data["relations"]), alternation(data["kinds"])
    capital = rf"(?-i:(?!(?:{'|'.join(data['not_names'])})\b)[A-Z][A-Za-z'\-]*)"
    name = rf"{capital}(?: {capital}){{0,3}}(?: \d{{1,4}}(?:/\d+)?)?"
    unit = rf"(?:{kinds}\.? \d{{1,4}}(?:/\d+)?|{name}(?: {kinds}\b)?)"
    return re.compile(rf"\b(?:{before} (?:the )?{unit}(?:,? {unit})?|{unit})", re.IGNORECASE | re.ASCII)


@cache
def _english_precise() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(table('place')['english']['precise'])}\b", re.IGNORECASE | re.ASCII)


def _latin_phrases(text: str) -> Iterator[Phrase]:
    for match in _english().finditer(text):
        yield Phrase(*match.span(), bool(_english_precise().search(match[0])))


def _apart(found: Iterable[Phrase]) -> list[Phrase]:
    """The phrases in order, without those that begin inside an earlier one."""
    out: list[Phrase] = []
    for phrase in sorted(found, key=lambda one: (one.start, -one.end)):
        if not out or phrase.start >= out[-1].end:
            out.append(phrase)
    return out


def phrases(text: str) -> list[Phrase]:
    """Every place phrase of a normalised text, in order, none overlapping another."""
    found = [Phrase(*match.span(), True) for match in _road_distance().finditer(text)]
    if _LATIN_NAME.search(text):
        found += _latin_phrases(text)
    return _apart([*found, *_Scan(text).phrases()])
