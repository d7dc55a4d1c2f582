"""The project's own files, as the house laws read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "nlp", "store", "scheduler")


@cache
def modules() -> dict[Path, ast.Module]:
    """Every Python file of the program with its syntax tree; migrations, which are generated, left out."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "versions" not in path.parts:
                found[path.relative_to(ROOT)] = ast.parse(path.read_text("utf-8"))
    return found


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def strings(tree: ast.Module) -> Iterator[str]:
    return (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def patterns(tree: ast.Module) -> Iterator[str]:
    """Strings with blanks as regular expressions: f"status.{x}" gives "status\\..+"."""
    import re

    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values]
            yield "".join(parts)
