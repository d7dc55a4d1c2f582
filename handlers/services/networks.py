"""Membership in issue networks: invited once, joined by one tap, followed up, left in one tap."""

from __future__ import annotations

from datetime import timedelta

from handlers.services import steps
from handlers.talk import Scene
from store.models import Membership, Person
from store.queries import appointments, news
from store.queries import cases as case_rows
from store.queries import members as member_rows
from store.queries import networks as rows
from store.words import LEADS, Member

TERM = timedelta(days=365)
"""How long somebody represents or leads a network before it is somebody else's turn (Starkey's rotating leaders)."""


def invite(scene: Scene, person: Person, network: str, case: str) -> bool:
    """Note that she was invited with this case; False for members, those who left, and the same case again.

    Who said "not now" is asked again only with another case.
    """
    member = rows.membership(scene.unit, network, person.id)
    if member is None:
        member = rows.enter(
            scene.unit, Membership(network=network, person_id=person.id, state=Member.INVITED)
        )
    elif member.state not in (Member.INVITED, Member.DECLINED) or member.invited_case == case:
        return False
    member.state, member.invited_at, member.invited_case = Member.INVITED, scene.now, case
    return True


def join(scene: Scene, person: Person, network: str, role: str = "member") -> bool:
    """Become a member and start the steps; False when she already was one (a role may still grow)."""
    member = rows.membership(scene.unit, network, person.id)
    if member is None:
        new = Membership(network=network, person_id=person.id, state=Member.INVITED, steps=[])
        member = rows.enter(scene.unit, new)
    if role in LEADS:
        if member.role not in LEADS:
            member.role, member.every = role, "daily"
        member.term_ends_at, member.term_told_at = scene.now + TERM, None
    if member.state == Member.ACTIVE:
        return False
    member.state, member.joined_at, member.left_at = Member.ACTIVE, scene.now, None
    member.dormant_at, member.left_why = None, ""
    member.kind, member.every = member.kind or "individual", member.every or "weekly"
    member.sector = sector_of(scene, person)
    scene.unit.flush()
    steps.begin(scene, member)
    return True


def sector_of(scene: Scene, person: Person) -> str:
    """An agency is a member through its officials: theirs is its sector; everybody else is civil."""
    for role in person.roles:
        agency = scene.book.agencies.get(role.agency or "")
        if role.ended_at is None and agency is not None:
            return agency.sector
    return "civil"


def represent_others(scene: Scene, member: Membership, kind: str) -> None:
    """She joins for herself ("individual"), for an organisation ("node") or for a network of groups."""
    member.kind = kind
    first = next((step for step in member.steps if step.number == 1), None)
    if first is not None:
        first.evidence = {**first.evidence, "kind": kind}


def refuse(scene: Scene, person: Person, network: str) -> None:
    """ "Not now": remembered, so that she is left in peace."""
    member = rows.membership(scene.unit, network, person.id)
    if member is not None and member.state == Member.INVITED:
        member.state = Member.DECLINED


def step_down(scene: Scene, person: Person, network: str) -> None:
    """A representative whose term is over stays a member."""
    member = rows.membership(scene.unit, network, person.id)
    if member is not None and member.state == Member.ACTIVE:
        _lay_down(member)


def _lay_down(member: Membership) -> None:
    member.role, member.term_ends_at, member.term_told_at = "member", None, None
    member.named_public = False


def leave(scene: Scene, person: Person, network: str) -> bool:
    """Leave at once: nothing more is sent."""
    member = rows.membership(scene.unit, network, person.id)
    if member is None or member.state != Member.ACTIVE:
        return False
    member.state, member.left_at = Member.LEFT, scene.now
    _lay_down(member)
    appointments.void_of(scene.unit, member.id, scene.now)
    rows.void_steps(scene.unit, member.id)
    news.take_out(scene.unit, person.id, f"{news.REF}{network}")
    member_rows.void_tasks(scene.unit, member.id)
    member.listed = False
    case_rows.void_check_ins(scene.unit, person.id, network)
    return True
