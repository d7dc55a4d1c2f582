"""Doors into the console: one-time links, sessions, and files of the city that wait for a yes. Machine time throughout."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Key, Link, Long, Machine, Word
from store.models.people import Person
from store.types import Data


class DoorLink(Base):
    """A one-time link that opens the console for a person. Only the hash of its word is kept."""

    __tablename__ = "door_link"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship()
    created: Mapped[Machine]
    expires: Mapped[Machine]
    used: Mapped[Machine | None]
    """When it was spent, or became void."""


class DoorSession(Base):
    """Somebody who is signed in on one device."""

    __tablename__ = "door_session"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship()
    csrf: Mapped[str] = mapped_column(String(64))
    """Every form sends it back, so that no other site can press a button here."""
    language: Mapped[Word] = mapped_column(default="th", server_default="th")
    created: Mapped[Machine]
    seen: Mapped[Machine]
    expires: Mapped[Machine]
    ended: Mapped[Machine | None]
    said: Mapped[list[dict[str, Any]] | None] = mapped_column(Data)
    """What the last button answered, until a page has shown it."""


class CityUpload(Base):
    """A table of the city that somebody sent in, with nothing applied until she says yes."""

    __tablename__ = "city_upload"
    id: Mapped[Key]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    file: Mapped[Code]
    content: Mapped[Long]
    base: Mapped[int]
    """The city's version that it was compared with: another one, and it must be looked at again."""
    created: Mapped[Machine]
    used: Mapped[Machine | None]
