"""The register of what members lend, and loans."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update

from store.models import Loan, Membership, Resource
from store.unit import Unit
from store.words import Member

OUT = ("asked", "lent")
"""States in which a loan holds what it asked for."""


def resource(unit: Unit, resource_id: int) -> Resource | None:
    """One thing, locked on engines that lock rows: what is free is counted before it is promised."""
    return unit.session.scalar(select(Resource).where(Resource.id == resource_id).with_for_update())


def of_person(unit: Unit, person_id: int) -> list[Resource]:
    query = select(Resource).where(Resource.person_id == person_id, Resource.state == "listed")
    return list(unit.session.scalars(query.order_by(Resource.id)))


def of_kinds(unit: Unit, kinds: Collection[str]) -> list[Resource]:
    query = select(Resource).where(Resource.kind.in_(list(kinds)), Resource.state == "listed")
    return list(unit.session.scalars(query.order_by(Resource.id)))


def held(unit: Unit, resource_id: int) -> int:
    """How many of it are lent or asked for."""
    query = select(func.sum(Loan.quantity)).where(Loan.resource_id == resource_id, Loan.state.in_(OUT))
    return int(unit.session.scalar(query) or 0)


def loan(unit: Unit, loan_id: int) -> Loan | None:
    return unit.session.scalar(select(Loan).where(Loan.id == loan_id).with_for_update())


def loan_of(unit: Unit, resource_id: int, case_code: str) -> Loan | None:
    """A loan of that thing for that case that is still going on."""
    query = select(Loan).where(
        Loan.resource_id == resource_id, Loan.case_code == case_code, Loan.state.in_(OUT)
    )
    return unit.session.scalar(query)


def due_loans(unit: Unit, now: datetime) -> list[Loan]:
    """Unanswered questions that lapse, and things that should be back and were not asked for yet."""
    query = select(Loan).where(Loan.state.in_(OUT), Loan.due_at <= now, Loan.reminded_at.is_(None))
    return list(unit.session.scalars(query.order_by(Loan.id).with_for_update(skip_locked=True)))


def counts(unit: Unit, network: str) -> tuple[int, int]:
    """(things listed by active members of a network, loans of them that were made)."""
    members = select(Membership.person_id).where(
        Membership.network == network, Membership.state == Member.ACTIVE
    )
    things = select(func.count()).select_from(Resource)
    listed = unit.session.scalar(things.where(Resource.person_id.in_(members), Resource.state == "listed"))
    loans = select(func.count()).select_from(Loan).join(Resource)
    lent = unit.session.scalar(
        loans.where(Resource.person_id.in_(members), Loan.state.in_(("lent", "returned")))
    )
    return listed or 0, lent or 0


def returned_in_time(unit: Unit, network: str) -> tuple[int, int]:
    """(in time, late) returns of things that members of a network lent."""
    members = select(Membership.person_id).where(Membership.network == network)
    late = Loan.returned_at > Loan.due_at
    query = select(late, func.count()).select_from(Loan).join(Resource)
    query = query.where(Resource.person_id.in_(members), Loan.state == "returned").group_by(late)
    found = {bool(was_late): count for was_late, count in unit.session.execute(query)}
    return found.get(False, 0), found.get(True, 0)


def withdraw_all(unit: Unit, person_id: int) -> None:
    """Everything she lends leaves the register, with her words."""
    query = update(Resource).where(Resource.person_id == person_id)
    unit.change(query.values(state="withdrawn", words="").execution_options(synchronize_session=False))
