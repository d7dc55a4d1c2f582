"""House laws about the shape of the code: small files, small functions, Thai only in data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from store import schema
from tests.house.code import FOLDERS, ROOT, functions, modules

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
THAI = re.compile("[\u0e00-\u0e7f]")


def test_no_file_is_too_long_to_read_in_one_go() -> None:
    lengths = {str(path): len((ROOT / path).read_text("utf-8").splitlines()) for path in modules()}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_too_long_to_see_at_once() -> None:
    long = {
        f"{path}:{node.name}": length
        for path, tree in modules().items()
        for node in functions(tree)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_no_modules_need_each_other_in_a_circle() -> None:
    """Imports inside functions count; those for types alone do not."""
    needs = {_name(path): _needed(tree) for path, tree in modules().items()}
    graph = {name: {other for other in found if other in needs} - {name} for name, found in needs.items()}
    with_their_own = {name: found for name, found in graph.items() if not name.endswith("__init__")}
    TopologicalSorter(with_their_own).prepare()  # raises CycleError and names the circle


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _needed(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in _at_run_time(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _at_run_time(child)


def test_thai_letters_are_data_and_never_code() -> None:
    files = [
        path
        for folder in FOLDERS
        for kind in ("py", "html", "js", "css")
        for path in (ROOT / folder).rglob(f"*.{kind}")
    ]
    assert [str(path.relative_to(ROOT)) for path in files if THAI.search(path.read_text("utf-8"))] == []


def test_nothing_is_left_to_be_done_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [str(path) for path in modules() if later.search((ROOT / path).read_text("utf-8"))] == []


def test_every_module_says_what_it_is() -> None:
    silent = [str(p) for p, tree in modules().items() if tree.body and ast.get_docstring(tree) is None]
    assert silent == []


def test_there_is_one_newest_migration() -> None:
    assert len(schema.heads()) == 1
