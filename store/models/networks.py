"""Membership in issue networks and its five steps."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Json, Key, Link, Word
from store.models.cases import Case


class Membership(Base):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("network", "person_id"), Index(None, "network", "state"))
    id: Mapped[Key]
    network: Mapped[Code]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Word] = mapped_column(default="individual")
    """"individual", "node" or "network"."""
    sector: Mapped[Word] = mapped_column(default="civil")
    role: Mapped[Word] = mapped_column(default="member")
    state: Mapped[Word]
    every: Mapped[Word] = mapped_column(default="weekly")
    """How often she wants to hear: daily, weekly, monthly or off."""
    invited_at: Mapped[Instant | None]
    joined_at: Mapped[Instant | None]
    left_at: Mapped[Instant | None]
    steps: Mapped[list[Step]] = relationship(order_by="Step.number")


class Step(Base):
    """One of the five steps of a membership: when it is due, what shows that it happened, how it ended."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("membership_id", "number"), Index(None, "state", "due_at"))
    id: Mapped[Key]
    membership_id: Mapped[Link] = mapped_column(ForeignKey("membership.id"))
    number: Mapped[int]
    state: Mapped[Word]
    """"due", "sent", "answered", "silent" or "void"."""
    due_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]
    outcome: Mapped[Word] = mapped_column(default="")
    evidence: Mapped[Json] = mapped_column(default=dict)


class CheckIn(Base):
    """A quick follow-up about one accepted case, beside step 3 of the membership."""

    __tablename__ = "check_in"
    __table_args__ = (Index(None, "state", "due_at"),)
    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    case: Mapped[Case | None] = relationship()
    network: Mapped[Code | None]
    state: Mapped[Word]
    due_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    answer: Mapped[Word] = mapped_column(default="")


class Digest(Base):
    """A network's digest to one representative for one period, so that none is sent twice."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("network", "person_id", "period"),)
    id: Mapped[Key]
    network: Mapped[Code]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"))
    period: Mapped[Word]
    at: Mapped[Instant]
    figures: Mapped[Json] = mapped_column(default=dict)
    sent: Mapped[bool] = mapped_column(default=False)
