"""Charters and who agreed, links between networks, further networks of a case, proposals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update

from store.models import (
    Agreement,
    Case,
    CaseNetwork,
    Charter,
    Deadline,
    Digest,
    Membership,
    NetworkLink,
    Proposal,
)
from store.unit import Unit
from store.words import Member


def charter(unit: Unit, network: str) -> Charter | None:
    """The version in force."""
    query = select(Charter).where(Charter.network == network)
    return unit.session.scalar(query.order_by(Charter.version.desc()).limit(1))


def agreement(unit: Unit, membership_id: int, version: int) -> Agreement | None:
    query = select(Agreement).where(Agreement.membership_id == membership_id, Agreement.version == version)
    return unit.session.scalar(query)


def answered(unit: Unit, network: str, version: int, answer: str) -> int:
    """Active members who gave that answer ("yes" or "no") to that version."""
    query = (
        select(func.count())
        .select_from(Agreement)
        .join(Membership, Membership.id == Agreement.membership_id)
        .where(Agreement.network == network, Agreement.version == version, Agreement.answer == answer)
        .where(Membership.state == Member.ACTIVE)
    )
    return unit.session.scalar(query) or 0


def promises(unit: Unit, network: str) -> tuple[int, int]:
    """(kept, broken) deadlines of agencies in a network's cases: its half of the compact."""
    query = (
        select(Deadline.state, func.count())
        .join(Case, Case.id == Deadline.case_id)
        .where(Case.network == network, Deadline.state.in_(("kept", "broken")))
        .group_by(Deadline.state)
    )
    found = {state: count for state, count in unit.session.execute(query)}
    return found.get("kept", 0), found.get("broken", 0)


def digests(unit: Unit, network: str) -> int:
    query = select(func.count()).select_from(Digest).where(Digest.network == network)
    return unit.session.scalar(query) or 0


def links(unit: Unit, network: str) -> list[str]:
    """Codes of the networks it works together with."""
    query = select(NetworkLink).where(or_(NetworkLink.network == network, NetworkLink.other == network))
    found = unit.session.scalars(query.order_by(NetworkLink.id))
    return [row.other if row.network == network else row.network for row in found]


def link(unit: Unit, one: str, two: str, now: datetime) -> bool:
    """Link two networks; False when they are linked or the same."""
    if one == two or two in links(unit, one):
        return False
    first, second = sorted((one, two))
    unit.add(NetworkLink(network=first, other=second, since=now))
    return True


def further_networks(unit: Unit, case_id: int) -> list[str]:
    """The networks a case concerns beside its own."""
    query = select(CaseNetwork.network).where(CaseNetwork.case_id == case_id).order_by(CaseNetwork.id)
    return list(unit.session.scalars(query))


def further_by_case(unit: Unit) -> dict[int, list[str]]:
    """The further networks of every case that has some, by the case's id."""
    found: dict[int, list[str]] = {}
    for case_id, network in unit.session.execute(
        select(CaseNetwork.case_id, CaseNetwork.network).order_by(CaseNetwork.id)
    ):
        found.setdefault(case_id, []).append(network)
    return found


def proposal(unit: Unit, proposal_id: int) -> Proposal | None:
    """One proposal, locked on engines that lock rows because it is read to be decided."""
    return unit.session.scalar(select(Proposal).where(Proposal.id == proposal_id).with_for_update())


def waiting_proposals(unit: Unit, person_id: int) -> int:
    query = select(func.count()).select_from(Proposal)
    return unit.session.scalar(query.where(Proposal.person_id == person_id, Proposal.state == "waiting")) or 0


def members_to_ask(unit: Unit, network: str, version: int, limit: int = 500) -> list[Membership]:
    """Active members who were not asked about that version yet."""
    asked = select(Agreement.membership_id).where(Agreement.network == network, Agreement.version == version)
    query = select(Membership).where(
        Membership.network == network, Membership.state == Member.ACTIVE, Membership.id.not_in(asked)
    )
    return list(unit.session.scalars(query.order_by(Membership.id).limit(limit)))


def blank_proposals(unit: Unit, person_id: int) -> None:
    """Proposals of hers that wait are taken back, with their words."""
    query = update(Proposal).where(Proposal.person_id == person_id, Proposal.state == "waiting")
    unit.change(query.values(state="refused", name="", goal=""))
