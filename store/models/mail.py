"""What came in and what must go out: both are rows, written in the transaction that decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Codes, Instant, Key, Link, Long, Machine, Word
from store.models.cases import Case
from store.types import Data

_OPEN = text("state in ('waiting', 'claimed')")
_IN_A_LANE = text("lane is not null")


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
        Index("ix_outbox_lane", "lane", "id", sqlite_where=_IN_A_LANE, postgresql_where=_IN_A_LANE),
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
    many: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The same words to everybody in ``recipient``; ``to`` is then only a name for the row."""
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
    agency: Mapped[Code | None]
    """The agency that a gateway carries this to; None on LINE."""
    lane: Mapped[str | None] = mapped_column(String(128))
    """Within one lane a gateway keeps the order; None on LINE, where the reader is the lane."""


class MailLink(Base):
    """What one link (or reply address) in a mail may do. The token itself is derived, never stored."""

    __tablename__ = "mail_link"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(32))
    """From this and the installation's key the token follows."""
    do: Mapped[Word]
    """"accept", "decline", "ask", "progress", "done", or "reply" for the address that answers go to."""
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"), index=True)
    case: Mapped[Case] = relationship()
    agency: Mapped[Code]
    address: Mapped[str] = mapped_column(String(256))
    """Where the mail went; another address of the agency voids the link."""
    turn: Mapped[int] = mapped_column(default=0)
    """How often the case had been reopened: links of an earlier turn are void."""
    created_at: Mapped[Instant]
    expires: Mapped[Machine]
    used_at: Mapped[Instant | None]


class Webhook(Base):
    """Somebody who wants to hear what happens to cases. Its secret is derived, never stored."""

    __tablename__ = "webhook"
    id: Mapped[Key]
    url: Mapped[Long]
    events: Mapped[Codes] = mapped_column(default=list)
    network: Mapped[Code | None]
    agency: Mapped[Code | None]
    nonce: Mapped[str] = mapped_column(String(32))
    state: Mapped[Word] = mapped_column(default="active")
    """"active", "disabled" (failed for days) or "removed"."""
    created_at: Mapped[Instant]
    failing_since: Mapped[Machine | None]
    reason: Mapped[Long] = mapped_column(default="")
