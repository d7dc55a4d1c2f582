"""The fields of a case as open data, in one place for tables, JSON, maps, the API and the data dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.web.opendata.texts import texts
from handlers.city import CityBook
from handlers.services.open_cases import OpenCase
from handlers.services.reports import iso
from store.words import CaseKind, Status

TEXT, NUMBER, WHOLE, TIME, YES, LIST = "string", "number", "integer", "datetime", "boolean", "list"
FIELDS: dict[str, str] = {
    "code": TEXT,
    "kind": TEXT,
    "status": TEXT,
    "category": TEXT,
    "category_name": TEXT,
    "network": TEXT,
    "area": TEXT,
    "area_name": TEXT,
    "lead": TEXT,
    "lead_name": TEXT,
    "helpers": LIST,
    "text": TEXT,
    "place": TEXT,
    "lat": NUMBER,
    "lon": NUMBER,
    "urgent": YES,
    "opened": TIME,
    "changed": TIME,
    "accepted": TIME,
    "done": TIME,
    "closed": TIME,
    "closed_how": TEXT,
    "expected": TIME,
    "overdue": TIME,
    "rating": WHOLE,
    "reopened": WHOLE,
    "reporters": WHOLE,
    "followers": WHOLE,
    "recurrence": WHOLE,
    "merged_into": TEXT,
    "url": TEXT,
}
"""Name and type of every field, in the order of the columns."""
ALWAYS = frozenset(
    {"code", "kind", "status", "category", "category_name", "helpers", "text", "place", "urgent", "opened"}
    | {"changed", "reopened", "reporters", "followers", "recurrence"}
)
"""Fields that never are empty (a list or a text may have nothing in it)."""
VALUES = {"kind": [k.value for k in CaseKind], "status": [s.value for s in Status]}


@dataclass(frozen=True)
class Writer:
    """Cases as records. ``pages``: the public address, without a slash at its end."""

    book: CityBook
    pages: str
    lang: str = "th"

    def record(self, case: OpenCase) -> dict[str, Any]:
        """All fields; None where there is nothing to say."""
        book, lang = self.book, self.lang
        area = book.areas.get(case.area or "")
        return {
            "code": case.code,
            "kind": case.kind,
            "status": case.status,
            "category": case.category,
            "category_name": book.plain_name(case.category, lang),
            "network": case.network,
            "area": case.area,
            "area_name": book.name(area, lang) if area else None,
            "lead": case.lead,
            "lead_name": book.agency_name(case.lead, lang) or None,
            "helpers": list(case.helpers),
            "text": case.text,
            "place": case.place,
            "lat": case.lat,
            "lon": case.lon,
            "urgent": case.urgent,
            "opened": iso(case.opened_at),
            "changed": iso(case.changed_at),
            "accepted": iso(case.accepted_at),
            "done": iso(case.done_at),
            "closed": iso(case.closed_at),
            "closed_how": case.closed_how,
            "expected": iso(case.expected_at),
            "overdue": iso(case.overdue_at),
            "rating": case.rating,
            "reopened": case.reopened,
            "reporters": case.reporters,
            "followers": case.followers,
            "recurrence": case.recurrence,
            "merged_into": case.merged_into,
            "url": f"{self.pages}/cases/{case.code}" if case.public else None,
        }

    def dictionary(self) -> dict[str, Any]:
        """Every field with type and meaning, in the shape of a Frictionless table schema."""
        city = self.book.data.city
        words = {lang: texts(lang)["fields"] for lang in ("th", "en")}
        return {
            "title": city.name_th,
            "title_en": city.name_en,
            "licence": city.licence,
            "licences": [{"name": city.licence, "path": city.licence_url}],
            "primaryKey": "code",
            "missingValues": [""],
            "fields": [
                {
                    "name": name,
                    "type": "string" if kind == LIST else kind,
                    "description": words["th"][name],
                    "description_en": words["en"][name],
                    "constraints": {
                        "required": name in ALWAYS - {"helpers", "text", "place"},
                        **({"enum": VALUES[name]} if name in VALUES else {}),
                    },
                }
                for name, kind in FIELDS.items()
            ],
        }
