"""What came in and what must go out: both are rows, written in the transaction that decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Instant, Key, Long, Machine, Word
from store.models.cases import Case
from store.types import Data

_OPEN = text("state in ('waiting', 'claimed')")


class Inbox(Base):
    """One webhook event, stored before LINE is answered."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_open", "conversation", "at_ms", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_inbox_due", "at_ms", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[Key]
    event_id: Mapped[str] = mapped_column(String(128), unique=True)
    conversation: Mapped[str] = mapped_column(String(64))
    at_ms: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Word]
    raw: Mapped[str | None] = mapped_column(Text)
    """The event as JSON; blanked once decided."""
    received_at: Mapped[Machine]
    state: Mapped[Word] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Machine] = mapped_column(default=0.0)
    lease_until: Mapped[Machine] = mapped_column(default=0.0)
    worker: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[Long] = mapped_column(default="")
    done_at: Mapped[Machine | None]


class Outbox(Base):
    """One send: up to five messages to one person or group."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "to", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_due", "state", "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[Key]
    to: Mapped[str] = mapped_column(String(128))
    channel: Mapped[Word] = mapped_column(default="line")
    purpose: Mapped[Word]
    messages: Mapped[list[dict[str, Any]]] = mapped_column(Data)
    """The body as it is sent; the same on every try because the retry key promises that."""
    secret: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its words are blanked once it is sent: they hold a code that gives a role."""
    reply_token: Mapped[str | None] = mapped_column(String(128))
    reply_until: Mapped[Machine | None]
    reply_tried: Mapped[bool] = mapped_column(default=False)
    retry_key: Mapped[str] = mapped_column(String(36))
    state: Mapped[Word] = mapped_column(default="waiting")
    """waiting · claimed · held (for a photo) · done · parked · removed"""
    how: Mapped[Word | None]
    """"reply" or "push" once sent."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Machine] = mapped_column(default=0.0)
    lease_until: Mapped[Machine] = mapped_column(default=0.0)
    worker: Mapped[str] = mapped_column(String(64), default="")
    created_real: Mapped[Machine]
    created_at: Mapped[Instant]
    due_at: Mapped[Instant | None]
    """By the city clock: not before this (quiet hours)."""
    tried_at: Mapped[Machine | None]
    """When the first push was tried: LINE knows its retry key for 24 hours from then."""
    sent_at: Mapped[Machine | None]
    reason: Mapped[Long] = mapped_column(default="")
    counted: Mapped[int] = mapped_column(default=0)
    """Messages that LINE counts against the quota."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    case: Mapped[Case | None] = relationship()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), index=True)
    once: Mapped[str | None] = mapped_column(String(128), unique=True)
    """Names what must be sent at most once, whoever decides it again."""
