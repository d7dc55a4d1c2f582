"""Reads `texts.csv`: sentences of the bot that a city says in its own words. Whether they fit is judged by handlers."""

from __future__ import annotations

import re
from pathlib import Path

from store.city_cells import Once, Row
from store.city_data import TextRow
from store.city_files import rows_of

FILE = "texts.csv"
LONGEST = 2000
"""Letters of one sentence; far more than any card can show."""
_KEY = re.compile(r"[a-z_0-9]+(\.[a-z_0-9]+)+", re.ASCII)


def read_texts(folder: Path) -> tuple[TextRow, ...]:
    """The rows of the file, by key; () for a folder without one. Faults raise CityFolderError."""
    if not (folder / FILE).exists():
        return ()
    found, keys = list[TextRow](), Once("key")
    for row in rows_of(folder, FILE):
        made = TextRow(
            row.match("key", _KEY, "a key like report.where"), _words(row, "th"), _words(row, "en")
        )
        keys.add(row, made.key)
        found.append(made)
    return tuple(sorted((one for one in found if one.th or one.en), key=lambda one: one.key))


def _words(row: Row, column: str) -> str:
    words = row.maybe(column).replace("\r\n", "\n").replace("\r", "\n")
    if len(words) > LONGEST:
        row.fail(f"{column} has {len(words)} letters; at most {LONGEST} fit into a message")
    return words
