"""What members can lend each other for the town's cases, and who has it now."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Key, Link, Long, Word


class Resource(Base):
    """Equipment or hands somebody is willing to lend; where it stands is known by area."""

    __tablename__ = "resource"
    __table_args__ = (Index(None, "kind", "state"),)
    id: Mapped[Key]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Word]
    """One of the kinds in ``nlp/data/resources.toml``."""
    quantity: Mapped[int] = mapped_column(default=1)
    area: Mapped[Code]
    words: Mapped[Long] = mapped_column(default="")
    """How the owner described it, masked."""
    state: Mapped[Word] = mapped_column(default="listed")
    """"listed" or "withdrawn"."""
    at: Mapped[Instant]


class Loan(Base):
    """Somebody asks for a resource for one case. What is asked for is held until the owner answers."""

    __tablename__ = "loan"
    __table_args__ = (Index(None, "state", "due_at"),)
    id: Mapped[Key]
    resource_id: Mapped[Link] = mapped_column(ForeignKey("resource.id"), index=True)
    resource: Mapped[Resource] = relationship()
    case_code: Mapped[Code] = mapped_column(index=True)
    asker_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    quantity: Mapped[int] = mapped_column(default=1)
    state: Mapped[Word] = mapped_column(default="asked")
    """"asked", "lent", "refused", "lapsed" or "returned"."""
    asked_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    due_at: Mapped[Instant]
    """Asked: when the question lapses. Lent: when it should be back."""
    reminded_at: Mapped[Instant | None]
    returned_at: Mapped[Instant | None]
