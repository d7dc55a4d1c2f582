"""People, what they may do, what they are saying."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Key, Link, Long, Word
from store.types import Data


class Person(Base):
    __tablename__ = "person"
    id: Mapped[Key]
    line_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[Long] = mapped_column(default="")
    language: Mapped[Word] = mapped_column(default="th")
    consent: Mapped[str | None] = mapped_column(String(40))
    """Version of the text agreed to; None until she agrees."""
    consented_at: Mapped[Instant | None]
    blocked: Mapped[bool] = mapped_column(default=False)
    on_duty: Mapped[bool] = mapped_column(default=True)
    away_until: Mapped[Instant | None]
    """Off duty by herself until then; None with ``on_duty`` false: until she says that she is back."""
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The colleague who gets her cards while she is away."""
    summed_up_at: Mapped[Instant | None]
    """When her morning summary was last thought about."""
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    forgotten_at: Mapped[Instant | None]
    news: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Something happened to a case of hers that rides on the next message to her."""
    roles: Mapped[list[Role]] = relationship(back_populates="person", order_by="Role.id")


class Role(Base):
    """What a person may do, for which agency or network, and until when."""

    __tablename__ = "role"
    __table_args__ = (Index(None, "agency", "name"), Index(None, "network", "name"))
    id: Mapped[Key]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Word]
    agency: Mapped[str | None] = mapped_column(String(40))
    network: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[Instant]
    until: Mapped[Instant | None]
    """The end of the term, where one was set: from then on the role gives nothing."""
    ended_at: Mapped[Instant | None]
    person: Mapped[Person] = relationship(back_populates="roles")

    def runs(self, now: datetime) -> bool:
        """Whether it gives anything at that instant."""
        return self.ended_at is None and (self.until is None or now < self.until)


class Invite(Base):
    """A single-use code that gives a role; only its hash is kept."""

    __tablename__ = "invite"
    id: Mapped[Key]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Word]
    agency: Mapped[str | None] = mapped_column(String(40))
    network: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[Long] = mapped_column(default="")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    until: Mapped[Instant | None]
    """The end of the term that the role will have."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The head who made it; None from the command line."""
    used_at: Mapped[Instant | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class InviteTry(Base):
    """A wrong code, so that guessing can be slowed."""

    __tablename__ = "invite_try"
    id: Mapped[Key]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[Instant]


class Conversation(Base):
    """What is open between the bot and one chat: a draft report, a question, a message that waits for consent."""

    __tablename__ = "conversation"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    draft: Mapped[dict[str, Any] | None] = mapped_column(Data)
    asked: Mapped[dict[str, Any] | None] = mapped_column(Data)
    held: Mapped[list[dict[str, Any]] | None] = mapped_column(Data)
    held_at: Mapped[Instant | None] = mapped_column(index=True)
    focus: Mapped[Code | None]
    """Code of the case last spoken about."""
    changed_at: Mapped[Instant]
