"""Whose her words are, as facts and verdicts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.speaking import Open, Said, whose
from nlp import aside

LIGHT = Open("LOE69-0001", frozenset({"street_light", "cables"}), timedelta(hours=2))
ROAD = Open("LOE69-0002", frozenset({"road"}), None)


def said(**facts: object) -> Said:
    plain: dict[str, object] = {
        "reply": "",
        "intent": "report",
        "sure": True,
        "category": "animals",
        "emergency": False,
        "letters": 30,
        "place": False,
    }
    return Said(**{**plain, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "cases", "kind", "codes"),
    [
        (said(), [LIGHT], "new", ()),
        (said(category="street_light"), [LIGHT, ROAD], "ask", ("LOE69-0001",)),
        (said(category="street_light", place=True), [LIGHT], "new", ()),
        (said(reply="nudge", sure=False), [LIGHT], "case", ("LOE69-0001",)),
        (said(reply="nudge", sure=False), [LIGHT, ROAD], "ask", ("LOE69-0001", "LOE69-0002")),
        (said(reply="nudge", category="street_light"), [LIGHT, ROAD], "case", ("LOE69-0001",)),
        (said(reply="nudge", category="waste"), [LIGHT], "ask", ("LOE69-0001",)),
        (said(reply="answer", sure=False, letters=90), [LIGHT], "case", ("LOE69-0001",)),
        (said(sure=False), [LIGHT, ROAD], "case", ("LOE69-0001",)),
        (said(sure=False, letters=90), [LIGHT], "ask", ("LOE69-0001",)),
        (said(sure=False), [ROAD], "ask", ("LOE69-0002",)),
        (said(intent="none", category="other"), [ROAD], "new", ()),
        (said(reply="thanks"), [LIGHT], "thanks", ()),
        (said(intent="status"), [LIGHT], "new", ()),
        (said(sure=False), [], "new", ()),
    ],
)
def test_her_words_go_where_they_belong(
    words: Said, cases: list[Open], kind: str, codes: tuple[str, ...]
) -> None:
    verdict = whose(words, cases)
    assert (verdict.kind, verdict.codes) == (kind, codes)


@given(st.sampled_from(["", "nudge", "thanks", "answer"]), st.booleans(), st.booleans())
def test_a_danger_to_life_is_always_a_new_report(word: str, sure: bool, place: bool) -> None:
    assert whose(said(reply=word, sure=sure, place=place, emergency=True), [LIGHT, ROAD]).kind == "new"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ยังไม่ซ่อมเลย", "nudge"),
        ("ยังไม่มีใครมาเลยค่ะ รอมาสามวันแล้ว", "nudge"),
        ("เมื่อไหร่จะมาคะ", "nudge"),
        ("Still not fixed!", "nudge"),
        ("ขอบคุณค่ะ", "thanks"),
        ("ขอบคุณมากนะคะ", "thanks"),
        ("thank you", "thanks"),
        ("ใช่ครับ ฝั่งซ้าย", "answer"),
        ("ฝาท่อแตกหน้าบ้าน", ""),
        ("ขอบคุณที่มาซ่อม แต่ไฟดับอีกแล้ว", ""),
    ],
)
def test_short_words_are_read_for_what_they_are(text: str, meant: str) -> None:
    assert aside(text) == meant
