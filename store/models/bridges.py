"""Cases that other systems know too, and how well those systems can be reached."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Codes, Instant, Key, Long, Machine, Word
from store.models.cases import Case


class RemoteCase(Base):
    """One case in one other system: never two numbers for a case there, never two cases for a number."""

    __tablename__ = "remote_case"
    __table_args__ = (
        UniqueConstraint("system", "number"),
        UniqueConstraint("system", "case_id"),
        Index("ix_remote_case_next", "next_at"),
    )
    id: Mapped[Key]
    system: Mapped[str] = mapped_column(String(200))
    """"traffy", or the address of an Open311 server with its jurisdiction."""
    channel: Mapped[Word]
    agency: Mapped[Code]
    """By whose gateway it is reached; for what came from there: whose it was there."""
    origin: Mapped[Word]
    """"ours" (told to them) or "theirs" (came from there, and is never told as new)."""
    number: Mapped[str | None] = mapped_column(String(120))
    token: Mapped[str | None] = mapped_column(String(120))
    """Of Open311: what the number is asked for with, while there is none."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    case: Mapped[Case | None] = relationship()
    state: Mapped[Word] = mapped_column(default="")
    """Their state in our words, as last decided upon."""
    groups: Mapped[Codes] = mapped_column(default=list)
    """Organisations there that have the case."""
    said: Mapped[Codes] = mapped_column(default=list)
    """Fingerprints of what we said there, so that its echo is known."""
    read: Mapped[Codes] = mapped_column(default=list)
    """Keys of what has been read of it."""
    digest: Mapped[Word] = mapped_column(default="")
    """Fingerprint of the last reading, so that only changes are decided."""
    readings: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Machine] = mapped_column(default=0.0)
    """When it is read next."""
    tries: Mapped[int] = mapped_column(default=0)
    """Readings that failed since the last good one."""
    reason: Mapped[Long] = mapped_column(default="")
    created_at: Mapped[Instant]


class Bridge(Base):
    """How another system is doing. Times are machine seconds."""

    __tablename__ = "bridge"
    system: Mapped[str] = mapped_column(String(200), primary_key=True)
    failing_since: Mapped[Machine | None]
    told: Mapped[bool] = mapped_column(default=False)
    """Coordinators know that it can't be reached."""
    credit: Mapped[float | None] = mapped_column(Float(53))
    """Calls that are left this month, as it last said; None: as many as one likes."""
    reason: Mapped[Long] = mapped_column(default="")
