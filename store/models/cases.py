"""Cases: the problem, what citizens sent about it, who works on it, and everything that happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, event, false, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from store.models.base import Base, Code, Codes, Instant, Json, Key, Link, Long, Machine, Word
from store.types import Data
from store.words import CaseKind


class Case(Base):
    """One problem. Many reports may speak of it; one agency leads."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_desk", "lead", "status", "urgent", "opened_at"),
        Index("ix_case_assignee_status", "assignee_id", "status", "urgent", "opened_at"),
        Index(
            "ix_case_nobodys",
            "lead",
            "status",
            "urgent",
            "opened_at",
            sqlite_where=text("assignee_id IS NULL"),
            postgresql_where=text("assignee_id IS NULL"),
        ),
        Index("ix_case_network_opened", "network", "opened_at"),
        Index("ix_case_status_changed", "status", "changed_at"),
        Index("ix_case_opened", "opened_at", "id"),
        Index("ix_case_category_opened", "category", "opened_at", "id"),
        Index("ix_case_area_opened", "area", "opened_at", "id"),
        # Holds all that counting needs, so that no row has to be looked at.
        Index("ix_case_status_opened", "status", "opened_at", "id", "category", "emergency"),
    )
    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[Word]
    kind: Mapped[Word] = mapped_column(default=CaseKind.PROBLEM.value, server_default=CaseKind.PROBLEM.value)
    """"problem", "question" (answered in words) or "suggestion" (no promise of a fix)."""
    category: Mapped[Code]
    network: Mapped[Code | None]
    text: Mapped[Long]
    """The first reporter's words; only the agencies in charge see them."""
    public_text: Mapped[Long]
    """The same with personal data masked."""
    urgent: Mapped[bool] = mapped_column(default=False)
    emergency: Mapped[Word | None]
    place_text: Mapped[Long] = mapped_column(default="")
    area: Mapped[Code | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    lead: Mapped[Code | None]
    routing_reason: Mapped[Json] = mapped_column(default=dict)
    declined_by: Mapped[Codes] = mapped_column(default=list)
    unassigned: Mapped[bool] = mapped_column(default=False)
    """No rule is left: the integrator's coordinator decides who leads."""
    opened_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    closed_how: Mapped[Word | None]
    """"fixed", "unconfirmed" (silence) or "rejected"."""
    expected_at: Mapped[Instant | None]
    """By when the lead itself expects to be done; None until it said so."""
    overdue_at: Mapped[Instant | None]
    """Since when the public sees "overdue": the last rung of a promise's ladder."""
    untold: Mapped[list[dict[str, Any]]] = mapped_column(Data, default=list, server_default="[]")
    """What reporters and followers do not know yet and hear with the next message to them (see ``services.telling``)."""
    untold_since: Mapped[Instant | None] = mapped_column(index=True)
    """When the oldest untold hand-over happened; None when there is none."""
    told_at: Mapped[Instant | None]
    """When news that waited last rode on a message: from then on somebody knows."""
    waiting_since: Mapped[Instant | None]
    waiting_for: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whose answer is awaited."""
    before_waiting: Mapped[Word | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The official of the lead who does the work; None while nobody has taken it."""
    nudges: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often the reporters have asked where it stays, since it was last reopened."""
    rating: Mapped[int | None]
    rating_text: Mapped[Long] = mapped_column(default="")
    reopened: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=1, server_default="1")
    """How many people have reported it."""
    recurrence: Mapped[int] = mapped_column(default=0, server_default="0")
    """Which time the same problem is reported at the same spot: 2, 3 …; 0 when it is the first."""
    earlier: Mapped[Codes] = mapped_column(default=list, server_default="[]")
    """Codes of the closed cases that it came back from, oldest first."""
    merged_into: Mapped[Code | None]
    """Code of the case that goes on in its place."""
    version: Mapped[int] = mapped_column(default=1)
    reports: Mapped[list[Report]] = relationship(back_populates="case", order_by="Report.id")
    helpers: Mapped[list[Helper]] = relationship(order_by="Helper.id")
    history: Mapped[list[History]] = relationship(order_by="History.id")
    photos: Mapped[list[Photo]] = relationship(order_by="Photo.id")
    followers: Mapped[list[Follower]] = relationship(order_by="Follower.id")
    deadlines: Mapped[list[Deadline]] = relationship(order_by="Deadline.id")

    __mapper_args__ = {"version_id_col": version}


class Report(Base):
    """What one citizen sent."""

    __tablename__ = "report"
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[Long]
    message_ids: Mapped[Codes] = mapped_column(default=list)
    created_at: Mapped[Instant]
    joined: Mapped[bool] = mapped_column(default=False, server_default=false())
    """She said that her problem is the one of a case that was there already."""
    channel: Mapped[Word] = mapped_column(default="line", server_default="line")
    """How it came: "line" by herself; "phone", "walk_in" or "representative" through ``person_id``, who speaks for her;
    "open311" from another system, which has no LINE."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it down for somebody without LINE."""
    contact_name: Mapped[Long] = mapped_column(default="", server_default="")
    """Name and phone of somebody without LINE, kept with her consent, for the agencies only."""
    contact_phone: Mapped[Word] = mapped_column(default="", server_default="")
    contact_consented_at: Mapped[Instant | None]
    case: Mapped[Case] = relationship(back_populates="reports")


class Trace(Base):
    """Where a case is looked for when a new report may mean the same: a cell of the map, or a mark of its words.

    A row is never changed but for ``ends_at``, so that finding what is live under a key is one range of an index,
    however many cases there are.
    """

    __tablename__ = "trace"
    __table_args__ = (Index("ix_trace_key_ends", "key", "ends_at"),)
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"), index=True)
    case: Mapped[Case] = relationship()
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Word]
    """"place" or "words"."""
    ends_at: Mapped[Instant]
    """When the case was closed; a far day while it is open."""


class Follower(Base):
    __tablename__ = "follower"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[Link] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[Instant]


class Helper(Base):
    """An agency that does a part of the work, with its own task and clock."""

    __tablename__ = "helper"
    __table_args__ = (Index(None, "agency", "state", "id"),)
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"), index=True)
    agency: Mapped[Code]
    task: Mapped[Long]
    state: Mapped[Word] = mapped_column(default="asked")
    """"asked", "accepted", "declined" or "done"."""
    since: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]
    why: Mapped[Word] = mapped_column(default="", server_default="")
    """Why it declined: one of the reasons of a hand-over."""


class History(Base):
    """One thing that happened to a case. Rows are never dropped or reordered; only removed words are blanked."""

    __tablename__ = "history"
    __table_args__ = (
        Index(None, "case_id", "id"),
        Index(
            "ix_history_public_at",
            "at",
            "id",
            sqlite_where=text("public = 1"),
            postgresql_where=text("public"),
        ),
    )
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Instant]
    kind: Mapped[Word]
    status_from: Mapped[Word | None]
    status_to: Mapped[Word | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Word]
    """Who acted: "citizen", "official", "coordinator", "representative" or "system"."""
    agency: Mapped[Code | None]
    why: Mapped[Word] = mapped_column(default="")
    text: Mapped[Long] = mapped_column(default="")
    public: Mapped[bool] = mapped_column(default=False)
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    data: Mapped[Json] = mapped_column(default=dict)


class Photo(Base):
    """A picture: fetched from LINE after the decision, stripped of what it tells about the phone."""

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_state_next", "state", "next_at"),)
    id: Mapped[Key]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Word] = mapped_column(default="before")
    """"before", "after" or "thread"."""
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """Unguessable name in addresses."""
    state: Mapped[Word] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Machine] = mapped_column(default=0.0)
    lease_until: Mapped[Machine] = mapped_column(default=0.0)
    reason: Mapped[Long] = mapped_column(default="")
    created_at: Mapped[Instant]


class Deadline(Base):
    """A promise with a time, and how far its ladder has been climbed."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_state_next", "state", "next_at"),
        Index("ix_deadline_desk", "agency", "state", "due_at", "case_id"),
    )
    id: Mapped[Key]
    case_id: Mapped[Link] = mapped_column(ForeignKey("case.id"), index=True)
    agency: Mapped[Code]
    kind: Mapped[Word]
    """Of the lead: "ack", "plan", "finish" or "promise"; of a helper: "help_ack" or "help_finish"."""
    due_at: Mapped[Instant]
    next_at: Mapped[Instant]
    """When the next rung is due."""
    rung: Mapped[int] = mapped_column(default=0)
    state: Mapped[Word] = mapped_column(default="running")
    """"running", "paused", "kept", "broken" (ended late), "moved" (another date was promised in time) or "void"."""
    ended_at: Mapped[Instant | None]
    paused_at: Mapped[Instant | None]


class UsualTime(Base):
    """How long closed cases of a kind really took, the middle half of them; computed once a day."""

    __tablename__ = "usual_time"
    category: Mapped[Code] = mapped_column(primary_key=True)
    area: Mapped[Code] = mapped_column(primary_key=True)
    """An area's code, or "*" for the whole city."""
    n: Mapped[int]
    low_days: Mapped[int]
    high_days: Mapped[int]
    day: Mapped[Word]
    """The city's day on which it was computed."""


class CaseNumber(Base):
    """Last number given in a Buddhist year."""

    __tablename__ = "case_number"
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


@event.listens_for(History, "before_delete")
def _history_stays(_mapper: Mapper[Any], _connection: Connection, _row: History) -> None:
    raise RuntimeError("history is append-only")
