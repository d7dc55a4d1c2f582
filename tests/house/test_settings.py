"""House law: whoever installs the program finds every setting written down."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.code import ROOT, modules

README = ROOT / "README.md"


def variables() -> set[str]:
    """Names of environment variables that the settings read."""
    tree = next(tree for path, tree in modules().items() if path.as_posix() == "bot/config.py")
    names = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {name for name in names if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|PORT", name)} - {"LC_ALL"}


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path.as_posix()
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and getattr(node.value, "id", "") == "os"
    }
    assert readers == {"bot/config.py"}


@pytest.mark.skipif(not README.exists(), reason="the README is not written yet")
def test_every_setting_is_documented() -> None:
    text = README.read_text("utf-8")
    levels = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
    assert {name for name in variables() - levels if f"`{name}`" not in text} == set()
