"""The arithmetic of measuring, on rows small enough to check by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp import Understanding, evaluate
from nlp.evaluation import expected_calibration_error, macro_f1

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
