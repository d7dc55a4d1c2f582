"""The declarative base: naming of constraints (migrations need stable names) and shared columns."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Annotated, Any

from sqlalchemy import BigInteger, Float, Integer, MetaData, String, Text, event, inspect
from sqlalchemy.orm import DeclarativeBase, mapped_column

from store.types import Data, UtcTime

Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Link = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Code = Annotated[str, mapped_column(String(40))]
Word = Annotated[str, mapped_column(String(40))]
Long = Annotated[str, mapped_column(Text)]
Instant = Annotated[datetime, mapped_column(UtcTime)]
Machine = Annotated[float, mapped_column(Float(53))]
"""Seconds since 1970 by the machine's own clock: leases, retries, tokens (never the city clock)."""
Json = Annotated[dict[str, Any], mapped_column(Data)]
Codes = Annotated[list[str], mapped_column(Data)]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@event.listens_for(Base, "init", propagate=True)
def _know_defaults(row: Base, _args: Any, given: dict[str, Any]) -> None:
    """A new row has its defaults at once and not only when it is written, so that decisions can read them."""
    for name, default in _defaults(type(row)):
        if name not in given:
            given[name] = default.arg(None) if default.is_callable else default.arg


@cache
def _defaults(kind: type[Base]) -> tuple[tuple[str, Any], ...]:
    columns = inspect(kind).column_attrs
    found = ((attribute.key, attribute.columns[0].default) for attribute in columns)
    return tuple(
        (name, default) for name, default in found if default is not None and not default.is_sequence
    )
