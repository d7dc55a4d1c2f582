"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware instant. SQLite has no zone, so it is kept there as UTC and given its zone back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    # The two processors are given whole: a decorator's usual hooks cost twice the call for every value of a large page.

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _to_sqlite if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _from_sqlite if dialect.name == "sqlite" else _in_utc


def _to_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone must not be stored")
    return value.astimezone(UTC)


def _to_sqlite(value: datetime | None) -> str | None:
    """As SQLAlchemy writes its own times there: words of one length, which sort as the instants do."""
    utc = _to_utc(value)
    return None if utc is None else utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


Data: Any = JSON().with_variant(JSONB(), "postgresql")
"""A JSON value; JSONB where the engine has it."""
