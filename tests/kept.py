"""Where in the database a word stands, for tests of what must be gone."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from store import Unit
from store.models.base import Base


def kept(unit: Unit, word: str) -> list[str]:
    """The tables in which a word stands, in whatever column."""
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if any(word in _plain(row) for row in unit.session.execute(select(table)).all())
    ]


def _plain(row: Any) -> str:
    return json.dumps(list(row), ensure_ascii=False, default=str)
