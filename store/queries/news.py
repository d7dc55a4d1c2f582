"""Step 4 for many members at once: who is due, what changed for them, and their messages written in bulk."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from store.models import Case, Follower, Membership, Outbox, Person, Recipient, Report, Step
from store.unit import Unit
from store.words import Member, Purpose, RowState

NEWS, OPINIONS = 4, 2
DUE = "due"
"""News never wait for an answer: their step is always this."""
REF = "news-"
"""What the buttons of news answer to, and how rows for many are named: this and the network."""
_REACHABLE = (Person.blocked.is_(False), Person.line_id.is_not(None), Person.forgotten_at.is_(None))


class Due(NamedTuple):
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
    told: dict[str, Any] | None
    """What she told in step 2."""
    company: bool
    """Whether a message waits for her that others may still join."""


class Looked(NamedTuple):
    """What becomes of a step: when it is looked at next, and what was sent now."""

    step_id: int
    due_at: datetime
    sent_at: datetime | None
    """None: nothing was said, and what was said before stays."""
    evidence: dict[str, Any]


_OPINIONS = aliased(Step)


def due(unit: Unit, now: datetime, until: datetime, limit: int) -> list[Due]:
    """Members whose news are due until then, those who wait longest first, their steps locked.

    Asked by one state, in the order of its index: a page costs the same however many pages come after it.
    """
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
            _OPINIONS.evidence,
            _company(now),
        )
        .join(Membership, Membership.id == Step.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(_OPINIONS, (_OPINIONS.membership_id == Membership.id) & (_OPINIONS.number == OPINIONS))
        .where(Step.state == DUE, Step.number == NEWS, Step.due_at <= until)
        .where(Membership.state == Member.ACTIVE, *_REACHABLE)
        .order_by(Step.due_at, Step.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Step)
    )
    unit.flush()
    found: Iterable[Any] = unit.session.execute(query)
    return [Due._make(row) for row in found]


def _company(now: datetime) -> Any:
    """Whether a message waits for her that others may still join."""
    return exists().where(
        Outbox.person_id == Person.id,
        Outbox.channel == "line",
        Outbox.state == RowState.WAITING,
        Outbox.reply_token.is_(None),
        Outbox.attempts == 0,
        or_(Outbox.created_at == now, Outbox.due_at > now),
    )


def changed_cases(
    unit: Unit, person_ids: Sequence[int], since: datetime
) -> dict[tuple[int, str], list[Case]]:
    """Cases that changed since then, by (who reported or follows them, network), the newest first."""
    query = select(Case).where(Case.changed_at > since, Case.network.is_not(None))
    fresh = {case.id: case for case in unit.session.scalars(query.order_by(Case.id.desc()))}
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for table in (Report, Follower) if fresh else ():
        rows = select(table.person_id, table.case_id).where(table.person_id.in_(person_ids))
        for person_id, case_id in unit.session.execute(rows):
            if case_id in fresh:
                found[person_id, fresh[case_id].network or ""].add(case_id)
    return {key: [fresh[n] for n in sorted(ids, reverse=True)] for key, ids in found.items()}


_STEPS = Step.__table__
_NEXT: dict[str, Any] = {"state": DUE, "due_at": bindparam("next", type_=_STEPS.c.due_at.type)}
_SPOKEN: dict[str, Any] = {
    "sent_at": bindparam("sent", type_=_STEPS.c.sent_at.type),
    "evidence": bindparam("shows", type_=_STEPS.c.evidence.type),
}
_THIS = update(_STEPS).where(_STEPS.c.id == bindparam("step"))  # type: ignore[arg-type]
_PASSED, _TOLD = _THIS.values(**_NEXT), _THIS.values(**_NEXT, **_SPOKEN)


def write(unit: Unit, looked: Sequence[Looked]) -> None:
    """Steps are looked at again at their next date; of those that spoke also what was sent is kept."""
    passed = [{"step": one.step_id, "next": one.due_at} for one in looked if one.sent_at is None]
    told = [
        {"step": one.step_id, "next": one.due_at, "sent": one.sent_at, "shows": one.evidence}
        for one in looked
        if one.sent_at is not None
    ]
    for statement, rows in ((_PASSED, passed), (_TOLD, told)):
        if rows:
            unit.session.connection().execute(statement, rows)


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
