"""The part of our own messages that is kept for measuring, and how learning goes with more messages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from nlp.types import Row

EVERY = 6
"""One row of so many is held out."""
PARTS = (0.1, 0.25, 0.5, 1.0)


def _place(row: Row) -> int:
    return int.from_bytes(hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).digest()[:4])


def split(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows to learn from and those held out: by the text alone, so that the same are held out every time."""
    known = list(rows)
    return [row for row in known if _place(row) % EVERY], [row for row in known if not _place(row) % EVERY]


def labelled(row: Row) -> dict[str, Any]:
    """A row of the corpus as a row to be measured on."""
    return {
        "text": row.text,
        "gold": row.category,
        "acceptable": [row.category, *row.also],
        "intent": row.intent,
        "urgent": row.urgent,
    }


def learning_parts(rows: Sequence[Row], parts: Sequence[float] = PARTS) -> list[list[Row]]:
    """Growing parts of some rows, each holding the smaller ones."""
    ordered = sorted(rows, key=_place)
    return [ordered[: max(1, round(len(ordered) * part))] for part in parts]
