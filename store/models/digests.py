"""What representatives do out of a digest, where digests go by mail, and who is in a multicast."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, Key, Link, Long


class Endorsement(Base):
    """A representative supports a case in public; counted once per person."""

    __tablename__ = "endorsement"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    network: Mapped[Code]
    at: Mapped[Instant]


class Inquiry(Base):
    """A representative's question to the agency that leads a case, and its answer in free words."""

    __tablename__ = "inquiry"
    __table_args__ = (Index(None, "case_id", "answered_at"),)
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    network: Mapped[Code]
    agency: Mapped[Code]
    text: Mapped[Long]
    """Masked."""
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    asked_at: Mapped[Instant]
    answer: Mapped[Long] = mapped_column(default="")
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class MailAddress(Base):
    """Where a person gets her digests by mail. Until ``confirmed_at`` nothing but the code is sent there."""

    __tablename__ = "mail_address"
    id: Mapped[Key]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), unique=True)
    address: Mapped[str] = mapped_column(String(256))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    nonce: Mapped[str] = mapped_column(String(32))
    """From this and the installation's key follows the token of the link that ends it."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)


class Recipient(Base):
    """One of up to 500 people who get the same row of the outbox; whoever leaves before it is sent is taken out."""

    __tablename__ = "recipient"
    outbox_id: Mapped[Link] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    line_id: Mapped[str] = mapped_column(String(64))
