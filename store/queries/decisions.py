"""Joint decisions: polls, statements, votes, objections and what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from store.models import Membership, Objection, Poll, Promise, Round, Statement, Vote
from store.unit import Unit
from store.words import Member

ALIVE = ("open", "revising")


def poll(unit: Unit, poll_id: int) -> Poll | None:
    """One decision, locked on engines that lock rows because it is read to be changed."""
    return unit.session.scalar(select(Poll).where(Poll.id == poll_id).with_for_update())


def look_up(unit: Unit, poll_id: int) -> Poll | None:
    """One decision, only to look at or to answer: members vote side by side."""
    return unit.get(Poll, poll_id)


def of_network(unit: Unit, network: str, states: Sequence[str] = (*ALIVE, "closed")) -> list[Poll]:
    """The network's decisions, the newest first; drafts are nobody's business."""
    query = select(Poll).where(Poll.network == network, Poll.state.in_(states))
    return list(unit.session.scalars(query.order_by(Poll.id.desc())))


def drop_drafts(unit: Unit, network: str, person_id: int) -> None:
    """A person prepares one decision at a time for a network."""
    mine = select(Poll.id).where(Poll.network == network, Poll.person_id == person_id, Poll.state == "draft")
    _drop(unit, list(unit.session.scalars(mine)))


def drop_old_drafts(unit: Unit, before: datetime) -> int:
    """Decisions that were never opened."""
    old = list(unit.session.scalars(select(Poll.id).where(Poll.state == "draft", Poll.created_at < before)))
    _drop(unit, old)
    return len(old)


def _drop(unit: Unit, ids: list[int]) -> None:
    if ids:
        unit.change(delete(Statement).where(Statement.poll_id.in_(ids)))
        unit.change(delete(Poll).where(Poll.id.in_(ids)))


def statement(unit: Unit, statement_id: int) -> Statement | None:
    return unit.get(Statement, statement_id)


def added_by(unit: Unit, poll_id: int, person_id: int) -> int:
    """How many statements a person has added to a decision."""
    query = select(func.count()).select_from(Statement)
    return (
        unit.session.scalar(query.where(Statement.poll_id == poll_id, Statement.person_id == person_id)) or 0
    )


def waiting_statements(unit: Unit, poll_id: int) -> int:
    query = select(func.count()).select_from(Statement)
    return unit.session.scalar(query.where(Statement.poll_id == poll_id, Statement.state == "waiting")) or 0


def votes_of(unit: Unit, poll_id: int, person_id: int) -> dict[int, str]:
    """A person's answers by statement."""
    query = select(Vote.statement_id, Vote.answer).where(Vote.poll_id == poll_id, Vote.person_id == person_id)
    return {key: answer for key, answer in unit.session.execute(query)}


def vote(unit: Unit, statement_id: int, person_id: int) -> Vote | None:
    query = select(Vote).where(Vote.statement_id == statement_id, Vote.person_id == person_id)
    return unit.session.scalar(query.with_for_update())


def ballots(unit: Unit, poll: Poll) -> list[tuple[int, int, str]]:
    """(statement, person, answer) of everybody who belongs to the network now, about statements that are shown."""
    query = (
        select(Vote.statement_id, Vote.person_id, Vote.answer)
        .join(Statement, Statement.id == Vote.statement_id)
        .join(Membership, Membership.person_id == Vote.person_id)
        .where(Vote.poll_id == poll.id, Statement.state == "shown")
        .where(Membership.network == poll.network, Membership.state == Member.ACTIVE)
        .order_by(Vote.id)
    )
    return [(key, person, answer) for key, person, answer in unit.session.execute(query)]


def objection(unit: Unit, statement_id: int, person_id: int) -> Objection | None:
    query = select(Objection).where(Objection.statement_id == statement_id, Objection.person_id == person_id)
    return unit.session.scalar(query)


def objections(unit: Unit, poll_id: int) -> list[Objection]:
    """Reasons that still stand: the statement is shown and the person still disagrees with it."""
    query = (
        select(Objection)
        .join(Statement, Statement.id == Objection.statement_id)
        .join(Vote, (Vote.statement_id == Objection.statement_id) & (Vote.person_id == Objection.person_id))
        .where(Objection.poll_id == poll_id, Objection.text != "")
        .where(Statement.state == "shown", Vote.answer == "disagree")
    )
    return list(unit.session.scalars(query.order_by(Objection.id)))


def rounds_to_close(unit: Unit, now: datetime) -> list[Round]:
    query = select(Round).where(Round.state == "open", Round.closes_at <= now)
    return list(unit.session.scalars(query.order_by(Round.closes_at).with_for_update(skip_locked=True)))


def open_rounds(unit: Unit) -> list[tuple[Round, Poll]]:
    query = select(Round, Poll).join(Poll).where(Round.state == "open")
    return [(found, poll) for found, poll in unit.session.execute(query.order_by(Round.id))]


def being_revised(unit: Unit) -> list[Poll]:
    query = select(Poll).where(Poll.state == "revising")
    return list(unit.session.scalars(query.order_by(Poll.id).with_for_update(skip_locked=True)))


def untold(unit: Unit) -> list[Poll]:
    """Closed decisions whose result still waits to be sent."""
    query = select(Poll).where(Poll.state == "closed", Poll.told_at.is_(None))
    return list(unit.session.scalars(query.order_by(Poll.id).with_for_update(skip_locked=True)))


def lately_told(unit: Unit, since: datetime) -> list[Poll]:
    """Closed decisions whose result is going out: a large network takes several passes."""
    query = select(Poll).where(Poll.state == "closed", Poll.told_at > since)
    return list(unit.session.scalars(query.order_by(Poll.id)))


def promise(unit: Unit, promise_id: int) -> Promise | None:
    return unit.session.scalar(select(Promise).where(Promise.id == promise_id).with_for_update())


def promises_due(unit: Unit, now: datetime) -> list[Promise]:
    """Running promises with a date before then."""
    query = select(Promise).where(Promise.state == "running", Promise.due_at <= now)
    return list(unit.session.scalars(query.order_by(Promise.due_at).with_for_update(skip_locked=True)))


def promises_kept(unit: Unit, since: datetime) -> list[tuple[Promise, Poll]]:
    """Promises fulfilled lately: news for the members."""
    query = select(Promise, Poll).join(Poll).where(Promise.ended_at > since)
    return [(found, poll) for found, poll in unit.session.execute(query.order_by(Promise.id))]


def promise_counts(unit: Unit, network: str) -> dict[str, int]:
    """How many promises of the network stand in each state."""
    query = select(Promise.state, func.count()).where(Promise.network == network).group_by(Promise.state)
    return {state: count for state, count in unit.session.execute(query)}


def take_back(unit: Unit, person_id: int, message_id: str) -> None:
    """A message was unsent: a statement or a reason made of it loses its words and counts no more."""
    mine = Statement.person_id == person_id, Statement.message_id == message_id
    unit.change(update(Statement).where(*mine).values(text="", state="removed"))
    reasons = Objection.person_id == person_id, Objection.message_id == message_id
    unit.change(update(Objection).where(*reasons).values(text=""))


def forget(unit: Unit, person_id: int) -> None:
    """Her words go; votes count on where the result stands and are deleted where it is still open."""
    alive = select(Poll.id).where(Poll.state.in_(ALIVE))
    unit.change(delete(Vote).where(Vote.person_id == person_id, Vote.poll_id.in_(alive)))
    unit.change(update(Objection).where(Objection.person_id == person_id).values(text=""))
    waiting = Statement.person_id == person_id, Statement.state == "waiting"
    unit.change(update(Statement).where(*waiting).values(text="", state="removed"))
    unit.change(update(Statement).where(Statement.person_id == person_id).values(person_id=None))


def said_by(unit: Unit, person_id: int) -> dict[str, list[str]]:
    """A person's own statements, reasons and answers, for her copy of her data."""
    session = unit.session
    statements = select(Statement.text).where(Statement.person_id == person_id, Statement.text != "")
    reasons = select(Objection.text).where(Objection.person_id == person_id, Objection.text != "")
    votes = select(Statement.text, Vote.answer).join(Vote, Vote.statement_id == Statement.id)
    return {
        "statements": list(session.scalars(statements.order_by(Statement.id))),
        "objections": list(session.scalars(reasons.order_by(Objection.id))),
        "votes": [
            f"{text}: {answer}"
            for text, answer in session.execute(votes.where(Vote.person_id == person_id).order_by(Vote.id))
        ],
    }
