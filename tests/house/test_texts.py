"""House laws about what the bot says: the same keys in both languages, all used, all fit for LINE."""

from __future__ import annotations

import ast
import re

import pytest
import regex

from bot.line.render import render
from handlers.flows.promise import REASONS, SPANS
from handlers.incoming import Kind
from handlers.messages.neutral import Card, Line, Text, tap
from handlers.messages.texts import LANGUAGES, sentences
from handlers.rules import handover
from handlers.rules.deadlines import LADDER, PLAN, PUBLIC, REPRESENT
from store.words import RoleName, Status
from tests.house.code import modules, patterns, strings

BLANK = re.compile(r"{(\w+)}")
SPOKEN = [(lang, key) for lang in LANGUAGES for key in sentences(lang)]
WRITING = {path: tree for path, tree in modules().items() if path.parts[0] in ("handlers", "bot")}
FAMILIES = {
    "status": list(Status),
    "role": list(RoleName),
    "odd": [k.value for k in (Kind.STICKER, Kind.VOICE, Kind.VIDEO, Kind.FILE)],
    "every": ["daily", "weekly", "monthly", "off"],
    "invite": ["wrong", "used", "expired", "slow_down", *(f"can_{role}" for role in RoleName)],
    "headline": [
        f"{rung}_{kind}"
        for kind, ladder in LADDER.items()
        for rung, _ in ladder
        if rung not in (REPRESENT, PUBLIC)
    ],
    "case": [f"due_{kind}" for kind in LADDER if kind != PLAN],
    "plan": [*SPANS, *(f"why_{why}" for why in REASONS)],
    "part": [f"state_{state}" for state in ("asked", "accepted", "done", "declined", "late")],
    "decline": list(handover.REASONS),
    "told": [f"why_{why}" for why in handover.REASONS],
    "assign": ["no_power", "delegated_lead"],
}
"""Keys that are put together at run time."""


def filled(text: str, value: str = "23") -> str:
    return BLANK.sub(value, text)


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    def shape(lang: str) -> dict[str, list[str]]:
        return {key: sorted(BLANK.findall(text)) for key, text in sentences(lang).items()}

    assert shape("th") == shape("en")


def test_every_key_that_is_said_exists() -> None:
    missing = {
        f"{path}: {key}" for path, tree in WRITING.items() for key in said(tree) if key not in sentences("th")
    }
    assert missing == set()


def said(tree: ast.Module) -> set[str]:
    """Keys named where something is said: say(lang, "key"), talk.say("key"), answer("key"), words("key")."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("say", "answer", "words"):
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and "." in str(a.value)}
    return {str(key) for key in found}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_key_of_a_family_exists(family: str) -> None:
    assert {f"{family}.{name}" for name in FAMILIES[family]} <= sentences("th").keys()


def test_every_kind_of_history_can_be_told() -> None:
    kinds = set()
    for tree in WRITING.values():
        for node in ast.walk(tree):
            name = (
                getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            )
            at = {"note": 2, "move": 4}.get(name)
            if isinstance(node, ast.Call) and at is not None and len(node.args) > at:
                kind = node.args[at]
                kinds |= {kind.value} if isinstance(kind, ast.Constant) else set()
    assert kinds, "no kind of history was found in the code"
    assert {f"history.{kind}" for kind in kinds} <= sentences("th").keys()


def test_nothing_is_written_that_is_never_said() -> None:
    literal = {text for tree in WRITING.values() for text in strings(tree)}
    made = [re.compile(p) for tree in WRITING.values() for p in patterns(tree) if re.match(r"[a-z]+\\\.", p)]
    unused = [
        key for key in sentences("th") if key not in literal and not any(p.fullmatch(key) for p in made)
    ]
    assert unused == []


@pytest.mark.parametrize(("lang", "key"), SPOKEN)
def test_every_sentence_fits_where_it_is_shown(lang: str, key: str) -> None:
    text = filled(sentences(lang)[key]).strip()
    assert text
    if key.startswith("button."):
        render([Card(title="x", buttons=(tap(text, "menu", shown=text),))])
        assert len(regex.findall(r"\X", text)) <= 40
    else:
        render([Text(text), Card(title=text, body=text, alt=text[:400], lines=(Line(text, text),))])
