"""`saan evaluate`: its table, its page, and what it says to files that are wrong or hostile."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import main
from bot.report_card.page import LANGUAGES, texts
from tests.installation import LINE, environment

Run = Callable[..., tuple[int, str, str]]
ROWS = [
    {"text": "ไฟทางดับ โทร 081-234-5678", "gold": "street_light", "intent": "report", "urgent": 0},
    {"text": "ถนนเป็นหลุม <b>ลึก</b>", "gold": "road", "acceptable": ["road"], "stratum": "rare"},
    {"text": "ขยะล้นถังหน้าตลาด", "gold": "waste", "acceptable": ["waste", "canal"]},
]


@pytest.fixture
def saan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an installation of its own: exit code, stdout, stderr."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name in LINE:
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_the_table_has_a_value_an_interval_and_a_number_of_messages(saan: Run, rows: Path) -> None:
    code, out, _ = saan("evaluate", str(rows))
    lines = [line.split("\t") for line in out.splitlines()]
    assert code == 0 and lines[0] == ["n", "3"]
    table = {line[0]: line[1:] for line in lines[1:]}
    assert table["top1_acceptable"][0] == "1.0000" and table["top1_acceptable"][2] == "3"
    assert re.fullmatch(r"0\.\d{3}-1\.000", table["top1_acceptable"][1])
    assert table["intent_recall report"][2] == "1" and table["top1 rare"][2] == "1"


class _Page(HTMLParser):
    """What a page loads from elsewhere, its tags, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_stands_alone_with_its_plots_and_masks_personal_data(
    saan: Run, rows: Path, tmp_path: Path, lang: str
) -> None:
    out = tmp_path / "card.html"
    assert saan("evaluate", str(rows), "--report", str(out), "--lang", lang)[0] == 0
    page = _Page()
    page.feed(out.read_text(encoding="utf-8"))
    assert page.outside == [] and "script" not in page.tags
    assert page.tags.count("svg") == 3 and {"circle", "polyline", "rect"} <= set(page.tags)
    assert texts(lang)["title"] in page.words and "081" not in page.words
    assert "street_light" in page.words


def test_both_languages_of_the_page_say_the_same_things() -> None:
    assert texts("th").keys() == texts("en").keys()


def test_a_page_that_cannot_be_written_is_one_clear_error(saan: Run, rows: Path, tmp_path: Path) -> None:
    code, out, err = saan("evaluate", str(rows), "--report", str(tmp_path / "no" / "folder.html"))
    assert code == 2 and out == "" and "folder.html" in err and err.count("\n") == 1


GOOD = b'{"text": "x", "gold": "road"}\n'
BAD = {
    "not UTF-8": b'{"text": "\xff", "gold": "road"}',
    "not JSON": b"{text: 1}",
    "cut short": b'{"text": "a", "gold": "ro',
    "not an object": b'["text"]',
    "nested deeply": b"[" * 100_000,
    "no text": b'{"gold": "road"}',
    "no gold": b'{"text": "a"}',
    "a number as text": b'{"text": 5, "gold": "road"}',
    "NaN as text": b'{"text": NaN, "gold": "road"}',
    "NaN as gold": b'{"text": "a", "gold": NaN}',
    "a number beyond numbers": b'{"text": ' + b"9" * 5000 + b', "gold": "road"}',
    "an unknown gold": b'{"text": "a", "gold": "dragons"}',
    "a very long gold": b'{"text": "a", "gold": "' + b"x" * 100_000 + b'"}',
    "half a character as gold": b'{"text": "a", "gold": "\\ud800"}',
    "an unknown acceptable": b'{"text": "a", "gold": "road", "acceptable": ["dragons"]}',
    "acceptable as a string": b'{"text": "a", "gold": "road", "acceptable": "road"}',
    "an unknown intent": b'{"text": "a", "gold": "road", "intent": "sing"}',
    "an intent that is a list": b'{"text": "a", "gold": "road", "intent": ["report"]}',
    "urgent as a word": b'{"text": "a", "gold": "road", "urgent": "very"}',
    "a list as stratum": b'{"text": "a", "gold": "road", "stratum": []}',
    "ten million letters": b'{"text": "' + b"a" * 10_000_000 + b'", "gold": "road"}',
    "a zero byte": b'{"text": "a\x00", "gold": "road"}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD.keys())
def test_a_wrong_line_is_one_error_with_its_number(saan: Run, tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(GOOD + b"\n" + line + b"\n" + GOOD)
    code, out, err = saan("evaluate", str(path), "--report", str(tmp_path / "card.html"))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and "line 3" in err and len(err) < 400
    assert not (tmp_path / "card.html").exists()


def test_no_rows_a_folder_and_no_file_are_said(saan: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n \n", encoding="utf-8")
    for path in (tmp_path / "empty.jsonl", tmp_path, tmp_path / "missing.jsonl"):
        code, out, err = saan("evaluate", str(path))
        assert (code, out) == (2, "") and err.count("\n") == 1 and str(path) in err
    assert saan("evaluate")[0] == 2
    assert saan("evaluate", str(tmp_path / "empty.jsonl"), "--held-out")[0] == 2


def test_texts_of_any_kind_are_measured(saan: Run, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    odd = ["", "\u0000", "\ud800", "<svg onload=x>", "ก" * 9000, "👩‍👩‍👧"]
    path.write_text(
        "".join(json.dumps({"text": text, "gold": "other"}) + "\n" for text in odd), encoding="utf-8"
    )
    code, out, _ = saan("evaluate", str(path), "--json", "--report", str(tmp_path / "card.html"))
    assert code == 0 and json.loads(out)["n"] == len(odd)
    assert "onload" not in (tmp_path / "card.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "a", "category": "road", "weight": NaN}',
        '{"text": "a", "category": "road", "weight": -1}',
        '{"text": "a", "category": "road", "weight": 1e308}',
        '{"text": "a", "category": "road", "place": "here"}',
        '{"text": "a", "category": "road", "also": [1]}',
        '{"text": "a", "category": "road", "intent": "sing"}',
        '{"text": "a", "category": "road", "urgent": 7}',
        '{"text": "a", "category": "dragons"}',
        '{"text": "a"}',
    ],
)
def test_a_wrong_row_to_learn_from_is_one_error_with_its_number(saan: Run, tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "category": "road"}\n' + line, encoding="utf-8")
    code, out, err = saan("train", "--add", str(path))
    assert (code, out) == (2, "") and err.count("\n") == 1 and "line 2" in err
