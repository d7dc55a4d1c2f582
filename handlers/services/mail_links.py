"""One-use links in mails: made with the mail, looked at by anybody who holds one, spent by a button.

Only the hash of a token is stored. The token follows from a nonce and the installation's key, so that a mail can be
sent again with the same links and nobody who reads the database can use them.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from handlers.house import House
from handlers.talk import Scene
from store import Unit
from store.city_data import AgencyRow
from store.models import Case, MailLink
from store.queries import cases as case_rows
from store.queries import mail_links as rows
from store.words import OPEN, Status

LIFE_S = 7 * 24 * 3600.0
REPLY_LIFE_S = 180 * 24 * 3600.0
"""Answers to a mail are understood for half a year; what they may change is decided when they come."""
REPLY = "reply"
WORKING = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
FITS: dict[str, tuple[Status, ...]] = {
    "accept": (Status.OFFERED,),
    "decline": (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS),
    "ask": (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS),
    "progress": WORKING,
    "done": (Status.OFFERED, *WORKING),
}
"""In which statuses of the case a link of the lead still fits."""


class LinkState(StrEnum):
    """Whether a link may be used, and if not, why."""

    GOOD = "good"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    MOVED = "moved"


@dataclass(frozen=True)
class Held:
    """A link as its holder finds it."""

    state: LinkState
    link: MailLink | None = None
    case: Case | None = None


def token(house: House, nonce: str) -> str:
    """The secret word of a link, 40 hex digits (reply addresses lose capital letters on their way)."""
    return house.derived(f"mail link {nonce}")[:40]


def hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def mint(scene: Scene, case: Case, agency: AgencyRow, do: str) -> str:
    """A new link; gives the nonce that its token follows from."""
    nonce = secrets.token_hex(16)
    link = MailLink(
        token_hash=hashed(token(scene.house, nonce)),
        nonce=nonce,
        do=do,
        case=case,
        agency=agency.code,
        address=agency.email,
        turn=case.reopened,
        created_at=scene.now,
        expires=scene.machine + (REPLY_LIFE_S if do == REPLY else LIFE_S),
    )
    scene.unit.add(link)
    return nonce


def look(scene: Scene, word: str, *, spend: bool = False) -> Held:
    """What a token stands for now. With ``spend`` rows are locked, because the link is about to be used."""
    find = rows.by_hash if spend else rows.look_up
    link = find(scene.unit, hashed(word))
    if link is None or link.do == REPLY:
        return Held(LinkState.UNKNOWN)
    case = (
        case_rows.to_change(scene.unit, link.case_id) if spend else case_rows.by_id(scene.unit, link.case_id)
    )
    return Held(_state(scene, link, case), link, case)


def _state(scene: Scene, link: MailLink, case: Case | None) -> LinkState:
    if link.used_at is not None:
        return LinkState.USED
    if link.expires <= scene.machine:
        return LinkState.EXPIRED
    fits = case is not None and case.reopened == link.turn and _in_charge(case, link)
    return LinkState.GOOD if fits and same_address(scene, link.agency, link.address) else LinkState.MOVED


def _in_charge(case: Case, link: MailLink) -> bool:
    if case.lead == link.agency:
        return Status(case.status) in FITS[link.do]
    return case_rows.helper(case, [link.agency]) is not None and case.status in OPEN


def same_address(scene: Scene, agency: str, address: str) -> bool:
    """Whether the agency still gets its mail there."""
    row = scene.book.agencies.get(agency)
    return row is not None and row.gateway in ("email", "line") and row.email.lower() == address.lower()


def reply_link(unit: Unit, word: str) -> MailLink | None:
    """Whose answer comes to the address with this word."""
    link = rows.look_up(unit, hashed(word.lower()))
    return link if link is not None and link.do == REPLY else None
