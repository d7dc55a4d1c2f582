"""Floors under what is reached; the figures themselves are printed by ``saan evaluate``."""

from __future__ import annotations

import json
from pathlib import Path

from nlp import Gazetteer, Model, Understander, evaluate
from nlp.evaluation import macro_f1
from tests.nlp.conftest import shared_rows

TOWN = Path(__file__).parent / "data" / "town.jsonl"


def test_plain_messages_of_a_town_are_understood(understander: Understander) -> None:
    rows = [json.loads(line) for line in TOWN.read_text(encoding="utf-8").splitlines()]
    found = evaluate(understander.understand, rows)
    assert found["top1_acceptable"] >= 0.95
    assert found["top3_acceptable"] >= 0.98
    assert found["ece"] <= 0.05


def test_real_messages_are_understood_as_well_as_promised(model: Model) -> None:
    rows = shared_rows("labelled-dev.jsonl")
    found = evaluate(Understander(model, Gazetteer((), ())).understand, rows)
    assert found["top1"] >= 0.8
    assert found["top1_acceptable"] >= 0.92
    assert found["top3_acceptable"] >= 0.98
    assert found["ece"] <= 0.06


def test_rare_matters_are_understood_nearly_as_well(model: Model) -> None:
    rows = [row for row in shared_rows("labelled-dev.jsonl") if row["stratum"] == "rare"]
    found = evaluate(Understander(model, Gazetteer((), ())).understand, rows)
    assert found["top1_acceptable"] >= 0.9


def test_what_is_asked_holds_the_answer(model: Model) -> None:
    understand = Understander(model, Gazetteer((), ())).understand
    unsure = [(understand(row["text"]), row) for row in shared_rows("labelled-dev.jsonl")]
    unsure = [(found, row) for found, row in unsure if found.decision != "sure"]
    hits = [any(category in row["acceptable"] for category, _ in found.top) for found, row in unsure]
    assert sum(hits) / len(hits) >= 0.95


def test_reports_are_not_lost_and_intents_are_told_apart(model: Model) -> None:
    rows = shared_rows("labelled-dev.jsonl")
    understand = Understander(model, Gazetteer((), ())).understand
    gold = [str(row["intent"]) for row in rows]
    said = [understand(str(row["text"])).intent for row in rows]
    kept = [one == "report" for one, truth in zip(said, gold, strict=True) if truth == "report"]
    assert sum(kept) / len(kept) >= 0.96
    assert macro_f1(gold, said) >= 0.7
