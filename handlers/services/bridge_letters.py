"""What an agency's own system (Open311, Traffy Fondue) is told about a case.

What a body says: ``do`` is "new", "forward", "comment", "update" or "state"; ``remote`` the row of the case there.
"""

from __future__ import annotations

from typing import Any

from handlers.messages.texts import say
from handlers.services import bridges, cards
from handlers.services.gateway_news import News
from handlers.talk import Scene
from nlp import mask
from store.city_data import EVERYWHERE, AgencyRow
from store.models import Case, RemoteCase
from store.queries.bridges import NEVER
from store.traffy_words import traffy_words
from store.words import OPEN311, TRAFFY, Status


def body(scene: Scene, case: Case, agency: AgencyRow, news: News, lane: str) -> dict[str, Any]:
    """What is told to the agency's system; empty when it knows it already or need not know."""
    if agency.code in scene.hears:
        return {}  # this is its own news coming back
    system = bridges.system_of(agency)
    remote = bridges.known(scene, case, system)
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
        origin=bridges.OURS,
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
    bridges.remember(remote, words)
    return {
        "do": "new",
        "remote": remote.id,
        "agency": agency.code,
        "reference": case.code,
        "text": words,
        "address": mask(cards.place_of(scene, case, bridges.LANG))[:300],
        "photos": bridges.fresh_photos(remote, case),
        "at": scene.now.isoformat(),
        "kind": _kind(scene, case, agency),
        "group": agency.remote_id,
        **_point(scene, case),
    }


def _description(case: Case, news: News) -> str:
    parts = [mask(case.public_text), mask(news.task), bridges.reference(case.code)]
    return "\n".join(part for part in parts if part)[: bridges.MOST_WORDS]


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


def _forward(scene: Scene, case: Case, agency: AgencyRow, news: News, remote: RemoteCase) -> dict[str, Any]:
    """Another organisation of the same system gets the case: asked to help, or the case is theirs now."""
    origin = remote.groups[-1] if remote.groups else ""
    remote.groups = [*remote.groups, agency.remote_id]
    if news.kind != "help":
        remote.agency = agency.code
    scenario = 1 if news.kind == "help" else 2
    return bridges.body_of("forward", remote, case, agency, "") | {"from": origin, "scenario": scenario}


def _update(scene: Scene, case: Case, agency: AgencyRow, news: News, remote: RemoteCase) -> dict[str, Any]:
    if news.kind == "remind" and agency.gateway == OPEN311:
        return {}  # everybody reads updates there; the coordinators are reminded all the same
    photos = bridges.fresh_photos(remote, case)
    said = "\n".join(p for p in (say(bridges.LANG, news.headline), mask(news.words), mask(news.task)) if p)
    if not photos and not news.words and news.headline in _NEEDLESS:
        return {}
    words = f"{said}\n{bridges.reference(case.code)}"[: bridges.MOST_WORDS]
    bridges.remember(remote, words)
    inner = news.kind == "remind"
    more = {"photos": photos, "inner": inner, "at": scene.now.isoformat()}
    if agency.gateway == OPEN311:
        return bridges.body_of("update", remote, case, agency, words) | more
    if remote.origin == bridges.OURS and news.headline in _AGAIN:
        return (
            bridges.body_of("state", remote, case, agency, words)
            | more
            | {"state": bridges.traffy_state("reopened")}
        )
    return bridges.body_of("comment", remote, case, agency, words) | more


_NEEDLESS = ("headline.yours",)
_AGAIN = ("headline.half", "headline.not_fixed", "headline.asked_again")
