"""Joint decisions of a network: what is asked, what members answer, what was promised afterwards."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Json, Key, Link, Long, Word


class Poll(Base):
    """One joint decision. Its rules are those of the network's charter on the day it was opened."""

    __tablename__ = "poll"
    __table_args__ = (Index(None, "network", "state"),)
    id: Mapped[Key]
    network: Mapped[Code]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    """The representative who asks."""
    level: Mapped[Word] = mapped_column(default="", server_default="")
    """What was promised to those who take part (see ``rules.participation``); empty: as the network does."""
    question: Mapped[Long] = mapped_column(default="")
    background: Mapped[Long] = mapped_column(default="")
    state: Mapped[Word] = mapped_column(default="draft")
    """"draft", "open", "revising" (between two rounds) or "closed"."""
    charter: Mapped[Json] = mapped_column(default=dict)
    outcome: Mapped[Word] = mapped_column(default="")
    """"agreed", "not_agreed" or "no_quorum" once it is closed."""
    figures: Mapped[Json] = mapped_column(default=dict)
    """The result as it stood at the close."""
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    told_at: Mapped[Instant | None]
    """When the result went to the members."""
    rounds: Mapped[list[Round]] = relationship(order_by="Round.number")
    statements: Mapped[list[Statement]] = relationship(order_by="Statement.id")
    promises: Mapped[list[Promise]] = relationship(order_by="Promise.id")


class Round(Base):
    """One time of voting: members are asked once, reminded once, and the clock ends it."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("poll_id", "number"), Index(None, "state", "closes_at"))
    id: Mapped[Key]
    poll_id: Mapped[Link] = mapped_column(ForeignKey("poll.id"))
    number: Mapped[int]
    state: Mapped[Word] = mapped_column(default="open")
    """"open" or "closed"."""
    opened_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    figures: Mapped[Json] = mapped_column(default=dict)


class Statement(Base):
    """One sentence to agree or disagree with. A changed sentence is a new row, with votes of its own."""

    __tablename__ = "statement"
    __table_args__ = (Index(None, "poll_id", "state"),)
    id: Mapped[Key]
    poll_id: Mapped[Link] = mapped_column(ForeignKey("poll.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[Long]
    """Without personal data."""
    state: Mapped[Word] = mapped_column(default="shown")
    """"waiting" (for the representative), "shown", "refused", "replaced" or "removed"."""
    replaces: Mapped[int | None] = mapped_column(ForeignKey("statement.id"))
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[Instant]


class Vote(Base):
    """One person's answer to one statement; she may change it until the close."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("statement_id", "person_id"), Index(None, "poll_id", "person_id"))
    id: Mapped[Key]
    poll_id: Mapped[Link] = mapped_column(ForeignKey("poll.id"))
    statement_id: Mapped[Link] = mapped_column(ForeignKey("statement.id"))
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[Word]
    """"agree", "disagree" or "pass"."""
    at: Mapped[Instant]


class Objection(Base):
    """Why somebody cannot live with a statement."""

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("statement_id", "person_id"),)
    id: Mapped[Key]
    poll_id: Mapped[Link] = mapped_column(ForeignKey("poll.id"), index=True)
    statement_id: Mapped[Link] = mapped_column(ForeignKey("statement.id"))
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[Long]
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    at: Mapped[Instant]


class Promise(Base):
    """What will be done after a decision, by whom, by when; kept or broken in everybody's sight."""

    __tablename__ = "promise"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "network", "state"))
    id: Mapped[Key]
    network: Mapped[Code]
    poll_id: Mapped[Link] = mapped_column(ForeignKey("poll.id"), index=True)
    what: Mapped[Long]
    who: Mapped[Long]
    due_at: Mapped[Instant]
    state: Mapped[Word] = mapped_column(default="running")
    """"running", "kept" or "broken" (not kept in time; may still be fulfilled: ``ended_at``)."""
    reminded_at: Mapped[Instant | None]
    asked_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    note: Mapped[Long] = mapped_column(default="")


class Call(Base):
    """Somebody was asked to take part: once per round of a decision, once per activity, never twice.

    ``about`` names it: "poll-3-1" (decision and round), "result-3", "activity-5", "half-year-ROADS-1".
    """

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("about", "person_id"), Index(None, "at"), Index(None, "reminded_at"))
    id: Mapped[Key]
    about: Mapped[str] = mapped_column(String(60))
    asks: Mapped[bool] = mapped_column(default=True)
    """It was a question: nobody is asked another thing right after it. News are none."""
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[Instant]
    reminded_at: Mapped[Instant | None]
