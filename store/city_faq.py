"""Reads `faq.csv`: the questions people ask often, in several wordings, with the city's answers."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from store.city_cells import Once, Row
from store.city_data import FaqRow
from store.city_files import rows_of

FILE = "faq.csv"
LONGEST_ANSWER = 900
"""Letters, so that answer, link and question fit into one message."""


def read_faq(folder: Path, agencies: Collection[str]) -> tuple[FaqRow, ...]:
    """The rows of the file; () for a folder without one. Faults raise CityFolderError."""
    if not (folder / FILE).exists():
        return ()
    found, codes = list[FaqRow](), Once("code")
    for row in rows_of(folder, FILE):
        entry = _entry(row, agencies)
        codes.add(row, entry.code)
        found.append(entry)
    return tuple(found)


def _entry(row: Row, agencies: Collection[str]) -> FaqRow:
    questions = row.parts("questions")
    if not questions:
        row.fail("questions is empty")
    link = row.maybe("link")
    if link and not link.startswith(("https://", "http://")):
        row.fail(f"link {link!r} must begin with https://")
    return FaqRow(
        code=row.agency_code(),
        questions=questions,
        answer_th=_answer(row, "answer_th"),
        answer_en=_answer(row, "answer_en"),
        agency=row.known("agency", agencies, "agency") if row.maybe("agency") else "",
        link=link,
    )


def _answer(row: Row, column: str) -> str:
    text = row.text(column)
    if len(text) > LONGEST_ANSWER:
        row.fail(f"{column} has {len(text)} letters; at most {LONGEST_ANSWER} fit into a message")
    return text
