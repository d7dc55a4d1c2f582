"""Finds what somebody wrote in an answer: without the mail it answers, and without the signature."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"}
_UNSEEN = {"style", "script", "head", "title", "blockquote"}
_VOID = {"br", "img", "hr", "meta", "link", "input", "wbr", "col", "area", "base"}
_QUOTE_CLASSES = ("gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix")


@cache
def marks() -> dict[str, Any]:
    """What mail programs put in by themselves, as regular expressions by name."""
    found = tomllib.loads(Path(__file__).with_name("mail_words.toml").read_text("utf-8"))
    return {
        name: re.compile("|".join(f"(?:{p})" for p in ([shape] if isinstance(shape, str) else shape)), re.I)
        for name, shape in found.items()
    }


def own_words(text: str) -> str:
    """What the sender wrote above the mail she answers; below it, when there is nothing above."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    above = _clean(lines[: _quote_begins(lines)])
    return above or _clean([line for line in lines if not _is_mark(line)])


def _quote_begins(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        following = " ".join(part.strip() for part in lines[number : number + 2])
        if _is_mark(line) or marks()["quoted"].match(following.strip()) or _is_header_block(lines, number):
            return number
    return len(lines)


def _is_mark(line: str) -> bool:
    return line.lstrip().startswith(">") or bool(marks()["quoted"].match(line.strip()))


def _is_header_block(lines: list[str], number: int) -> bool:
    """Outlook repeats the head of the mail: from, sent, to, subject on lines that follow each other."""
    if not marks()["headers"].fullmatch(lines[number].strip()):
        return False
    following = [line.strip() for line in lines[number + 1 : number + 6] if line.strip()]
    return sum(bool(marks()["more_headers"].fullmatch(line)) for line in following) >= 2


def _clean(lines: list[str]) -> str:
    """Without signature and empty edges."""
    for number, line in enumerate(lines):
        if marks()["signature"].fullmatch(line.strip()):
            lines = lines[:number]
            break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """The seen words of a page, with line breaks where blocks end; quoted blocks are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        classes = dict(attrs).get("class") or ""
        quoted = tag in _UNSEEN or any(name in classes for name in _QUOTE_CLASSES)
        if tag not in _VOID and (self._hidden or quoted):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden and self._hidden.pop() != tag:
                pass
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split()) if data.strip() else " ")


def plain(page: str) -> str:
    """An HTML mail as text."""
    reader = _Words()
    reader.feed(page)
    reader.close()
    return re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.parts)).strip()
