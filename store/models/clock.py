"""Who leads the clock, and when each job last ran."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Instant, Machine, Word


class Lease(Base):
    """A named right that one process holds until a moment of machine time."""

    __tablename__ = "lease"
    name: Mapped[Code] = mapped_column(primary_key=True)
    holder: Mapped[Word]
    until: Mapped[Machine]


class JobRun(Base):
    """When a job last ran, by the city clock and by the machine."""

    __tablename__ = "job_run"
    name: Mapped[Code] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    real: Mapped[Machine]
    count: Mapped[int] = mapped_column(default=0)
