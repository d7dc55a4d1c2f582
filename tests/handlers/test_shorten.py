"""Shortening never cuts inside a letter as people see it."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from handlers.messages.shorten import shorten


def test_what_fits_is_left_alone() -> None:
    assert shorten("น้ำท่วม", 7) == "น้ำท่วม"
    assert shorten("", 5) == ""


def test_vowels_and_tones_stay_with_their_consonant() -> None:
    assert shorten("ที่นี่น้ำท่วม", 4) == "ที่นี่น้ำ…"
    assert shorten("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2) == "👩‍👩‍👧‍👦…"


def test_it_ends_at_a_word_when_one_is_near() -> None:
    assert shorten("one two three four", 15) == "one two three…"


@given(st.text(max_size=200), st.integers(1, 50))
def test_it_is_never_longer_than_asked(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(regex.findall(r"\X", short)) <= limit
    assert short == text or short.endswith("…")
