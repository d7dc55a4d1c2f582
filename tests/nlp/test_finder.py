"""Known phrases in a text, the longest at each word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.finder import Finder
from nlp.words import edges, tokens


def _found(finder: Finder[str], text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in finder.find(text, edges(text))]


def test_the_longest_phrase_wins() -> None:
    assert _found(Finder([("ถนน", "a"), ("ถนนพัง", "b")]), "ถนนพัง") == ["ถนนพัง"]


def test_a_short_phrase_inside_a_longer_word_is_not_found() -> None:
    assert _found(Finder([("หมา", "a")]), "หมายเลข") == []
    assert _found(Finder([("หมา", "a")]), "หมา ดุ") == ["หมา"]


def test_a_phrase_cut_off_by_the_end_of_the_text_is_not_found() -> None:
    assert _found(Finder([("น้ำท่วมขัง", "a"), ("น้ำท่วม", "b")]), "น้ำท่วม") == ["น้ำท่วม"]


def test_the_first_meaning_of_a_phrase_given_twice_stays() -> None:
    (hit,) = Finder([("ขยะ", "waste"), ("ขยะ", "air")]).find("ขยะ", edges("ขยะ"))
    assert hit.value == "waste"


@given(st.text("กขยะถนนพัง ", max_size=40))
def test_hits_lie_in_the_text_and_never_overlap(text: str) -> None:
    hits = Finder([("ขยะ", "a"), ("ถนน", "b"), ("ถนนพัง", "c"), ("พัง", "d")]).find(text, edges(text))
    ends = [0, *(hit.end for hit in hits)]
    assert all(hit.start >= before for hit, before in zip(hits, ends, strict=False))
    assert all(hit.end <= len(text) for hit in hits)


@given(st.text(max_size=80))
def test_words_joined_give_the_text_back(text: str) -> None:
    plain = text.replace("\n", " ")
    assert "".join(tokens(plain)) == plain
    assert edges(plain)[-1] == len(plain)
