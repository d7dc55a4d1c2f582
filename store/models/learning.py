"""What people corrected, kept as labelled rows for training; when was trained; and the city's past from elsewhere."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Key, Long, Word
from store.models.cases import Case


class Correction(Base):
    __tablename__ = "correction"
    id: Mapped[Key]
    at: Mapped[Instant]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    case: Mapped[Case | None] = relationship()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Word]
    text: Mapped[Long]
    """Masked: personal data does not teach."""
    guessed: Mapped[Code]
    category: Mapped[Code]


class Training(Base):
    """A training that came to its end, whatever it decided. One that died leaves no row."""

    __tablename__ = "training"
    id: Mapped[Key]
    at: Mapped[Instant]
    """City time."""
    up_to: Mapped[int]
    """The newest correction it has seen; later ones are new."""
    version: Mapped[str | None] = mapped_column(String(80))
    """What it promoted; None when nothing was."""
    words: Mapped[Long]
    """What it said, in English, for operators."""


class PastCase(Base):
    """A ticket of another system, imported: it teaches and is counted, and is never routed, promised or answered."""

    __tablename__ = "past_case"
    __table_args__ = (
        UniqueConstraint("source", "ticket"),
        Index("ix_past_case_category_state", "category", "state"),
    )
    id: Mapped[Key]
    source: Mapped[Word]
    ticket: Mapped[str] = mapped_column(String(80))
    """Its number there; the same one again replaces what was known."""
    types: Mapped[Long]
    """What it was called there."""
    category: Mapped[Code | None]
    """The first of ours among its types; None when none is known here."""
    clear: Mapped[bool]
    """Its types mean one category of ours, so that it may teach."""
    organization: Mapped[Long]
    text: Mapped[Long]
    """Masked."""
    area: Mapped[Code | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    opened_at: Mapped[Instant]
    moved_at: Mapped[Instant | None]
    """Its last sign of life; of a finished one the best public date of its end."""
    state: Mapped[Word]
    """"waiting", "in_progress", "forwarded", "done", "rejected" or "other"."""
    stars: Mapped[int | None]
    reopened: Mapped[int]


class PastTime(Base):
    """How long finished past cases of a category took: half of them between ``low`` and ``high`` days."""

    __tablename__ = "past_time"
    category: Mapped[Code] = mapped_column(primary_key=True)
    cases: Mapped[int]
    low: Mapped[float]
    high: Mapped[float]
