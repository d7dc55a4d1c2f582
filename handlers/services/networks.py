"""Membership in issue networks: invited once, joined by one tap, followed up, left in one tap."""

from __future__ import annotations

from datetime import timedelta

from handlers.talk import Scene
from store.models import Membership, Person, Step
from store.queries import cases as case_rows
from store.queries import networks as rows
from store.words import Member

QUICK_FOLLOW_UP = timedelta(hours=48)
"""Conant's third step falls due this long after joining."""

CLASSIFY, OPINIONS, QUICK, REGULAR, KEEP = 1, 2, 3, 4, 5


def invite(scene: Scene, person: Person, network: str) -> bool:
    """Note that she was invited; False when she has been before (nobody is asked twice)."""
    if rows.membership(scene.unit, network, person.id) is not None:
        return False
    scene.unit.add(
        Membership(network=network, person_id=person.id, state=Member.INVITED, invited_at=scene.now)
    )
    return True


def join(scene: Scene, person: Person, network: str, role: str = "member") -> bool:
    """Become a member and start the steps; False when she already was one (a role may still grow)."""
    member = rows.membership(scene.unit, network, person.id)
    if member is None:
        member = scene.unit.add(
            Membership(network=network, person_id=person.id, state=Member.INVITED, steps=[])
        )
    if role == "representative":
        member.role, member.every = role, "daily"
    if member.state == Member.ACTIVE:
        return False
    member.state, member.joined_at, member.left_at = Member.ACTIVE, scene.now, None
    scene.unit.flush()
    _start_steps(scene, member)
    return True


def _start_steps(scene: Scene, member: Membership) -> None:
    """Step 1 is done by joining; step 3 falls due two days later. Coming back starts step 3 anew."""
    known = {step.number: step for step in member.steps}
    if CLASSIFY not in known:
        evidence = {
            "kind": member.kind,
            "sector": member.sector,
            "size": rows.size(scene.unit, member.network),
        }
        member.steps.append(
            Step(
                number=CLASSIFY,
                state="answered",
                due_at=scene.now,
                done_at=scene.now,
                outcome="joined",
                evidence=evidence,
            )
        )
    quick = known.get(QUICK)
    if member.role == "representative":
        return  # she is the one who follows up
    if quick is None:
        member.steps.append(Step(number=QUICK, state="due", due_at=scene.now + QUICK_FOLLOW_UP))
    elif quick.state == "void":
        quick.state, quick.due_at = "due", scene.now + QUICK_FOLLOW_UP


def refuse(scene: Scene, person: Person, network: str) -> None:
    """ "Not now": remembered, so that she is left in peace."""
    member = rows.membership(scene.unit, network, person.id)
    if member is not None and member.state == Member.INVITED:
        member.state = Member.DECLINED


def step_down(scene: Scene, person: Person, network: str) -> None:
    """A representative whose term is over stays a member."""
    member = rows.membership(scene.unit, network, person.id)
    if member is not None and member.state == Member.ACTIVE:
        member.role = "member"


def leave(scene: Scene, person: Person, network: str) -> bool:
    """Leave at once: nothing more is sent."""
    member = rows.membership(scene.unit, network, person.id)
    if member is None or member.state != Member.ACTIVE:
        return False
    member.state, member.left_at, member.role = Member.LEFT, scene.now, "member"
    rows.void_steps(scene.unit, member.id)
    case_rows.void_check_ins(scene.unit, person.id, network)
    return True
