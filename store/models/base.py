"""The declarative base: naming of constraints (migrations need stable names) and shared columns."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Float, Integer, MetaData, String, Text
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
