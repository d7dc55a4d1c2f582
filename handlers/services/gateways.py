"""Ways to agencies that are not on LINE: which one an agency has, and what is put into the outbox for it.

A gateway for another system is a channel name (the agency's ``gateway`` in the city folder, and a member of
``House.channels`` when it is switched on), a writer here that makes the body, and a ``ports.Gateway`` that sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.services import bridge_letters, letters
from handlers.services.gateway_news import News
from handlers.talk import Scene
from store.city_data import AgencyRow
from store.models import Case
from store.queries import people
from store.words import EMAIL, LINE, OPEN311, TRAFFY

Writer = Callable[[Scene, Case, AgencyRow, News, str], dict[str, Any]]
"""``writer(scene, case, agency, news, lane)``: the body that the gateway will be given; empty for nothing to say."""

WRITERS: dict[str, Writer] = {EMAIL: letters.body, OPEN311: bridge_letters.body, TRAFFY: bridge_letters.body}


def way(scene: Scene, agency: AgencyRow | None) -> str | None:
    """The channel by which the agency is reached beside LINE; None when there is none (or LINE is enough)."""
    if agency is None:
        return None
    if agency.gateway == LINE:
        reached = bool(agency.email) and EMAIL in scene.house.channels and not _anybody(scene, agency.code)
        return EMAIL if reached else None
    if agency.gateway not in WRITERS or agency.gateway not in scene.house.channels:
        return None
    return agency.gateway if _address(agency, agency.gateway) else None


def _anybody(scene: Scene, code: str) -> bool:
    return bool(people.staff(scene.unit, [code], scene.now)[code])


def _address(agency: AgencyRow, channel: str) -> str:
    if channel == EMAIL:
        return agency.email
    return agency.remote_id if channel == TRAFFY else agency.endpoint[:128]


def lane_of(channel: str, agency: str, case: Case) -> str:
    """Order is kept per case and agency."""
    return f"{channel}:{agency}:{case.code}"


def tell(scene: Scene, case: Case, code: str | None, news: News, *, once: str | None = None) -> bool:
    """Tell an agency by its gateway; False when it has none that works. ``once`` as in ``Post.send``."""
    agency = scene.book.agencies.get(code or "")
    channel = way(scene, agency)
    if agency is None or channel is None:
        return False
    scene.unit.flush()
    lane = lane_of(channel, agency.code, case)
    if not scene.post.was_sent(once):
        body = WRITERS[channel](scene, case, agency, news, lane)
        if body:
            to = _address(agency, channel)
            scene.post.carry(channel, to, body, lane=lane, case=case, agency=agency.code, once=once)
    return True
