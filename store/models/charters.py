"""What holds a network together: its charter, who agreed to it, links to other networks, and how it was founded."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Code, Codes, Instant, Json, Key, Link, Long, Word
from store.models.cases import Case


class Charter(Base):
    """One version of a network's compact. Versions are only added; the highest is in force."""

    __tablename__ = "charter"
    __table_args__ = (UniqueConstraint("network", "version"),)
    id: Mapped[Key]
    network: Mapped[Code]
    version: Mapped[int]
    text_th: Mapped[Long]
    text_en: Mapped[Long]
    commitments: Mapped[Json] = mapped_column(default=dict)
    """By kind of member ("individual", "node", "network", "agency"): {"th": [...], "en": [...]}."""
    made_at: Mapped[Instant]


class Agreement(Base):
    """A member was asked about one version of the charter, once, and what she answered."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("membership_id", "version"),)
    id: Mapped[Key]
    network: Mapped[Code] = mapped_column(index=True)
    version: Mapped[int]
    membership_id: Mapped[Link] = mapped_column(ForeignKey("membership.id"))
    asked_at: Mapped[Instant]
    answer: Mapped[Word] = mapped_column(default="")
    """"", "yes" or "no"."""
    answered_at: Mapped[Instant | None]


class NetworkLink(Base):
    """Two networks that work together; stored once, the smaller code first."""

    __tablename__ = "network_link"
    __table_args__ = (UniqueConstraint("network", "other"),)
    id: Mapped[Key]
    network: Mapped[Code]
    other: Mapped[Code] = mapped_column(index=True)
    since: Mapped[Instant]


class CaseNetwork(Base):
    """A further network that a case concerns, beside the one it belongs to."""

    __tablename__ = "case_network"
    __table_args__ = (UniqueConstraint("case_id", "network"),)
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"))
    case: Mapped[Case] = relationship()
    network: Mapped[Code] = mapped_column(index=True)


class Proposal(Base):
    """Somebody wants to found a network; it needs the yes of an administrator or the city's integrator."""

    __tablename__ = "proposal"
    __table_args__ = (Index(None, "state"),)
    id: Mapped[Key]
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Long]
    goal: Mapped[Long]
    area: Mapped[Code]
    categories: Mapped[Codes] = mapped_column(default=list)
    state: Mapped[Word] = mapped_column(default="waiting")
    """"waiting", "accepted" or "refused"."""
    at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    network: Mapped[Code | None]
    """Code of the network it became."""
