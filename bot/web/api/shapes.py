"""The city, its networks and what happened, as the API gives them."""

from __future__ import annotations

from typing import Any

from handlers.messages.texts import say
from handlers.services.network_show import NetworkPage
from handlers.services.reports import iso
from handlers.services.showcase import Viewer
from nlp import mask
from store.issues import issues


def city(viewer: Viewer) -> dict[str, Any]:
    row = viewer.book.data.city
    return {
        "code": row.code,
        "name": row.name_th,
        "name_en": row.name_en,
        "province": row.province_th,
        "lat": row.lat,
        "lon": row.lon,
        "phone": row.phone,
        "email": row.email,
        "licence": row.licence,
        "licence_url": row.licence_url,
    }


def categories(viewer: Viewer) -> list[dict[str, Any]]:
    """``open``: whether its cases are among the open data; ``words``: whether with their words."""
    told = issues()
    return [
        {
            "code": row.code,
            "group": row.group,
            "name": row.name_th,
            "name_en": row.name_en,
            "open": row.code not in told.hidden,
            "words": told.public(row.code),
        }
        for row in viewer.book.data.categories
    ]


def areas(viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {"code": a.code, "name": a.name_th, "name_en": a.name_en, "lat": a.lat, "lon": a.lon}
        for a in viewer.book.data.inside
    ]


def agencies(viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {"code": a.code, "name": a.name_th, "name_en": a.name_en, "short": a.short_th, "sector": a.sector}
        for a in viewer.book.data.agencies
    ]


def networks(viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "name": row.name_th,
            "name_en": row.name_en,
            "goal": row.goal_th,
            "goal_en": row.goal_en,
            "categories": list(row.categories),
            "areas": list(row.areas),
            "integrator": row.integrator,
            "level": row.level,
            "kind": row.kind,
        }
        for row in viewer.book.data.networks
    ]


def network(found: NetworkPage) -> dict[str, Any]:
    """What the network's page shows, without its words about it."""
    return {
        "code": found.code,
        "name": found.name,
        "goal": found.goal,
        "members": found.members,
        "size": found.size,
        "level": found.level,
        "kind": found.kind,
        "figures": found.figures,
        "conditions_met": found.conditions_met,
        "guidelines": found.guidelines,
        "steps": found.steps,
        "promises_kept": found.kept,
        "promises_broken": found.broken,
        "links": [code for code, _ in found.links],
    }


def photo(pages: str, role: str, token: str) -> dict[str, str]:
    return {"role": role, "url": f"{pages}/media/{token}/full.jpg"}


def happened(viewer: Viewer, row: Any, words: bool) -> dict[str, Any]:
    """One row of the public history."""
    lead = viewer.book.agency_name(row.data.get("lead") or row.agency, viewer.lang)
    kind = viewer.book.plain_name(str(row.data.get("category", "")), viewer.lang)
    codes = ", ".join(row.data.get("cases", []))
    return {
        "at": iso(row.at),
        "kind": row.kind,
        "what": say(viewer.lang, f"history.{row.kind}", lead=lead, category=kind, codes=codes),
        "status": row.status_to,
        "agency": row.agency,
        "text": mask(row.text) if words and row.text and row.kind != "reported" else "",
    }
