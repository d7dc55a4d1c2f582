"""Step 4 for many members at once: who is due, what changed for them, and their messages written in bulk."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from store.models import Case, Follower, Membership, Outbox, Person, Recipient, Report, Step
from store.unit import Unit
from store.words import Member, Purpose, RowState

NEWS, OPINIONS = 4, 2
REF = "news-"
"""What the buttons of news answer to, and how rows for many are named: this and the network."""
_REACHABLE = (Person.blocked.is_(False), Person.line_id.is_not(None), Person.forgotten_at.is_(None))


@dataclass(frozen=True)
class Due:
    """A member whose news are due, as plain values."""

    step_id: int
    state: str
    due_at: datetime
    sent_at: datetime | None
    evidence: dict[str, Any]
    membership_id: int
    network: str
    every: str
    role: str
    joined_at: datetime | None
    dormant_at: datetime | None
    person_id: int
    line_id: str
    language: str
    seen_at: datetime
    has_news: bool


@dataclass(frozen=True)
class Looked:
    """What becomes of a step: when it is looked at next, and what was sent."""

    step_id: int
    due_at: datetime
    sent_at: datetime | None
    evidence: dict[str, Any]


def due(unit: Unit, until: datetime, states: Collection[str], limit: int) -> list[Due]:
    """Members whose news are due until then, those who wait longest first, their steps locked."""
    query = (
        select(
            Step.id,
            Step.state,
            Step.due_at,
            Step.sent_at,
            Step.evidence,
            Membership.id,
            Membership.network,
            Membership.every,
            Membership.role,
            Membership.joined_at,
            Membership.dormant_at,
            Person.id,
            Person.line_id,
            Person.language,
            Person.seen_at,
            Person.news,
        )
        .join(Membership, Membership.id == Step.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Step.number == NEWS, Step.state.in_(list(states)), Step.due_at <= until)
        .where(Membership.state == Member.ACTIVE, *_REACHABLE)
        .order_by(Step.due_at, Step.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Step)
    )
    unit.flush()
    found: Iterable[Any] = unit.session.execute(query)
    return [Due(*row) for row in found]


def answered(unit: Unit, membership_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What members told in step 2, by membership."""
    query = select(Step.membership_id, Step.evidence).where(
        Step.number == OPINIONS, Step.membership_id.in_(membership_ids)
    )
    return {key: evidence for key, evidence in unit.session.execute(query)}


def changed_cases(
    unit: Unit, person_ids: Sequence[int], since: datetime
) -> dict[tuple[int, str], list[Case]]:
    """Cases that changed since then, by (who reported or follows them, network), the newest first."""
    fresh = select(Case.id).where(Case.changed_at > since, Case.network.is_not(None))
    found: dict[tuple[int, str], dict[int, Case]] = defaultdict(dict)
    for table in (Report, Follower):
        query = select(table.person_id, Case).join(Case, Case.id == table.case_id)
        query = query.where(table.person_id.in_(person_ids), Case.id.in_(fresh))
        for person_id, case in unit.session.execute(query):
            found[person_id, case.network or ""][case.id] = case
    return {key: [cases[n] for n in sorted(cases, reverse=True)] for key, cases in found.items()}


def with_company(unit: Unit, person_ids: Sequence[int], now: datetime) -> set[int]:
    """People for whom a message waits that others may still join."""
    query = select(Outbox.person_id).where(
        Outbox.person_id.in_(person_ids),
        Outbox.channel == "line",
        Outbox.state == RowState.WAITING,
        Outbox.reply_token.is_(None),
        Outbox.attempts == 0,
        or_(Outbox.created_at == now, Outbox.due_at > now),
    )
    return {person_id for person_id in unit.session.scalars(query) if person_id is not None}


_STEPS = Step.__table__
_LOOKED = (
    update(_STEPS)  # type: ignore[arg-type]
    .where(_STEPS.c.id == bindparam("step"))
    .values(
        state="due",
        due_at=bindparam("next", type_=_STEPS.c.due_at.type),
        sent_at=bindparam("sent", type_=_STEPS.c.sent_at.type),
        evidence=bindparam("shows", type_=_STEPS.c.evidence.type),
    )
)


def write(unit: Unit, looked: Sequence[Looked]) -> None:
    """Steps are looked at again at their next date."""
    rows = [
        {"step": one.step_id, "next": one.due_at, "sent": one.sent_at, "shows": one.evidence}
        for one in looked
    ]
    if rows:
        unit.session.connection().execute(_LOOKED, rows)


def to_many(
    unit: Unit,
    people: Sequence[tuple[int, str]],
    messages: list[dict[str, Any]],
    purpose: Purpose,
    now: datetime,
    machine: float,
    about: str,
) -> int:
    """One row for all these (person, LINE id), at most 500, who get the same words; gives its id."""
    name = uuid.uuid4().hex
    row = Outbox(
        to=f"many:{name}",
        purpose=purpose,
        many=True,
        messages=messages,
        retry_key=str(uuid.uuid4()),
        created_real=machine,
        created_at=now,
        once=f"{about}:{name}",
    )
    unit.add(row)
    unit.flush()
    values = [{"outbox_id": row.id, "person_id": key, "line_id": line_id} for key, line_id in people]
    unit.session.execute(insert(Recipient), values)
    return row.id


def to_each(
    unit: Unit,
    letters: Sequence[tuple[int, str, list[dict[str, Any]], str]],
    purpose: Purpose,
    now: datetime,
    machine: float,
) -> None:
    """A row for each (person, LINE id, messages, name), written together."""
    unit.flush()
    values = [
        {
            "to": line_id,
            "person_id": person_id,
            "purpose": purpose,
            "messages": messages,
            "retry_key": str(uuid.uuid4()),
            "created_real": machine,
            "created_at": now,
            "once": once,
        }
        for person_id, line_id, messages, once in letters
    ]
    if values:
        unit.session.execute(insert(Outbox), values)


def recipients(unit: Unit, outbox_ids: Iterable[int]) -> dict[int, list[str]]:
    """LINE ids of everybody who is still in these rows."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(Recipient.outbox_id, Recipient.line_id).join(Person, Person.id == Recipient.person_id)
    query = query.where(Recipient.outbox_id.in_(list(outbox_ids)), Person.blocked.is_(False))
    for outbox_id, line_id in unit.session.execute(query.order_by(Recipient.person_id)):
        found[outbox_id].append(line_id)
    return found


def take_out(unit: Unit, person_id: int, about: str | None = None) -> None:
    """She is in no row that was not sent yet; ``about``: only in those of one name."""
    waiting = select(Outbox.id).where(Outbox.many.is_(True), Outbox.state == RowState.WAITING)
    if about is not None:
        waiting = waiting.where(Outbox.once.startswith(f"{about}:", autoescape=True))
    unit.change(
        delete(Recipient)
        .where(Recipient.person_id == person_id, Recipient.outbox_id.in_(waiting))
        .execution_options(synchronize_session=False)
    )
