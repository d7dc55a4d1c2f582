"""Ids given before the INSERT, on SQLite only.

SQLite can't say which id belongs to which row of an INSERT of several rows, so the ORM would insert them one by one. The
one writer a SQLite file has may number its rows itself, and each table then takes one statement for a whole unit of work.
PostgreSQL's ids come from its own sequences, many rows at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session


def number_new_rows(session: Session) -> None:
    """Let every flush of this session, whose transaction holds SQLite's write lock, number its new rows."""
    event.listen(session, "before_flush", _number)


def _number(session: Session, _context: Any, _instances: Any) -> None:
    fresh: dict[Mapper[Any], list[Any]] = defaultdict(list)
    for row in session.new:
        state = inspect(row)
        if getattr(row, "id", 0) is None:
            fresh[state.mapper].append(state)
    for mapper, states in fresh.items():
        states.sort(key=lambda state: state.insert_order)
        for number, state in enumerate(states, _last(session, mapper) + 1):
            state.object.id = number


def _last(session: Session, mapper: Mapper[Any]) -> int:
    table = session.connection().dialect.identifier_preparer.format_table(mapper.local_table)
    return session.connection().exec_driver_sql(f"SELECT max(id) FROM {table}").scalar() or 0
