"""Cases that other systems (Open311, Traffy Fondue) know too: what is told there, and what never is.

What a body says: ``do`` is "new", "forward", "comment", "update" or "state"; ``remote`` the row of the case there.
Words are masked, because both systems show them to everybody.
"""

from __future__ import annotations

import hashlib
from typing import Any

from handlers.messages.texts import say
from handlers.services import cards
from handlers.services.gateway_news import News
from handlers.talk import Scene
from nlp import mask
from store.city_data import EVERYWHERE, AgencyRow
from store.models import Case, History, RemoteCase
from store.queries import bridges as rows
from store.queries.bridges import NEVER
from store.traffy_words import traffy_words
from store.words import OPEN311, TRAFFY, Status

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


def body(scene: Scene, case: Case, agency: AgencyRow, news: News, lane: str) -> dict[str, Any]:
    """What is told to the agency's system; empty when it knows it already or need not know."""
    if agency.code in scene.hears:
        return {}  # this is its own news coming back
    system = system_of(agency)
    remote = known(scene, case, system)
    if remote is None:
        return _new(scene, case, agency, news, system)
    if agency.gateway == TRAFFY and agency.remote_id not in remote.groups:
        return _forward(scene, case, agency, news, remote)
    if case.status not in (Status.DONE, Status.CLOSED):
        remote.next_at = min(remote.next_at, scene.machine)
    return _update(scene, case, agency, news, remote)


def _new(scene: Scene, case: Case, agency: AgencyRow, news: News, system: str) -> dict[str, Any]:
    remote = RemoteCase(
        system=system,
        channel=agency.gateway,
        agency=agency.code,
        origin=OURS,
        case=case,
        groups=[agency.remote_id],
        said=[],
        read=[],
        next_at=NEVER,
        created_at=scene.now,
    )
    scene.unit.add(remote)
    scene.unit.flush()
    words = _description(case, news)
    _remember(remote, words)
    return {
        "do": "new",
        "remote": remote.id,
        "agency": agency.code,
        "reference": case.code,
        "text": words,
        "address": mask(cards.place_of(scene, case, LANG))[:300],
        "photos": _photos(remote, case),
        "at": scene.now.isoformat(),
        "kind": _kind(scene, case, agency),
        "group": agency.remote_id,
        **_point(scene, case),
    }


def reference(code: str) -> str:
    """How a text there names our case, and by which it is found again."""
    return f"[Saan {code}]"


def _description(case: Case, news: News) -> str:
    parts = [mask(case.public_text), mask(news.task), reference(case.code)]
    return "\n".join(part for part in parts if part)[:MOST_WORDS]


def _kind(scene: Scene, case: Case, agency: AgencyRow) -> str:
    """The category in the words of the other system."""
    if agency.gateway == TRAFFY:
        return traffy_words().names.get(case.category, traffy_words().names["other"])
    codes = {r.category: r.service_code for r in scene.book.data.service_codes if r.agency == agency.code}
    return codes.get(case.category, codes.get(EVERYWHERE, ""))


def _point(scene: Scene, case: Case) -> dict[str, float]:
    """Both systems want a point: the pin, else the middle of the area, else of the city."""
    if case.lat is not None and case.lon is not None:
        return {"lat": case.lat, "lon": case.lon}
    place = scene.book.areas.get(case.area or "") or scene.book.data.city
    return {"lat": place.lat, "lon": place.lon}


def _photos(remote: RemoteCase, case: Case, after: bool = False) -> list[str]:
    """Tokens of pictures that were not told yet."""
    found = [p for p in case.photos if (p.role == "after") == after and p.state not in ("removed", "failed")]
    fresh = [p.token for p in found if f"photo:{p.token}" not in remote.said and p.token not in remote.read]
    fresh = fresh[-MOST_PHOTOS:]
    remote.said = [*remote.said, *(f"photo:{token}" for token in fresh)][-MOST_SAID:]
    return fresh


def _remember(remote: RemoteCase, words: str) -> None:
    remote.said = [*remote.said, fingerprint(words)][-MOST_SAID:]


def _forward(
    scene: Scene, case: Case, agency: AgencyRow, news: News, remote: RemoteCase
) -> dict[str, Any]:
    """Another organisation of the same system gets the case: asked to help, or the case is theirs now."""
    origin = remote.groups[-1] if remote.groups else ""
    remote.groups = [*remote.groups, agency.remote_id]
    if news.kind != "help":
        remote.agency = agency.code
    scenario = 1 if news.kind == "help" else 2
    return _body("forward", remote, case, agency, "") | {"from": origin, "scenario": scenario}


def _update(
    scene: Scene, case: Case, agency: AgencyRow, news: News, remote: RemoteCase
) -> dict[str, Any]:
    if news.kind == "remind" and agency.gateway == OPEN311:
        return {}  # everybody reads updates there; the coordinators are reminded all the same
    photos = _photos(remote, case)
    said = "\n".join(p for p in (say(LANG, news.headline), mask(news.words), mask(news.task)) if p)
    if not photos and not news.words and news.headline in _NEEDLESS:
        return {}
    words = f"{said}\n{reference(case.code)}"[:MOST_WORDS]
    _remember(remote, words)
    inner = news.kind == "remind"
    more = {"photos": photos, "inner": inner, "at": scene.now.isoformat()}
    if agency.gateway == OPEN311:
        return _body("update", remote, case, agency, words) | more
    if remote.origin == OURS and news.headline in _AGAIN:
        return _body("state", remote, case, agency, words) | more | {"state": _traffy_state("reopened")}
    return _body("comment", remote, case, agency, words) | more


_NEEDLESS = ("headline.yours",)
_AGAIN = ("headline.half", "headline.not_fixed", "headline.asked_again")


def _body(do: str, remote: RemoteCase, case: Case, agency: AgencyRow, words: str) -> dict[str, Any]:
    return {
        "do": do,
        "remote": remote.id,
        "agency": agency.code,
        "group": agency.remote_id,
        "reference": case.code,
        "text": words,
        "photos": [],
    }


def _traffy_state(kind: str) -> str:
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
    _remember(remote, words)
    made = _body("state", remote, case, agency, words)
    made |= {
        "state": _traffy_state(row.kind),
        "photos": _photos(remote, case, after=True),
        "noti": row.kind in ("asked", "done"),
    }
    lane = f"{TRAFFY}:{case.code}"
    scene.post.carry(TRAFFY, remote.agency, made, lane=lane, case=case, agency=remote.agency)


_SAYS = {"accepted": "accepted", "done": "done", "replied": "done", "asked": "asked"}
