"""Any text at all is understood without an error and in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import Understander
from tests.nlp.conftest import shared_rows

HOSTILE = [
    "",
    " ",
    "\n\n",
    "\u200b\u200d\ufeff",
    "\ud800",
    "\udfff\ud800x",
    "😀" * 500,
    "ก" * 6000,
    "น้ำท่วม" * 2000,
    "่้๊๋" * 300,
    "เเเเเเ" * 500,
    "ำ" * 1000,
    "<script>alert(1)</script>" * 50,
    "<" * 3000,
    "&#x110000;&#55555;&lt;&amp;",
    "a" * 10_000,
    "1" * 5000,
    "0 8 1 " * 1000,
    "๐" * 3000,
    "นาย" * 1000,
    "ต." * 1500,
    "ซอย " * 1200,
    "\x00\x01\x02 ไฟดับ",
    "السلام عليكم 你好 ไฟดับ hello",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "' OR 1=1; --",
    "{}[]()*+?^$|\\",
    "\u202eไฟดับ\u202c",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_understood_within_a_second(understander: Understander, text: str) -> None:
    begun = time.perf_counter()
    found = understander.understand(text)
    assert time.perf_counter() - begun < 1.0
    assert len(found.top) == 3
    found.masked.encode()
    found.text.encode()


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec=None), max_size=300))
def test_no_text_raises(understander: Understander, text: str) -> None:
    assert understander.understand(text).decision in ("sure", "ask", "person")


@settings(max_examples=100, deadline=None)
@given(st.text("กขคงนมรลวสหอะาิีุูเแโไใ่้์ๆำ0123456789 ./-ซอยถนนหมู่ต.อ.จ.", max_size=200))
def test_no_thai_looking_text_raises(understander: Understander, text: str) -> None:
    found = understander.understand(text)
    assert found.place is None or found.place.text.strip() == found.place.text


def test_the_same_text_is_always_understood_the_same(understander: Understander) -> None:
    text = "ฝาท่อหน้าตลาดนัดแตก ใครเดินผ่านระวังนะคะ"
    assert understander.understand(text) == understander.understand(text)


def test_every_real_message_is_understood(understander: Understander) -> None:
    for row in shared_rows("real-messages.jsonl"):
        found = understander.understand(str(row["text"]))
        assert len(found.top) == 3
