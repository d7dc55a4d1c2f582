"""People and what they may do: first contact, invites, roles."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.rules import invites
from handlers.services import networks
from handlers.talk import Scene
from store import Unit
from store.models import Conversation, Invite, InviteTry, Person, Role
from store.queries import people as rows
from store.words import RoleName


def known(unit: Unit, line_id: str, now: datetime) -> Person:
    """The person behind a LINE id, made at first contact with nothing but the id."""
    person = rows.by_line_id(unit, line_id)
    if person is None:
        person = unit.add(Person(line_id=line_id, language="th", created_at=now, seen_at=now, roles=[]))
        unit.flush()
    person.seen_at = now
    return person


def conversation(unit: Unit, key: str, now: datetime) -> Conversation:
    """The chat's row, made when it is first needed."""
    found = rows.conversation(unit, key)
    if found is None:
        found = unit.add(Conversation(key=key, changed_at=now))
        unit.flush()
    return found


def blank_conversation(key: str, now: datetime) -> Conversation:
    """A chat in which nothing is open, kept nowhere."""
    return Conversation(key=key, changed_at=now)


def new_invite(
    unit: Unit,
    now: datetime,
    role: RoleName,
    *,
    agency: str | None = None,
    network: str | None = None,
    name: str = "",
    until: datetime | None = None,
    by: Person | None = None,
) -> str:
    """Make an invite and return its code, which is kept nowhere but in the reader's hand.

    ``until``: the end of the term; ``by``: the head who asked for it, with whom it ends.
    """
    code = invites.new_code()
    unit.add(
        Invite(
            code_hash=invites.hashed(code),
            role=role,
            agency=agency,
            network=network,
            name=name,
            created_at=now,
            expires_at=now + timedelta(days=invites.DAYS),
            until=until,
            created_by=by.id if by else None,
        )
    )
    return code


class BadInvite(ValueError):
    """The code gives no role: "wrong", "used", "expired" or "slow_down"."""


def redeem(scene: Scene, person: Person, code: str) -> Role:
    """Turn a code into a role. Raises ``BadInvite``; wrong tries are counted per person and hour."""
    since = scene.now - timedelta(hours=1)
    if rows.tries_since(scene.unit, person, since) >= invites.TRIES_AN_HOUR:
        raise BadInvite("slow_down")
    found = rows.invite(scene.unit, invites.hashed(code))
    reason = _fault(found, scene.now)
    if found is None or reason:
        scene.unit.add(InviteTry(person_id=person.id, at=scene.now))
        raise BadInvite(reason)
    found.used_at, found.used_by = scene.now, person.id
    person.name = person.name or found.name
    role = give_role(scene, person, RoleName(found.role), found.agency, found.network)
    role.until = found.until
    return role


def _fault(found: Invite | None, now: datetime) -> str:
    if found is None:
        return "wrong"
    if found.used_at is not None:
        return "used"
    return "expired" if found.expires_at <= now else ""


def give_role(scene: Scene, person: Person, name: RoleName, agency: str | None, network: str | None) -> Role:
    """The role, running from now; the same role twice is one."""
    role = rows.role(scene.unit, person, name, agency, network)
    if role is None:
        role = Role(name=name, agency=agency, network=network, since=scene.now)
        person.roles.append(role)
        person.summed_up_at = scene.now  # her first morning is tomorrow
    if name == RoleName.REPRESENTATIVE and network:
        networks.join(scene, person, network, "representative")
    scene.unit.flush()
    return role
