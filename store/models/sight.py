"""Who saw the original words of a citizen, and thanks on their way to officials."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, Key, Link, Long, Word


class Audit(Base):
    """One reading of unmasked words. Rows are only added."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "case_code", "id"),)
    id: Mapped[Key]
    at: Mapped[Instant]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    actor: Mapped[Word]
    """As whom: code of the agency, or "cli:" and the name of the operator's account."""
    what: Mapped[Word]
    """"card" (pushed to her), "list", "thread", "case", "cases" or "export"."""
    case_code: Mapped[Code | None]
    """None when everything was read at once."""
    once: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Makes a reading count once however often the same card is sent."""


class Praise(Base):
    """Thanks that waits to be told to an agency, so that several come as one message."""

    __tablename__ = "praise"
    id: Mapped[Key]
    at: Mapped[Instant]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    agency: Mapped[Code] = mapped_column(index=True)
    case_code: Mapped[Code | None]
    text: Mapped[Long]
    """Masked words."""
    told_at: Mapped[Instant | None]
