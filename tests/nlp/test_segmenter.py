"""Text cut into words: nothing lost, known words found, and nearly always as pythainlp cuts it."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st
from pythainlp.tokenize.newmm import segment

from nlp import normalise, read_corpus
from nlp.segmenter import Segmenter
from nlp.words import tokens

THAI = st.text("กขคงตนมรลสหอะาิีุูเแโใไัํ่้๊๋์็ๆฯ12 ab.\n", max_size=60)


def test_the_fewest_known_words_are_taken() -> None:
    cut = Segmenter(["ตา", "ตาก", "กลม", "ลม", "อก"]).cut
    assert cut("ตากลม") == ["ตา", "กลม"]
    assert cut("ตากตากลม") == ["ตาก", "ตา", "กลม"]


def test_a_word_never_ends_inside_a_letter_cluster() -> None:
    assert Segmenter(["กา", "การ", "ณ"]).cut("การณ์") == ["กา", "รณ์"]


def test_an_unknown_stretch_ends_where_a_known_word_begins() -> None:
    assert Segmenter(["ถนน"]).cut("ซขถนนพง 12.5 km") == ["ซข", "ถนน", "พง", " ", "12.5", " ", "km"]


def test_no_words_at_all_cut_by_script() -> None:
    assert Segmenter([]).cut("ถนน road") == ["ถนน", " ", "road"]
    assert Segmenter(["ถนน"]).cut("") == []


@settings(deadline=None)
@given(THAI | st.text(max_size=40))
def test_the_words_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert all(tokens(text))


def test_messages_are_cut_as_the_library_cuts_them() -> None:
    texts = [normalise(row.text) for row in read_corpus()[::7]]
    same = [list(tokens(text)) == segment(text) for text in texts]
    assert sum(same) / len(same) >= 0.98


def test_texts_made_to_be_slow_are_cut_in_bounded_time() -> None:
    for text in ("ก" * 5000, "ตากลม" * 1000, "เ" * 5000, "มามา" * 1250):
        start = time.process_time()
        assert "".join(tokens(text)) == text
        assert time.process_time() - start < 1.0
