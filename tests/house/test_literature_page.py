"""Every row of the literature stands in docs/literature.md, with code and a test that exist and name it."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.code import ROOT

ROWS = [f"L{number}" for number in range(1, 26)]
PAGE = (ROOT / "docs" / "literature.md").read_text("utf-8")
LINES = {
    line.split("|")[1].strip(): line.split("|")[2:-1] for line in PAGE.splitlines() if line.startswith("| L")
}


def _names(path: str) -> set[str]:
    """What a Python file defines at its top, or in its classes."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    named = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    return named | {
        t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)
    }


def test_every_row_has_one_line_with_idea_code_simulator_and_test() -> None:
    assert list(LINES) == ROWS
    assert [row for row, cells in LINES.items() if len(cells) != 4 or not all(c.strip() for c in cells)] == []


@pytest.mark.parametrize("row", ROWS)
def test_the_code_of_a_row_is_where_the_page_says(row: str) -> None:
    named = re.findall(r"`((?:bot|handlers|nlp|scheduler|store)/[^`:]+)(?::(\w+))?`", LINES[row][1])
    assert named, "the line names no code"
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert not name or name in _names(path), f"{path} has no {name}"


@pytest.mark.parametrize("row", ROWS)
def test_a_test_names_the_row(row: str) -> None:
    (named,) = re.findall(r"`(tests/[^`]+)::(test_\w+)`", LINES[row][3])
    path, function = named
    assert row.lower() in function.split("_"), f"{function} does not name {row}"
    assert function in _names(path), f"{path} has no {function}"
