"""What a training believes: people in charge always, citizens when plausible, the history when the corpus agrees."""

from __future__ import annotations

from functools import cache

from bot.learning.lessons import (
    CORPUS_SHARE,
    LEAST_OF_A_CATEGORY,
    WEIGHTS,
    Lessons,
    Taught,
    believe,
    original,
)
from nlp import Gazetteer, Row, Understander
from tests.town import model

LIGHT = "ไฟทางดับหน้าบ้านป้าหน่อย มืดมาก"
CORPUS = [Row("ถนนเป็นหลุมหน้าตลาด", "road")]


@cache
def teacher() -> Understander:
    return Understander(model(), Gazetteer([], []))


def pairs(*taught: Taught) -> list[tuple[str, float]]:
    found = believe(Lessons(corrections=taught), CORPUS, teacher())
    return [(row.category, row.weight) for row in found.corrections]


def test_an_official_is_believed_whatever_the_classifier_thinks() -> None:
    assert pairs(Taught(LIGHT, "animals", "official", 1)) == [("animals", WEIGHTS["official"])]


def test_a_citizen_is_believed_only_when_it_is_plausible() -> None:
    assert pairs(Taught(LIGHT, "animals", "citizen", 1)) == []
    assert pairs(Taught(LIGHT, "street_light", "citizen", 1)) == [("street_light", WEIGHTS["citizen"])]


def test_of_one_case_the_word_of_the_one_in_charge_counts_and_of_hers_the_last() -> None:
    told = [
        Taught(LIGHT, "cables", "official", 1),
        Taught(LIGHT, "animals", "official", 1),
        Taught(LIGHT, "street_light", "representative", 1),
        Taught(LIGHT, "street_light", "citizen", 1),
    ]
    assert pairs(*told) == [("animals", 1.0)]


def test_words_that_were_taken_back_teach_nothing() -> None:
    assert pairs(Taught("", "animals", "official", 1), Taught("  ", "animals", "official", 2)) == []


def test_the_history_is_believed_where_the_corpus_agrees_and_counts_little() -> None:
    rows = [Row(LIGHT, "street_light"), Row("ขยะล้นถังหน้าตลาดสามวันแล้ว", "animals")]
    found = believe(Lessons(files=rows), CORPUS, teacher())
    assert [(row.category, row.weight) for row in found.files] == [("street_light", WEIGHTS["history"])]


def test_what_the_corpus_says_already_is_not_said_again() -> None:
    assert len(believe(Lessons(files=[Row("ถนนเป็นหลุมหน้าตลาด", "waste")]), CORPUS, teacher())) == 0


def test_the_same_text_with_two_categories_counts_for_the_one_said_more_often() -> None:
    rows = [Row(LIGHT, "street_light"), Row(LIGHT, "street_light"), Row(LIGHT, "road")]
    assert len(believe(Lessons(history=rows), CORPUS, teacher()).history) == 1
    assert len(believe(Lessons(history=rows[1:]), CORPUS, teacher())) == 0


def test_a_flood_of_one_category_is_held_to_a_share_of_the_corpus() -> None:
    rows = [Row(f"ไฟทางดับหน้าบ้านเลขที่ {n} มืดมาก", "street_light") for n in range(400)]
    assert len(believe(Lessons(files=rows), CORPUS, teacher()).files) <= LEAST_OF_A_CATEGORY
    more = [Row(f"ตัวอย่าง {n}", "street_light") for n in range(40)]
    assert len(believe(Lessons(files=rows), more, teacher()).files) <= CORPUS_SHARE * 40


def test_personal_data_in_a_file_is_masked_before_it_is_kept() -> None:
    found = believe(Lessons(files=[Row(f"{LIGHT} โทร 081-234-5678", "street_light")]), CORPUS, teacher())
    assert found.files and "5678" not in found.files[0].text


def test_kept_rows_are_believed_again_with_the_same_weight() -> None:
    first = believe(Lessons(files=[Row(LIGHT, "street_light", weight=0.7)]), CORPUS, teacher())
    kept = [original(row) for row in first.files]
    again = [Row(str(k["text"]), str(k["category"]), weight=float(k["weight"])) for k in kept]
    assert believe(Lessons(files=again), CORPUS, teacher()).digest() == first.digest()


def test_the_digest_knows_rows_and_not_their_order() -> None:
    one, two = Taught(LIGHT, "animals", "official", 1), Taught("อื่น ๆ", "other", "official", 2)
    digest = believe(Lessons(corrections=[one, two]), CORPUS, teacher()).digest()
    assert digest == believe(Lessons(corrections=[two, one]), CORPUS, teacher()).digest()
    assert digest != believe(Lessons(corrections=[one]), CORPUS, teacher()).digest()
