"""The arithmetic of measuring, on rows small enough to check by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp import Understanding, evaluate, read_corpus
from nlp.evaluation import calibration, expected_calibration_error, figures, judge, macro_f1, wilson
from nlp.held_out import EVERY, labelled, learning_parts, split

BLANK = Understanding("", "th", "report", 1.0, "", 0.0, (), "ask", False, None, None, "")


def _says(answers: dict[str, tuple[str, float, tuple[str, ...]]]):  # type: ignore[no-untyped-def]
    def understand(text: str) -> Understanding:
        category, confidence, others = answers[text]
        top = ((category, confidence), *((other, 0.1) for other in others))
        return replace(BLANK, category=category, confidence=confidence, top=top)

    return understand


def test_every_figure_follows_its_definition() -> None:
    understand = _says(
        {
            "a": ("road", 0.9, ("waste", "air")),
            "b": ("road", 0.6, ("waste", "air")),
            "c": ("waste", 0.5, ("road", "air")),
            "d": ("air", 0.4, ("noise", "tree")),
        }
    )
    rows = [
        {"text": "a", "gold": "road", "acceptable": ["road"]},
        {"text": "b", "gold": "waste", "acceptable": ["waste", "road"]},
        {"text": "c", "gold": "air"},
        {"text": "d", "gold": "road", "acceptable": []},
    ]
    found = evaluate(understand, rows)
    assert found["n"] == 4
    assert found["top1"] == 0.25
    assert found["top1_acceptable"] == 0.5
    assert found["top3_acceptable"] == 0.75
    # road: 1 right of 2 gold and 2 said; waste and air: none right.
    assert found["macro_f1"] == pytest.approx((2 * 1 / 4) / 3)
    # Each row is a bin of its own: |0.9-1| + |0.6-1| + |0.5-0| + |0.4-0| over 4.
    assert found["ece"] == pytest.approx(1.4 / 4)


def test_no_rows_give_noughts() -> None:
    assert evaluate(_says({}), []) == {
        "n": 0,
        "top1": 0.0,
        "top1_acceptable": 0.0,
        "top3_acceptable": 0.0,
        "macro_f1": 0.0,
        "ece": 0.0,
    }


def test_perfect_confidence_has_no_calibration_error() -> None:
    assert expected_calibration_error([(1.0, True)] * 30) == 0.0


def test_bins_hold_equally_many() -> None:
    pairs = [(0.5, n % 2 == 0) for n in range(40)]
    assert expected_calibration_error(pairs) == pytest.approx(0.0)


def test_macro_f1_counts_only_labels_of_the_gold() -> None:
    assert macro_f1(["a", "a"], ["a", "b"]) == pytest.approx(2 / 3)


def test_an_interval_of_wilson_is_as_in_the_books() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 5)[1] == 1.0 and wilson(0, 5)[0] == 0.0


def test_bins_go_from_the_least_confident_to_the_most() -> None:
    assert calibration([(0.9, True), (0.1, False), (0.2, True), (0.8, True)], bins=2) == [
        (pytest.approx(0.15), 0.5, 2),
        (pytest.approx(0.85), 1.0, 2),
    ]


def test_figures_tell_strata_intents_and_urgency_only_where_rows_do() -> None:
    understand = _says({"a": ("road", 0.9, ("waste", "air")), "b": ("air", 0.6, ("waste", "road"))})
    plain = [{"text": "a", "gold": "road"}, {"text": "b", "gold": "road"}]
    names = {figure.name for figure in figures(judge(understand, plain))}
    assert not any(word in name for name in names for word in ("intent", "urgent", " "))
    rows = [
        {**plain[0], "stratum": "rare", "intent": "report", "urgent": 1},
        {**plain[1], "stratum": "menu", "intent": "question", "urgent": 0},
    ]
    found = {figure.name: figure for figure in figures(judge(understand, rows))}
    assert found["top1 rare"].value == 1.0 and found["top1 menu"].value == 0.0
    assert found["top3_acceptable menu"].value == 1.0
    assert found["intent_recall report"].value == 1.0 and found["intent_recall question"].value == 0.0
    assert found["urgent_recall"].value == 0.0 and found["calm_recall"].value == 1.0
    assert all(figure.low <= figure.value <= figure.high for figure in found.values())


def test_the_same_rows_give_the_same_intervals() -> None:
    understand = _says({str(n): ("road", n / 40, ("waste", "air")) for n in range(40)})
    rows = [{"text": str(n), "gold": "road" if n % 3 else "air"} for n in range(40)]
    known = judge(understand, rows)
    assert figures(known) == figures(known)


def test_the_held_out_part_is_a_sixth_and_always_the_same() -> None:
    rows = read_corpus()
    learnt, held = split(rows)
    assert len(learnt) + len(held) == len(rows)
    assert abs(len(held) / len(rows) - 1 / EVERY) < 0.02
    assert split(rows[::-1])[1] == held[::-1]
    assert labelled(held[0])["gold"] in labelled(held[0])["acceptable"]


def test_growing_parts_hold_the_smaller_ones() -> None:
    parts = learning_parts(read_corpus()[:200], (0.1, 0.5, 1.0))
    assert [len(part) for part in parts] == [20, 100, 200]
    assert parts[1][:20] == parts[0] and parts[2][:100] == parts[1]
