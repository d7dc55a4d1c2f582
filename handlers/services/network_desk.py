"""What representatives keep in order for their network: the words of its charter, and until when somebody leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.talk import Scene
from store.city_data import CharterRow
from store.models import Membership
from store.queries import city, members, people
from store.queries import networks as rows
from store.words import LEADS, Member

MOST_LETTERS = 2000
LEADING = (*LEADS, "coordinator")
LONGEST_TERM_DAYS = 4 * 366


@dataclass(frozen=True)
class Leading:
    """Somebody who leads, and until when."""

    member: int
    name: str
    role: str
    last: datetime | None
    """The last instant of her term."""


def new_charter(scene: Scene, network: str, thai: str, english: str) -> str:
    """A new version with the commitments of the one in force: "kept", "same", "empty" or "long"."""
    if not thai or not english:
        return "empty"
    if max(len(thai), len(english)) > MOST_LETTERS:
        return "long"
    before = next((row for row in scene.book.data.charters if row.network == network), None)
    row = CharterRow(network, thai, english, before.commitments if before else ())
    if not city.add_charter(scene.unit, row, scene.now):
        return "same"
    city.touch(scene.unit)
    return "kept"


def leading(scene: Scene, network: str) -> list[Leading]:
    found = [m for m in rows.members(scene.unit, network) if m.role in LEADING and m.state == Member.ACTIVE]
    names = {p.id: p.name for p in people.by_ids(scene.unit, [m.person_id for m in found])}
    return [Leading(m.id, names.get(m.person_id, ""), m.role, _last(m)) for m in found]


def _last(member: Membership) -> datetime | None:
    return member.term_ends_at - timedelta(microseconds=1) if member.term_ends_at else None


def set_term(scene: Scene, network: str, number: int, until: datetime) -> bool:
    """Whether the member leads in this network, so that her term could be set."""
    member = members.member(scene.unit, number)
    if member is None or member.network != network or member.role not in LEADING:
        return False
    if (until - scene.now).days > LONGEST_TERM_DAYS:
        return False
    member.term_ends_at, member.term_told_at = until, None
    return True
