"""The door of the console: one-time links that the bot sends, and sessions that stay short.

Only hashes of links and session keys are stored. All of it runs by machine time: a played or forwarded city clock must
neither open nor close a door. Who may enter is read from the roles at every step, so that a role that has ended opens
nothing, whatever was handed out before.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from handlers.talk import Scene
from store.models import DoorLink, DoorSession, Person
from store.queries import doors as rows
from store.words import AGENCY_ROLES, RoleName

LINK_S = 15 * 60.0
SESSION_S = 12 * 3600.0
IDLE_S = 2 * 3600.0
SEEN_EVERY_S = 60.0
"""A session notes that it was used at most so often."""
KEPT_S = 30 * 24 * 3600.0

OFFICIAL, REPRESENTATIVE, ADMINISTRATOR = "official", "representative", "administrator"
_GROUPS = {
    **dict.fromkeys(AGENCY_ROLES, OFFICIAL),
    RoleName.REPRESENTATIVE: REPRESENTATIVE,
    RoleName.ADMINISTRATOR: ADMINISTRATOR,
}


class DoorState(StrEnum):
    """Whether a link opens the console, and if not, why."""

    GOOD = "good"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    NO_ROLE = "no_role"


@dataclass(frozen=True)
class Key:
    """A fresh session: ``word`` goes into the cookie and nowhere else."""

    word: str
    row: DoorSession


def groups(scene: Scene, person: Person) -> frozenset[str]:
    """As what she may use the console now: official, representative, administrator."""
    running = (RoleName(role.name) for role in person.roles if role.runs(scene.now))
    return frozenset(_GROUPS[name] for name in running if name in _GROUPS)


def hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def mint(scene: Scene, person: Person) -> str:
    """The word of a new one-time link; her earlier links are void from now on."""
    rows.void_links(scene.unit, person.id, scene.machine)
    word = secrets.token_urlsafe(24)
    link = DoorLink(
        token_hash=hashed(word),
        person_id=person.id,
        created=scene.machine,
        expires=scene.machine + LINK_S,
    )
    scene.unit.add(link)
    return word


def look(scene: Scene, word: str) -> tuple[DoorState, DoorLink | None]:
    """What a link would do if its button were pressed now. Looking changes nothing."""
    link = rows.link(scene.unit, hashed(word))
    if link is None:
        return DoorState.UNKNOWN, None
    if link.used is not None:
        return DoorState.USED, link
    if link.expires <= scene.machine:
        return DoorState.EXPIRED, link
    return (DoorState.GOOD if groups(scene, link.person) else DoorState.NO_ROLE), link


def open_(scene: Scene, word: str) -> tuple[DoorState, Key | None]:
    """Spend the link for a session."""
    state, link = look(scene, word)
    if state != DoorState.GOOD or link is None:
        return state, None
    if not rows.spend(scene.unit, link, scene.machine):
        return DoorState.USED, None
    return state, _session(scene, link.person)


def _session(scene: Scene, person: Person) -> Key:
    word = secrets.token_urlsafe(32)
    row = DoorSession(
        token_hash=hashed(word),
        person_id=person.id,
        person=person,
        csrf=secrets.token_urlsafe(24),
        language=person.language,
        created=scene.machine,
        seen=scene.machine,
        expires=scene.machine + SESSION_S,
    )
    return Key(word, scene.unit.add(row))


def enter(scene: Scene, word: str) -> DoorSession | None:
    """The session behind a cookie while it lives and its person still holds a role; None otherwise."""
    row = rows.session(scene.unit, hashed(word))
    if row is None or row.ended is not None:
        return None
    if scene.machine >= row.expires or scene.machine - row.seen >= IDLE_S:
        return None
    return row if groups(scene, row.person) else None


def stale(scene: Scene, row: DoorSession) -> bool:
    """Whether its use should be noted again."""
    return scene.machine - row.seen >= SEEN_EVERY_S


def leave(scene: Scene, row: DoorSession, *, everywhere: bool) -> None:
    """Sign out here, or on every device; links that wait are void too then."""
    if everywhere:
        rows.end_all(scene.unit, row.person_id, scene.machine)
        rows.void_links(scene.unit, row.person_id, scene.machine)
    else:
        rows.end(scene.unit, row.id, scene.machine)


def shut(scene: Scene, person: Person) -> None:
    """A role of hers has ended: what was handed out before is void, and she signs in anew with what is left."""
    rows.end_all(scene.unit, person.id, scene.machine)
    rows.void_links(scene.unit, person.id, scene.machine)


def clean_up(scene: Scene) -> int:
    return rows.drop_old(scene.unit, scene.machine - KEPT_S)
