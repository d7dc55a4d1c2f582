"""Whom a network has asked to take part, and whom it may still ask."""

from __future__ import annotations

from sqlalchemy import exists, func, select

from store.models import Call, Membership, Person, Statement, Vote
from store.unit import Unit
from store.words import Member

_MAY_BE_PUSHED = (
    Membership.state == Member.ACTIVE,
    Membership.every != "off",
    Person.blocked.is_(False),
    Person.forgotten_at.is_(None),
    Person.line_id.is_not(None),
)


def uncalled(unit: Unit, network: str, about: str, limit: int) -> list[Person]:
    """Members who want to hear of things and were not told of this one yet, the longest members first."""
    called = exists().where(Call.about == about, Call.person_id == Person.id)
    query = select(Person).join(Membership).where(Membership.network == network, *_MAY_BE_PUSHED, ~called)
    return list(unit.session.scalars(query.order_by(Membership.id).limit(limit)))


def unanswered(unit: Unit, network: str, about: str, poll_id: int, limit: int) -> list[tuple[Person, Call]]:
    """Members who were asked, not reminded, and still have a statement to answer."""
    shown = select(Statement.id).where(Statement.poll_id == poll_id, Statement.state == "shown")
    answers = (
        select(func.count())
        .select_from(Vote)
        .where(Vote.person_id == Person.id, Vote.statement_id.in_(shown))
        .scalar_subquery()
    )
    number = select(func.count()).select_from(shown.subquery()).scalar_subquery()
    query = (
        select(Person, Call)
        .join(Call, Call.person_id == Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.network == network, *_MAY_BE_PUSHED)
        .where(Call.about == about, Call.reminded_at.is_(None), answers < number)
    )
    return [(person, call) for person, call in unit.session.execute(query.order_by(Call.id).limit(limit))]


def called(unit: Unit, about: str, person_id: int) -> bool:
    query = select(Call.id).where(Call.about == about, Call.person_id == person_id)
    return unit.session.scalar(query) is not None
