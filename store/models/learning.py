"""What people corrected, kept as labelled rows for training."""

from __future__ import annotations

from sqlalchemy import ForeignKey
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
