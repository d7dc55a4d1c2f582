"""Members asked to lead or represent their network, and who does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from store.models import Appointment, Membership, Person
from store.unit import Unit
from store.words import LEADS, Member

OPEN = ("asked", "deciding")


def by_ref(unit: Unit, ref: str) -> Appointment | None:
    """One appointment, locked on engines that lock rows because its button is being used."""
    return unit.session.scalar(select(Appointment).where(Appointment.ref == ref).with_for_update())


def of_poll(unit: Unit, poll_id: int) -> Appointment | None:
    """The appointment that a joint decision is about."""
    return unit.session.scalar(select(Appointment).where(Appointment.poll_id == poll_id).with_for_update())


def of_member(unit: Unit, membership_id: int) -> list[Appointment]:
    query = select(Appointment).where(Appointment.membership_id == membership_id)
    return list(unit.session.scalars(query.order_by(Appointment.id)))


def open_of(unit: Unit, network: str) -> list[Appointment]:
    query = select(Appointment).where(Appointment.network == network, Appointment.state.in_(OPEN))
    return list(unit.session.scalars(query.order_by(Appointment.id)))


def unanswered_since(unit: Unit, before: datetime) -> list[Appointment]:
    """Questions nobody has answered since before then."""
    query = select(Appointment).where(Appointment.state == "asked", Appointment.asked_at <= before)
    return list(unit.session.scalars(query.order_by(Appointment.id).with_for_update(skip_locked=True)))


def void_of(unit: Unit, membership_id: int, now: datetime) -> None:
    """Nothing of hers is asked or decided any more."""
    query = update(Appointment).where(Appointment.membership_id == membership_id, Appointment.state.in_(OPEN))
    unit.change(query.values(state="void", ended_at=now))


def polls_about(unit: Unit, membership_ids: Collection[int]) -> list[int]:
    """Decisions that name one of these members."""
    query = select(Appointment.poll_id).where(Appointment.membership_id.in_(list(membership_ids)))
    return [poll_id for poll_id in unit.session.scalars(query) if poll_id is not None]


def people_of(unit: Unit, ids: Collection[int]) -> list[Person]:
    """Those of them who can still be reached."""
    query = select(Person).where(Person.id.in_(list(ids)), Person.forgotten_at.is_(None))
    return list(unit.session.scalars(query))


def leading(unit: Unit, network: str) -> list[tuple[Membership, Person]]:
    """Who leads or represents the network now, the longest members first."""
    query = select(Membership, Person).join(Person, Person.id == Membership.person_id)
    query = query.where(Membership.network == network, Membership.state == Member.ACTIVE)
    query = query.where(Membership.role.in_(LEADS)).order_by(Membership.id)
    return [(member, person) for member, person in unit.session.execute(query)]


def terms_over(unit: Unit, now: datetime) -> list[Membership]:
    """Leads and representatives whose last day has passed."""
    query = select(Membership).where(
        Membership.state == Member.ACTIVE, Membership.role.in_(LEADS), Membership.term_ends_at <= now
    )
    return list(unit.session.scalars(query.order_by(Membership.id).with_for_update(skip_locked=True)))
