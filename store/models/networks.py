"""Membership in issue networks and its five steps."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Json, Key, Link, Long, Word
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
    left_why: Mapped[Word] = mapped_column(default="", server_default="")
    """What she answered when she left and was asked why, once."""
    invited_case: Mapped[Code | None]
    """Code of the case with which she was invited last: only another one brings the question back."""
    dormant_at: Mapped[Instant | None]
    """Since when nothing was heard of her; None while she is active."""
    term_ends_at: Mapped[Instant | None]
    """When a lead's or representative's term ends."""
    term_told_at: Mapped[Instant | None]
    listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the other members may see name, position and skills."""
    shown_name: Mapped[Long] = mapped_column(default="", server_default="")
    position: Mapped[Long] = mapped_column(default="", server_default="")
    skills: Mapped[Long] = mapped_column(default="", server_default="")
    named_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether she agreed that the network's public page names her as its lead, co-lead or representative."""
    steps: Mapped[list[Step]] = relationship(order_by="Step.number")


class Appointment(Base):
    """A member was asked to lead or represent her network until a day; she says yes or no by one tap."""

    __tablename__ = "appointment"
    __table_args__ = (Index(None, "state", "asked_at"), Index(None, "network", "state"))
    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    """Unguessable name in buttons."""
    network: Mapped[Code]
    membership_id: Mapped[Link] = mapped_column(ForeignKey("membership.id"), index=True)
    role: Mapped[Word]
    """"lead", "colead" or "representative"."""
    until: Mapped[Instant]
    asked_by: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    joint: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the network itself has the last word, in a joint decision."""
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("poll.id"), index=True)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    """Whom she follows: that term ends when hers begins."""
    state: Mapped[Word]
    """"asked", "deciding", "held", "declined", "refused" (by the decision) or "void" (no answer, or she left)."""
    asked_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]


class Step(Base):
    """One of the five steps of a membership: when it is due, what shows that it happened, how it ended."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("membership_id", "number"), Index(None, "state", "due_at"))
    id: Mapped[Key]
    membership_id: Mapped[Link] = mapped_column(ForeignKey("membership.id"))
    number: Mapped[int]
    state: Mapped[Word]
    """"due", "sent", "nudged", "dormant", "answered", "silent" or "void"."""
    due_at: Mapped[Instant]
    """When the clock has to look at it next, whatever its state."""
    sent_at: Mapped[Instant | None]
    nudged_at: Mapped[Instant | None]
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
    nudged_at: Mapped[Instant | None]
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
    acted_at: Mapped[Instant | None]
    """When one of its buttons was used first."""
    thanked_at: Mapped[Instant | None]
    """When the agencies that finished something were thanked with it."""


class Opinion(Base):
    """One answer of step 2: what a member needs, what she can give, or a word of her own."""

    __tablename__ = "opinion"
    __table_args__ = (Index(None, "network", "question"),)
    id: Mapped[Key]
    network: Mapped[Code]
    membership_id: Mapped[Link] = mapped_column(ForeignKey("membership.id"), index=True)
    question: Mapped[Word]
    """"needs", "gives", "often" or "open"."""
    answer: Mapped[Word] = mapped_column(default="")
    """The word of the button; for an open answer what it was read as (need, offer, worry) or ""."""
    text: Mapped[Long] = mapped_column(default="")
    """Her own words, personal data masked."""
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether her words may be quoted without her name."""
    at: Mapped[Instant]


class Task(Base):
    """Something a network's representatives have to do for a member, with a deadline."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "network", "state"))
    id: Mapped[Key]
    network: Mapped[Code]
    kind: Mapped[Word]
    """"call" (a follow-up went badly), "help" (wants to do more) or "worry" (said in own words)."""
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    case_code: Mapped[Code | None]
    answer: Mapped[Word] = mapped_column(default="")
    """What the member answered."""
    text: Mapped[Long] = mapped_column(default="")
    """The member's own words, masked."""
    state: Mapped[Word] = mapped_column(default="open")
    """"open", "done" or "void"."""
    opened_at: Mapped[Instant]
    due_at: Mapped[Instant]
    escalated_at: Mapped[Instant | None]
    """When it was overdue and the coordinators were told."""
    done_at: Mapped[Instant | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[Long] = mapped_column(default="")
