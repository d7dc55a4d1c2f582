"""Other systems that may write through Open311: their keys, and what each of them sent."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Instant, Json, Key, Link, Long, Machine, Word
from store.models.cases import Case


class ApiKey(Base):
    """A system that may write; only the hash of its key is kept."""

    __tablename__ = "api_key"
    id: Mapped[Key]
    name: Mapped[Long]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    by_token: Mapped[bool] = mapped_column(default=False)
    """It is answered with tokens and asks for the numbers by them."""
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class ApiRequest(Base):
    """One request that a system made, and the case it became."""

    __tablename__ = "api_request"
    __table_args__ = (Index("ix_api_request_again", "key_id", "fingerprint", "at"),)
    id: Mapped[Key]
    key_id: Mapped[Link] = mapped_column(ForeignKey("api_key.id"))
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"), unique=True)
    case: Mapped[Case] = relationship()
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of everything it sent, so that the same again within a minute is known."""
    at: Mapped[Machine]
    nonce: Mapped[Word]
    """The token follows from it and the installation's key."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[Long] = mapped_column(default="", server_default="")
    """The reporter's, for the agencies only, as are her name and phone with the report. That system has her consent."""
    sent: Mapped[Json] = mapped_column(default=dict)
    """Its own numbers (account_id, device_id), the attributes, and the address of a picture."""
