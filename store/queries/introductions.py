"""Introductions: pairs that were proposed, asked, introduced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, or_, select

from store.models import Introduction
from store.unit import Unit

ENDED = ("met", "declined", "dropped")


def by_ref(unit: Unit, ref: str) -> Introduction | None:
    """One introduction, locked where rows are locked: both may answer at once."""
    return unit.session.scalar(select(Introduction).where(Introduction.ref == ref).with_for_update())


def pairs(unit: Unit) -> set[tuple[str, str]]:
    """All pairs that were ever proposed."""
    return {(a, b) for a, b in unit.session.execute(select(Introduction.a, Introduction.b))}


def refused_by(unit: Unit) -> set[int]:
    """People who said no to an introduction, who are left in peace."""
    one = select(Introduction.a_person).where(Introduction.a_answer == "no")
    other = select(Introduction.b_person).where(Introduction.b_answer == "no")
    return {found for query in (one, other) for found in unit.session.scalars(query) if found}


def of_person(unit: Unit, person_id: int) -> list[Introduction]:
    query = select(Introduction).where(
        or_(Introduction.a_person == person_id, Introduction.b_person == person_id)
    )
    return list(unit.session.scalars(query.order_by(Introduction.id)))


def waiting_since(unit: Unit, before: datetime) -> list[Introduction]:
    """Asked before then and still not answered by both."""
    query = select(Introduction).where(Introduction.state == "asked", Introduction.asked_at < before)
    return list(unit.session.scalars(query.with_for_update(skip_locked=True)))


def forget(unit: Unit, person_id: int, actors: Iterable[str]) -> None:
    """Drop what names a person who is forgotten."""
    named = or_(Introduction.a.in_(list(actors)), Introduction.b.in_(list(actors)))
    unit.change(delete(Introduction).where(named))
    for row in of_person(unit, person_id):
        if row.a_person == person_id:
            row.a_card, row.a_person = "", None
        if row.b_person == person_id:
            row.b_card, row.b_person = "", None
        row.state = row.state if row.state in ENDED else "dropped"


def counts(unit: Unit, network: str) -> dict[str, int]:
    """Number of a network's introductions by state."""
    query = select(Introduction.state, func.count()).where(Introduction.network == network)
    return {state: n for state, n in unit.session.execute(query.group_by(Introduction.state))}
