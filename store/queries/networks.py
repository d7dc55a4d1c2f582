"""Memberships, steps and digests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, update

from store.models import Call, CheckIn, Digest, Membership, Step
from store.unit import Unit
from store.words import LEADS, Member

# Asked with every new case, so they are put together once.
OPINIONS = 2
"""Number of the step that asks for opinions."""
_MEMBERSHIP = select(Membership).where(
    Membership.network == bindparam("network"), Membership.person_id == bindparam("person")
)
_MEMBERSHIPS = select(Membership).where(Membership.person_id.in_(bindparam("people", expanding=True)))
_SIZE = (
    select(func.count())
    .select_from(Membership)
    .where(Membership.network == bindparam("network"), Membership.state == Member.ACTIVE)
)


def membership(unit: Unit, network: str, person_id: int) -> Membership | None:
    known: dict[str, Membership] | None = unit.seen.get((Membership, f"of/{person_id}"))
    if known is not None:
        return known.get(network)
    return unit.session.scalar(_MEMBERSHIP, {"network": network, "person": person_id})


def enter(unit: Unit, member: Membership) -> Membership:
    """Add somebody to a network's people."""
    known: dict[str, Membership] | None = unit.seen.get((Membership, f"of/{member.person_id}"))
    if known is not None:
        known[member.network] = member
    return unit.add(member)


def look_up(unit: Unit, people: Collection[int]) -> None:
    """Read what ``membership`` gives for several people of one unit at once."""
    found: dict[int, dict[str, Membership]] = {person: {} for person in people}
    for member in unit.session.scalars(_MEMBERSHIPS, {"people": list(people)}):
        found[member.person_id][member.network] = member
    unit.seen.update({(Membership, f"of/{person}"): known for person, known in found.items()})


def active(unit: Unit, network: str, person_id: int) -> bool:
    found = membership(unit, network, person_id)
    return found is not None and found.state == Member.ACTIVE


def of_person(unit: Unit, person_id: int) -> list[Membership]:
    """Networks she belongs to now."""
    query = select(Membership).where(Membership.person_id == person_id, Membership.state == Member.ACTIVE)
    return list(unit.session.scalars(query.order_by(Membership.joined_at)))


def ever_of(unit: Unit, person_id: int) -> list[Membership]:
    """Her memberships whatever became of them."""
    return list(unit.session.scalars(select(Membership).where(Membership.person_id == person_id)))


def members(unit: Unit, network: str) -> list[Membership]:
    query = select(Membership).where(Membership.network == network)
    return list(unit.session.scalars(query.order_by(Membership.id)))


def size(unit: Unit, network: str) -> int:
    """People who belong to a network now."""
    return unit.session.scalar(_SIZE, {"network": network}) or 0


def sectors(unit: Unit, network: str) -> dict[str, int]:
    """Number of people who belong to a network now, by the sector they speak for."""
    query = select(Membership.sector, func.count()).where(
        Membership.network == network, Membership.state == Member.ACTIVE
    )
    return {sector: n for sector, n in unit.session.execute(query.group_by(Membership.sector))}


def joined_since(unit: Unit, network: str, since: datetime) -> int:
    """New members; representatives, who hear of it, are not counted."""
    query = select(func.count()).select_from(Membership).where(Membership.network == network)
    query = query.where(Membership.role.not_in(LEADS))
    return (
        unit.session.scalar(query.where(Membership.joined_at > since, Membership.state == Member.ACTIVE)) or 0
    )


def asked_since(unit: Unit, since: datetime) -> set[int]:
    """People who were asked something after then: about a case, as members, to decide or to come along.

    The first questions about opinions come in the answer to joining, so nobody was disturbed by them.
    """
    pushed = or_(Step.nudged_at > since, and_(Step.sent_at > since, Step.number != OPINIONS))
    steps = select(Membership.person_id).join(Step).where(pushed)
    checks = select(CheckIn.person_id).where(CheckIn.sent_at > since)
    calls = select(Call.person_id).where(Call.asks, or_(Call.at > since, Call.reminded_at > since))
    return {person for query in (steps, checks, calls) for person in unit.session.scalars(query)}


def step(unit: Unit, step_id: int) -> tuple[Step, Membership] | None:
    found = unit.get(Step, step_id)
    if found is None:
        return None
    member = unit.get(Membership, found.membership_id)
    return (found, member) if member else None


def void_steps(unit: Unit, membership_id: int) -> None:
    """Nobody who left is asked."""
    open_states = ("due", "sent", "nudged", "dormant")
    query = update(Step).where(Step.membership_id == membership_id, Step.state.in_(open_states))
    unit.change(query.values(state="void"))


def last_digest(unit: Unit, network: str, person_id: int) -> datetime | None:
    query = select(func.max(Digest.at)).where(Digest.network == network, Digest.person_id == person_id)
    return unit.session.scalar(query)


def digest_exists(unit: Unit, network: str, person_id: int, period: str) -> bool:
    query = select(Digest.id).where(
        Digest.network == network, Digest.person_id == person_id, Digest.period == period
    )
    return unit.session.scalar(query) is not None
