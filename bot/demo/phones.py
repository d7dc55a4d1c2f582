"""What a person sees on her phone: the words, and the buttons with what they would say back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Tap:
    """A button: its postback data, also taken apart, and its label."""

    data: str
    values: dict[str, str]
    label: str

    @property
    def do(self) -> str:
        return self.values.get("do", "")


def taps(messages: list[dict[str, Any]]) -> list[Tap]:
    """All postback buttons of some messages, in reading order."""
    return list(_taps(messages))


def words(messages: list[dict[str, Any]]) -> str:
    """Everything there is to read, in one line."""
    return " ".join(_words(messages))


def _taps(part: Any) -> Iterator[Tap]:
    if isinstance(part, dict):
        if part.get("type") == "postback" and isinstance(part.get("data"), str):
            values = dict(parse_qsl(part["data"], keep_blank_values=True))
            yield Tap(part["data"], values, str(part.get("label", "")))
        for value in part.values():
            yield from _taps(value)
    elif isinstance(part, list):
        for value in part:
            yield from _taps(value)


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            if isinstance(value, dict | list):
                yield from _words(value)
    elif isinstance(part, list):
        for value in part:
            yield from _words(value)
