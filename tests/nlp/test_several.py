"""Messages with two problems, and messages that only sound so."""

from __future__ import annotations

import json
from pathlib import Path

from nlp import Gazetteer, Model, Understander
from nlp.finder import Hit
from nlp.several import Said, parts
from tests.nlp.conftest import shared_rows

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "several.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_most_messages_with_two_problems_are_seen_and_hardly_any_other(understander: Understander) -> None:
    seen = {row["text"]: bool(understander.understand(row["text"]).problems) for row in ROWS}
    two = [seen[row["text"]] for row in ROWS if row["problems"] == 2]
    one = [seen[row["text"]] for row in ROWS if row["problems"] == 1]
    assert sum(two) / len(two) >= 0.6
    assert sum(one) <= 1


def test_each_part_is_in_the_writers_words_and_has_a_category_of_its_own(understander: Understander) -> None:
    found = understander.understand("ถนนหน้าบ้านเป็นหลุมใหญ่มาก อีกเรื่องคือท่อระบายน้ำอุดตันมาสองเดือน")
    assert found.problems == ("ถนนหน้าบ้านเป็นหลุมใหญ่มาก", "ท่อระบายน้ำอุดตันมาสองเดือน")
    assert [understander.understand(part).category for part in found.problems] == ["road", "drainage"]


def test_in_real_messages_both_parts_are_acceptable_problems(model: Model) -> None:
    understand = Understander(model, Gazetteer((), ())).understand
    rows = shared_rows("labelled-dev.jsonl")
    cut = [(understand(row["text"]).problems, row) for row in rows]
    cut = [(problems, row) for problems, row in cut if problems]
    right = [
        {understand(part).category for part in problems} <= {*row["acceptable"]} for problems, row in cut
    ]
    assert cut and sum(right) / len(right) >= 0.75
    assert len(cut) / len(rows) <= 0.06


def test_questions_are_never_cut(understander: Understander) -> None:
    assert understander.understand("ไฟถนนซ่อมเมื่อไหร่ และขยะมาเก็บวันไหน").problems == ()


def test_parts_that_are_not_sure_stay_one() -> None:
    def say(part: str) -> Said:
        return Said((("road", 0.6), ("waste", 0.3)), True)

    text = "ถนนพังทั้งเส้นเลย และขยะเต็มไปหมดเลย"
    road, waste = Hit(0, 6, "road"), Hit(21, 25, "waste")
    assert parts(text, (("road", 0.6), ("waste", 0.4)), [road, waste], say) == ()
    assert parts(text, (("road", 1.0),), [road], say) == ()


def test_a_cut_lies_between_two_named_problems() -> None:
    def say(part: str) -> Said:
        return Said((("road", 0.95),) if "ถนน" in part else (("waste", 0.95),), True)

    text, whole = "ถนนพังทั้งเส้นเลย และขยะเต็มไปหมดเลย", (("road", 0.6), ("waste", 0.4))
    road, waste = Hit(0, 6, "road"), Hit(21, 25, "waste")
    assert len(parts(text, whole, [road, waste], say)) == 2
    assert parts(text, whole, [road, Hit(6, 9, "waste")], say) == ()
