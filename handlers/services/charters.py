"""What a network has agreed about deciding together, and whether it may."""

from __future__ import annotations

from handlers.rules.conditions import Conditions
from handlers.rules.consensus import Charter
from handlers.talk import Scene
from store.models import Membership
from store.queries import activities, people
from store.queries import networks as rows
from store.words import Member, RoleName

_STATE = frozenset(("state", "local"))
_DECIDING = frozenset(("collaborate", "empower"))
"""Levels of participation at which members decide and not only advise."""


def charter_of(scene: Scene, network: str) -> Charter:
    """The network's rules of deciding, as the city's folder gives them."""
    row = scene.book.networks[network]
    return Charter(row.consensus, row.quorum, row.quorum_least, row.rounds, row.days)


def conditions_of(scene: Scene, network: str) -> Conditions:
    """Which of the six conditions of collaborative governance the network meets now."""
    row = scene.book.networks[network]
    integrator = scene.book.agencies.get(row.integrator)
    sectors = {member.sector for member in _active(scene, network)}
    sectors |= {integrator.sector} if integrator else set()
    representatives = people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=network)
    return Conditions(
        started=integrator is not None,
        both_sides=bool(sectors & _STATE or _officials_inside(scene, network)) and bool(sectors - _STATE),
        members_decide=row.level in _DECIDING,
        structure=bool(row.conditions_th and representatives),
        consensus=row.consensus > 0.5,
        aim=bool(row.goal_th),
    )


def _active(scene: Scene, network: str) -> list[Membership]:
    return [m for m in rows.members(scene.unit, network) if m.state == Member.ACTIVE]


def _officials_inside(scene: Scene, network: str) -> bool:
    """An official among the members, or an agency of the state that leads cases of the network."""
    leads = activities.agencies_at_work(scene.unit, network)
    staff = people.staff(scene.unit, leads)
    book = scene.book.agencies
    at_work = [code for code, found in staff.items() if found and code in book]
    return any(book[code].sector in _STATE for code in at_work) or _member_official(scene, network)


def _member_official(scene: Scene, network: str) -> bool:
    ids = {member.person_id for member in _active(scene, network)}
    return any(
        role.ended_at is None and role.agency
        for person in people.by_ids(scene.unit, ids)
        for role in person.roles
    )
