"""Activities of a network: what people do together, and who comes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Instant, Key, Link, Long, Word
from store.types import Data


class Activity(Base):
    """Something people do together: a forum, a coffee council, a clean-up."""

    __tablename__ = "activity"
    __table_args__ = (Index(None, "network", "starts_at"), Index(None, "state", "starts_at"))
    id: Mapped[Key]
    network: Mapped[Code]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    """The representative who calls."""
    kind: Mapped[Word] = mapped_column(default="")
    level: Mapped[Word] = mapped_column(default="", server_default="")
    """What was promised to those who take part (see ``rules.participation``); empty: by its kind."""
    title: Mapped[Long] = mapped_column(default="")
    starts_at: Mapped[Instant | None]
    place: Mapped[Long] = mapped_column(default="")
    most: Mapped[int | None]
    """How many can come; None: everybody."""
    host_agency: Mapped[Code | None]
    host_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[Word] = mapped_column(default="draft")
    """"draft", "open", "cancelled" or "done"."""
    code_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the check-in code shown on the day."""
    minutes: Mapped[Long] = mapped_column(default="")
    photos: Mapped[list[Any]] = mapped_column(Data, default=list)
    """Ids of the pictures sent back with the minutes."""
    created_at: Mapped[Instant]
    reminded_at: Mapped[Instant | None]
    asked_at: Mapped[Instant | None]
    """When the representative was asked how it went."""
    ended_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)
    """Counts up with every change people are told of."""
    signups: Mapped[list[Signup]] = relationship(order_by="Signup.at, Signup.id")


class Signup(Base):
    """Somebody wants to come; in the order of ``at`` the first ``most`` have a place, the others wait."""

    __tablename__ = "signup"
    __table_args__ = (UniqueConstraint("activity_id", "person_id"),)
    id: Mapped[Key]
    activity_id: Mapped[Link] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[Word]
    """"going", "waiting" or "left"."""
    at: Mapped[Instant]
    came_at: Mapped[Instant | None]
