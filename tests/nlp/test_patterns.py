"""Regular expressions made of word lists find what plain ones find, and no pattern of danger is ever left out."""

from __future__ import annotations

import importlib
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import lower_alike
from nlp.wording import alternation, table

PARSER: Any = importlib.import_module("re._parser")
MOST_WAYS = 5000


@given(st.lists(st.text("abก.", min_size=1, max_size=4), min_size=1), st.text("abก. ", max_size=30))
def test_words_that_share_their_beginnings_are_found_longest_first(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    found = [match.span() for match in re.finditer(alternation(map(re.escape, words)), text)]
    assert found == [match.span() for match in re.finditer(plain, text)]


def test_an_optional_full_stop_and_other_patterns_keep_their_meaning() -> None:
    text = "tel.5 tel5 te5 x7"
    assert re.findall(alternation([r"tel\.?", "te"]), text) == ["tel.", "tel", "te"]
    assert re.findall(alternation([r"x\d", "te"]), text) == ["te", "te", "te", "x7"]


@given(st.text(max_size=40))
def test_lower_case_letter_by_letter_keeps_places(text: str) -> None:
    lower = lower_alike(text)
    assert len(lower) == len(text)
    assert all(
        low in (letter, letter.lower()) or "\u03a3" == letter for letter, low in zip(text, lower, strict=True)
    )


def _patterns() -> list[str]:
    data = table("urgency")
    return [*itertools.chain.from_iterable(data["patterns"].values()), *data["despair"]["patterns"]]


@pytest.mark.parametrize("pattern", _patterns())
def test_whatever_a_danger_pattern_finds_holds_a_mark(pattern: str) -> None:
    marks = table("urgency")["marks"]["words"]
    assert any(
        all(any(mark in way for mark in marks) for way in ways) for ways in _needed(PARSER.parse(pattern))
    )


def test_marks_are_rare_enough_to_spare_most_messages_the_patterns() -> None:
    from nlp import read_corpus

    marks = re.compile(alternation(map(re.escape, table("urgency")["marks"]["words"])))
    rows = [row for row in read_corpus() if not row.urgent]
    assert sum(bool(marks.search(row.text.lower())) for row in rows) / len(rows) < 0.2


def _needed(parsed: Iterable[Any]) -> list[set[str]]:
    """Sets of pieces of text, of each of which at least one stands in whatever a parsed pattern finds."""
    needed: list[set[str]] = []
    run = {""}
    for item in parsed:
        ways = _spelt([item])
        if ways is not None and len(run) * len(ways) <= MOST_WAYS:
            run = {one + two for one in run for two in ways}
            continue
        needed.append(run)
        run = ways or {""}
        if ways is None:
            needed += _inner(item)
    return [*needed, run]


def _inner(item: tuple[Any, Any]) -> list[set[str]]:
    """What is needed by one part of a pattern that has too many ways to spell it."""
    name, value = str(item[0]), item[1]
    if name == "SUBPATTERN":
        return _needed(value[3])
    if name == "BRANCH":
        each = [_needed(way) for way in value[1]]
        marks = table("urgency")["marks"]["words"]
        return [set().union(*(min(sets, key=lambda ways: _unmarked(ways, marks)) for sets in each))]
    return []


def _unmarked(ways: set[str], marks: Sequence[str]) -> int:
    return sum(not any(mark in way for mark in marks) for way in ways)


def _spelt(parsed: Iterable[Any]) -> set[str] | None:
    """Every text that a parsed pattern finds; None when they are too many."""
    found = {""}
    for op, value in parsed:
        ways = _ways(str(op), value)
        if ways is None or len(found) * len(ways) > MOST_WAYS:
            return None
        found = {one + two for one in found for two in ways}
    return found


def _ways(name: str, value: Any) -> set[str] | None:
    if name == "LITERAL":
        return {chr(value)}
    if name == "SUBPATTERN":
        return _spelt(value[3])
    if name in ("ASSERT", "ASSERT_NOT", "AT"):
        return {""}
    if name == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
        return {chr(letter) for _, letter in value}
    if name == "BRANCH":
        each = [_spelt(way) for way in value[1]]
        return None if None in each else set().union(*(ways for ways in each if ways))
    if name == "MAX_REPEAT" and value[:2] == (0, 1):
        once = _spelt(value[2])
        return None if once is None else once | {""}
    return None
