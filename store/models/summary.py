"""Figures that would take too long to count each time somebody looks."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, Json


class Summary(Base):
    """Figures of the city as they stood at an instant, under a name; the clock counts them anew."""

    __tablename__ = "summary"
    name: Mapped[Code] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    data: Mapped[Json]
