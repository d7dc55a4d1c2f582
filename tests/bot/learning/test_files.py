"""Files for training that are wrong or hostile: one clear error with its line, and nothing changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands.common import Fault
from bot.commands.files import MOST_LINE
from bot.commands.training import added_rows

GOOD = '{"text":"ไฟดับ","category":"street_light"}\n'.encode()


def rows(folder: Path, content: bytes) -> list[tuple[str, str, float]]:
    path = folder / "rows.jsonl"
    path.write_bytes(content)
    return [(row.text, row.category, row.weight) for row in added_rows([str(path)])]


BAD = {
    "not UTF-8": (GOOD + b"\xff\xfe\n", "line 2: not UTF-8"),
    "NUL": (GOOD + b'{"text":"a\x00"}\n', "line 2: not text"),
    "not JSON": (GOOD + b"road,hole\n", "line 2: not JSON"),
    "a list": (GOOD + b"[1]\n", "line 2: not a JSON object"),
    "missing keys": (GOOD + b'{"text":"a"}\n', "line 2: a row needs"),
    "numbers for strings": (b'{"text":1,"category":"road"}\n', "line 1: a row needs"),
    "unknown category": (GOOD + b'{"text":"a","category":"evil"}\n', "line 2: unknown category 'evil'"),
    "empty text": (b'{"text":" ","category":"road"}\n', "line 1: the text is empty"),
    "bad weight": (b'{"text":"a","category":"road","weight":NaN}\n', 'line 1: "weight"'),
    "huge weight": (b'{"text":"a","category":"road","weight":1e9}\n', 'line 1: "weight"'),
    "a line of ten megabytes": (
        GOOD + b'{"text":"' + b"a" * 10_000_000,
        f"line 2: longer than {MOST_LINE} bytes",
    ),
    "deep nesting": (b'{"text":' + b"[" * 200_000 + b"\n", "line 1: n"),
    "empty": (b"", "no rows"),
    "only blank lines": (b"\n \n", "no rows"),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_file_is_refused_with_the_line_that_is_bad(tmp_path: Path, kind: str) -> None:
    content, words = BAD[kind]
    with pytest.raises(Fault) as refused:
        rows(tmp_path, content)
    assert words in str(refused.value) and "\n" not in str(refused.value) and len(str(refused.value)) < 400
    assert refused.value.code == 2


@pytest.mark.parametrize("name", ["", "missing.jsonl"])
def test_a_folder_or_nothing_at_all_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault):
        added_rows([str(tmp_path / name)])


def test_a_mark_of_byte_order_windows_ends_and_a_missing_last_end_are_fine(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n") + b'{"text":"b","category":"road"}'
    assert [category for _, category, _ in rows(tmp_path, content)] == ["street_light", "road"]


def test_the_same_row_a_million_times_is_one_row(tmp_path: Path) -> None:
    assert rows(tmp_path, GOOD * 1_000_000) == [("ไฟดับ", "street_light", 1.0)]


def test_a_text_that_its_file_contradicts_evenly_is_left_out(tmp_path: Path) -> None:
    other = json.dumps({"text": "ไฟดับ", "category": "cables"}).encode() + b"\n"
    assert rows(tmp_path, GOOD + other) == []
    assert rows(tmp_path, GOOD + other + GOOD) == [("ไฟดับ", "street_light", 1.0)]
