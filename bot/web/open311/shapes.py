"""Cases and their history in the words of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.web.open311.server import Now, Server
from handlers.messages.texts import say
from handlers.rules import open311 as rules
from handlers.services import open_cases
from handlers.services.cards import status_name
from handlers.services.open_cases import OpenCase
from handlers.services.reports import iso
from nlp import mask
from store.issues import Issues


@dataclass(frozen=True)
class Shapes:
    now: Now
    server: Server

    def request(self, case: OpenCase, extended: bool) -> dict[str, Any]:
        """One request; an ``address_id`` is the code of the city's area."""
        book, lang = self.now.book, self.now.lang
        pictures = [self.server.photo(token) for _, token in case.photos]
        made = {
            "service_request_id": case.code,
            "status": rules.status_of(case.status),
            "status_notes": status_name(case.status, lang),
            "service_name": book.plain_name(case.category, lang),
            "service_code": case.category,
            "description": case.text,
            "agency_responsible": book.agency_name(case.lead, lang),
            "service_notice": "",
            "requested_datetime": iso(case.opened_at),
            "updated_datetime": iso(case.changed_at),
            "expected_datetime": iso(case.expected_at),
            "address": self._address(case),
            "address_id": case.area,
            "zipcode": None,
            "lat": case.lat,
            "long": case.lon,
            "media_url": pictures[-1] if pictures else None,
        }
        return {**made, "extended_attributes": self._extended(case, pictures)} if extended else made

    def _address(self, case: OpenCase) -> str:
        area = self.now.book.areas.get(case.area or "")
        name = self.now.book.name(area, self.now.lang) if area else ""
        parts = [case.place] if name in case.place else [case.place, name]
        return ", ".join(part for part in parts if part)

    def _extended(self, case: OpenCase, pictures: list[str]) -> dict[str, Any]:
        return {
            "detailed_status": case.status,
            "kind": case.kind,
            "network": case.network,
            "agency_code": case.lead,
            "helpers": list(case.helpers),
            "reporters": case.reporters,
            "followers": case.followers,
            "reopened": case.reopened,
            "rating": case.rating,
            "merged_into": case.merged_into,
            "closed_datetime": iso(case.closed_at),
            "media_urls": pictures,
            "url": f"{self.server.wiring.house.pages}/cases/{case.code}" if case.public else None,
        }

    def update(self, row: Any, told: Issues, finer: bool) -> dict[str, Any]:
        """One thing that happened; ``finer``: with the words that FixMyStreet knows instead of OPEN and CLOSED."""
        status = row.status_then
        shown = open_cases.may_show_words(row.category, row.case_kind, row.emergency, told)
        return {
            "update_id": str(row.id),
            "service_request_id": row.code,
            "status": rules.finer_of(status) if finer else rules.status_of(status).upper(),
            "updated_datetime": iso(row.at),
            "description": self._said(row, shown),
            "media_url": None,
        }

    def _said(self, row: Any, shown: bool) -> str:
        """What happened, and in whose words."""
        book, lang = self.now.book, self.now.lang
        lead = book.agency_name(row.data.get("lead") or row.agency, lang)
        kind = book.plain_name(str(row.data.get("category", "")), lang)
        codes = ", ".join(row.data.get("cases", []))
        what = say(lang, f"history.{row.kind}", lead=lead, category=kind, codes=codes)
        words = mask(row.text) if row.text and shown and row.kind != "reported" else ""
        return f"{what}: {words}" if words else what
