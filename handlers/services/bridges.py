"""Cases that other systems (Open311, Traffy Fondue) know too: what is told there, and what never is.

What a body says: ``do`` is "new", "forward", "comment", "update" or "state"; ``remote`` the row of the case there.
Words are masked, because both systems show them to everybody.
"""

from __future__ import annotations

import hashlib
from typing import Any

from handlers.messages.texts import say
from handlers.talk import Scene
from nlp import mask
from store.city_data import AgencyRow
from store.models import Case, History, RemoteCase
from store.queries import bridges as rows
from store.traffy_words import traffy_words
from store.words import TRAFFY

LANG = "th"
OURS, THEIRS = "ours", "theirs"
MOST_PHOTOS = 4
MOST_WORDS = 2000
MOST_SAID = 200


def system_of(agency: AgencyRow) -> str:
    """The system that an agency's gateway leads to; agencies may share one."""
    if agency.gateway == TRAFFY:
        return TRAFFY
    return f"{agency.endpoint}#{agency.remote_id}"[:200]


def fingerprint(text: str) -> str:
    """The same for words that differ only in blanks: other systems trim and wrap."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:24]


def known(scene: Scene, case: Case, system: str) -> RemoteCase | None:
    """The case there, if it is known there."""
    if case.id is None:
        return None
    return next((row for row in rows.of_case(scene.unit, case.id) if row.system == system), None)


def reference(code: str) -> str:
    """How a text there names our case, and by which it is found again."""
    return f"[Saan {code}]"


def fresh_photos(remote: RemoteCase, case: Case, after: bool = False) -> list[str]:
    """Tokens of pictures that were not told yet."""
    found = [p for p in case.photos if (p.role == "after") == after and p.state not in ("removed", "failed")]
    fresh = [p.token for p in found if f"photo:{p.token}" not in remote.said and p.token not in remote.read]
    fresh = fresh[-MOST_PHOTOS:]
    remote.said = [*remote.said, *(f"photo:{token}" for token in fresh)][-MOST_SAID:]
    return fresh


def remember(remote: RemoteCase, words: str) -> None:
    remote.said = [*remote.said, fingerprint(words)][-MOST_SAID:]


def body_of(do: str, remote: RemoteCase, case: Case, agency: AgencyRow, words: str) -> dict[str, Any]:
    return {
        "do": do,
        "remote": remote.id,
        "agency": agency.code,
        "group": agency.remote_id,
        "reference": case.code,
        "text": words,
        "photos": [],
    }


def traffy_state(kind: str) -> str:
    return traffy_words().tells[kind]


# --- what came from there, and what becomes of it here


def happened(scene: Scene, case: Case, row: History) -> None:
    """Tell the system that a case came from how it goes on here. Its own news is not told back."""
    if TRAFFY not in scene.house.channels or row.kind not in traffy_words().tells or case.id is None:
        return
    remote = known(scene, case, TRAFFY)
    if remote is None or remote.origin != THEIRS or row.agency in scene.hears:
        return
    agency = scene.book.agencies.get(row.agency or case.lead or "")
    if agency is None or (agency.gateway == TRAFFY and agency.remote_id in remote.groups):
        return
    _tell_state(scene, case, remote, agency, row)


def _tell_state(scene: Scene, case: Case, remote: RemoteCase, agency: AgencyRow, row: History) -> None:
    said = mask(row.text) if row.public else ""
    name = scene.book.agency_name(agency.code, LANG)
    words = say(LANG, f"bridge.{_SAYS.get(row.kind, 'progress')}", lead=name, text=said).strip()[:MOST_WORDS]
    remember(remote, words)
    made = body_of("state", remote, case, agency, words)
    made |= {
        "state": traffy_state(row.kind),
        "photos": fresh_photos(remote, case, after=True),
        "noti": row.kind in ("asked", "done"),
    }
    lane = f"{TRAFFY}:{case.code}"
    scene.post.carry(TRAFFY, remote.agency, made, lane=lane, case=case, agency=remote.agency)


_SAYS = {"accepted": "accepted", "done": "done", "replied": "done", "asked": "asked"}
