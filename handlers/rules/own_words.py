"""Whether a city's own wording of a sentence can stand in for the program's. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter

import regex

from handlers.rules.city_check import Finding
from store.city_data import TextRow

_FIXED = ("word.", "mail_word.", "time.")
"""Words that people type and names that programs read: other wording would break what it stands for."""
BUTTON, MOST_BUTTON = "button.", 20
"""A button holds at least as much as LINE shows of one at once, and never less than the program puts there."""
LEAST_ROOM, GROWTH = 160, 2
"""A sentence may be this long, or that many times as long as the program's: room is kept for names and dates."""
UNKNOWN, FIXED, BLANK, LOST, LONG = (f"text.{name}" for name in ("unknown", "fixed", "blank", "lost", "long"))

Sentences = Mapping[str, Mapping[str, str]]
"""The program's sentences by language and key."""


def open_to_change(key: str, program: Sentences) -> bool:
    """Whether a city may say it differently."""
    known = all(key in sentences for sentences in program.values())
    return known and not key.startswith(_FIXED) and not any("|" in own[key] for own in program.values())


def room(key: str, given: str) -> int:
    """The most letters (as people count them) that a sentence may have in place of ``given``."""
    length = letters(given)
    return max(MOST_BUTTON, length) if key.startswith(BUTTON) else max(LEAST_ROOM, GROWTH * length)


def letters(words: str) -> int:
    """Letters as people see them: a vowel above counts with what it stands on."""
    return len(regex.findall(r"\X", words))


def blanks(words: str) -> frozenset[str] | None:
    """Names of the blanks; None when the braces can't be read, or hold more than a name."""
    try:
        parts = [part for part in Formatter().parse(words) if part[1] is not None]
    except ValueError:
        return None
    plain = all(name and name.isidentifier() and not spec and not change for _, name, spec, change in parts)
    return frozenset(str(name) for _, name, _, _ in parts) if plain else None


def filled(words: str, blank: str = "23") -> str:
    """The words with every blank filled; as they are where the blanks can't be read."""
    return words.format_map(dict.fromkeys(blanks(words) or (), blank)) if blanks(words) is not None else words


def judge(rows: tuple[TextRow, ...], program: Sentences) -> list[Finding]:
    """Everything that is wrong with a city's own sentences (errors), and blanks that got lost (warnings)."""
    return [finding for row in rows for finding in _of_row(row, program)]


def _of_row(row: TextRow, program: Sentences) -> Iterator[Finding]:
    if not all(row.key in sentences for sentences in program.values()):
        yield Finding("error", UNKNOWN, {"text": row.key})
    elif not open_to_change(row.key, program):
        yield Finding("error", FIXED, {"text": row.key})
    else:
        for lang, own in (("th", row.th), ("en", row.en)):
            if own:
                yield from _of_words(row.key, own, program[lang][row.key])


def _of_words(key: str, own: str, given: str) -> Iterator[Finding]:
    found, wanted = blanks(own), blanks(given) or frozenset()
    most = room(key, given)
    if found is None or not found <= wanted:
        shown = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "–"
        yield Finding("error", BLANK, {"text": key, "blanks": shown})
    elif found < wanted:
        lost = ", ".join(f"{{{name}}}" for name in sorted(wanted - found))
        yield Finding("warning", LOST, {"text": key, "blanks": lost})
    if letters(own) > most:
        yield Finding("error", LONG, {"text": key, "n": str(letters(own)), "most": str(most)})
