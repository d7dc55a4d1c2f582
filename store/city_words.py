"""Rows of a city folder that are words of the bot: answers to frequent questions, and sentences in the city's own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FaqRow:
    """A question asked often, in several wordings; `agency` answers when the text does not help ("" = by category)."""

    code: str
    questions: tuple[str, ...]
    answer_th: str
    answer_en: str
    agency: str
    link: str


@dataclass(frozen=True)
class TextRow:
    """A sentence of the bot in the city's own words; "" in a language keeps the sentence that the program brings."""

    key: str
    th: str
    en: str
