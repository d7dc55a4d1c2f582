"""What makes a network grow: introductions, lessons from closed cases, and how it stood each month."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, Json, Key, Link, Long, Word


class Introduction(Base):
    """Two actors that should meet. A pair is proposed once and never again, whatever comes of it."""

    __tablename__ = "introduction"
    __table_args__ = (UniqueConstraint("a", "b"), Index(None, "network", "month"))
    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    """Unguessable name in buttons."""
    network: Mapped[Code]
    month: Mapped[Word]
    a: Mapped[Word]
    """"agency:CODE" or "person:ID"; ``a`` sorts before ``b``."""
    b: Mapped[Word]
    why: Mapped[Json] = mapped_column(default=dict)
    """What both work on: "category", "area" (codes, or "") and "ties" they share."""
    state: Mapped[Word]
    """"offered" (to a representative), "asked" (both), "met", "declined" (somebody said no) or "dropped"."""
    offered_at: Mapped[Instant]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    a_person: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    b_person: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    a_answer: Mapped[Word] = mapped_column(default="")
    """"" (not yet), "yes" or "no"."""
    b_answer: Mapped[Word] = mapped_column(default="")
    a_card: Mapped[Long] = mapped_column(default="")
    """How she wants to be presented: chosen name, agency, contact. Told to the other only when both said yes."""
    b_card: Mapped[Long] = mapped_column(default="")


class Lesson(Base):
    """What a well-solved case teaches, in the words of the official who solved it."""

    __tablename__ = "lesson"
    __table_args__ = (Index(None, "state", "category"), Index(None, "person_id", "asked_at"))
    id: Mapped[Key]
    case_code: Mapped[Code] = mapped_column(unique=True)
    network: Mapped[Code | None]
    category: Mapped[Code]
    area: Mapped[Code | None]
    agency: Mapped[Code]
    who: Mapped[Json] = mapped_column(default=dict)
    """"helpers": codes of the agencies that helped; "days": from report to done."""
    problem: Mapped[Long] = mapped_column(default="")
    worked: Mapped[Long] = mapped_column(default="")
    cost: Mapped[Long] = mapped_column(default="")
    """Money, people or time it took, in her words; "" where she did not say."""
    state: Mapped[Word]
    """"asked", "published" or "refused"."""
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Instant]
    published_at: Mapped[Instant | None]


class NetworkMonth(Base):
    """How a network stood on the first of a month, so that the next month can be compared."""

    __tablename__ = "network_month"
    __table_args__ = (UniqueConstraint("network", "month"),)
    id: Mapped[Key]
    network: Mapped[Code]
    month: Mapped[Word]
    """"2026-12": the month that begins."""
    at: Mapped[Instant]
    figures: Mapped[Json] = mapped_column(default=dict)
