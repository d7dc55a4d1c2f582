"""A network as everybody may see it: what it is for, who can join, how it is doing. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from handlers.messages.times import day
from handlers.services import network_life
from handlers.services.digests import LISTS
from handlers.services.showcase import Viewer, agency_name
from store.city_data import NetworkRow
from store.queries import appointments, charters
from store.queries import cases as rows
from store.queries import networks as member_rows
from store.words import LEADS, OPEN

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Leader:
    """Somebody who leads or represents the network. ``name`` is "" unless she agreed to be named here."""

    role: str
    name: str
    until: str
    """The last day of the term in words; "" where none was set."""


@dataclass(frozen=True)
class NetworkPage:
    """A network as anybody sees it: what it is for, who can join, and how it is doing."""

    code: str
    name: str
    goal: str
    conditions: str
    integrator: str
    categories: list[str]
    members: int
    leaders: list[Leader] = field(default_factory=list)
    """Lead, co-leads and representatives, in this order."""
    figures: dict[str, int] = field(default_factory=dict)
    size: str = ""
    level: str = ""
    levels: dict[str, int] = field(default_factory=dict)
    """Per cent of what it has decided and done together at each level of participation; levels without anything left out."""
    kind: str = ""
    integration: str = ""
    charter: str = ""
    charter_version: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)
    conditions_met: dict[str, bool] = field(default_factory=dict)
    guidelines: dict[str, bool] = field(default_factory=dict)
    steps: dict[str, float | None] = field(default_factory=dict)
    kept: int = 0
    broken: int = 0
    retention: list[tuple[str, int, list[int]]] = field(default_factory=list)
    """(month of joining, how many joined, per cent still active after 1, 2, … months); small cohorts left out."""


def network_page(viewer: Viewer, code: str) -> NetworkPage | None:
    """The network of that code; None when there is none. New and done count the last 30 days."""
    row = viewer.book.networks.get(code)
    if row is None:
        return None
    english = viewer.lang == "en"
    found = rows.in_network(viewer.unit, code, viewer.now - MONTH, viewer.now)
    by_status = rows.network_counts(viewer.unit, code)
    counted = {which: len(found[which]) for which in LISTS}
    counted["open"] = sum(by_status.get(status, 0) for status in OPEN)
    return NetworkPage(
        code=row.code,
        name=viewer.book.name(row, viewer.lang),
        goal=row.goal_en if english else row.goal_th,
        conditions=row.conditions_en if english else row.conditions_th,
        integrator=agency_name(viewer.book, row.integrator, viewer.lang),
        categories=[
            viewer.book.category_name(category, viewer.lang)
            for category in row.categories
            if category in viewer.book.categories
        ],
        members=member_rows.size(viewer.unit, code),
        leaders=_leaders(viewer, code),
        figures=counted,
        **_standing(viewer, row),
    )


def _leaders(viewer: Viewer, network: str) -> list[Leader]:
    found = [member for member, _person in appointments.leading(viewer.unit, network)]
    found.sort(key=lambda member: LEADS.index(member.role))
    return [
        Leader(m.role, m.shown_name if m.named_public else "", _last_day(viewer, m.term_ends_at))
        for m in found
    ]


def _last_day(viewer: Viewer, until: datetime | None) -> str:
    if until is None:
        return ""
    return day(until - timedelta(seconds=1), viewer.now, viewer.book.zone, viewer.lang)


def _standing(viewer: Viewer, row: NetworkRow) -> dict[str, Any]:
    """The checklists, the five-step score and what was kept, as the page shows them; nobody is named."""
    found = network_life.report(viewer.unit, viewer.book, row, viewer.now)
    charter = charters.charter(viewer.unit, row.code)
    networks = viewer.book.networks
    return {
        "size": found["size_class"],
        "level": row.level,
        "levels": {name: round(100 * share) for name, share in found["participation"].items() if share},
        "kind": row.kind,
        "integration": row.integration,
        "charter": (charter.text_en if viewer.lang == "en" else charter.text_th) if charter else "",
        "charter_version": charter.version if charter else 0,
        "links": [
            (code, viewer.book.name(networks[code], viewer.lang))
            for code in found["links"]
            if code in networks
        ],
        "conditions_met": found["conditions"],
        "guidelines": {point["name"]: point["met"] for point in found["guidelines"]},
        "steps": found["steps"],
        "kept": found["commitments"]["kept"],
        "broken": found["commitments"]["broken"],
        "retention": [
            (str(cohort["month"]), int(cohort["joined"]), [round(100 * share) for share in cohort["still"]])
            for cohort in found["retention"]
            if cohort["still"]
        ],
    }
