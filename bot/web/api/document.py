"""The OpenAPI document of the API: fixed parts in ``openapi.json``, the city's own codes filled in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.web.opendata.fields import ALWAYS, FIELDS, LIST, NUMBER, TIME, VALUES, WHOLE, YES
from bot.web.opendata.texts import texts
from handlers.city import CityBook

_TYPES: dict[str, dict[str, Any]] = {
    NUMBER: {"type": "number"},
    WHOLE: {"type": "integer"},
    YES: {"type": "boolean"},
    TIME: {"type": "string", "format": "date-time"},
    LIST: {"type": "array", "items": {"type": "string"}},
}


@cache
def _fixed() -> str:
    return Path(__file__).with_name("openapi.json").read_text("utf-8")


def openapi(book: CityBook, pages: str) -> dict[str, Any]:
    """The whole document for this city."""
    told: dict[str, Any] = json.loads(_fixed())
    city = book.data.city
    told["servers"] = [{"url": pages}]
    told["info"]["contact"] = {"name": city.name_en, "email": city.email}
    told["info"]["license"] = {"name": city.licence, "url": city.licence_url}
    parts = told["components"]
    parts["schemas"]["Case"] = _case()
    whole = parts["schemas"]["WholeCase"]
    whole["properties"] = {**parts["schemas"]["Case"]["properties"], **whole["properties"]}
    whole["required"] = [*FIELDS, *whole["required"]]
    whole["additionalProperties"] = False
    for name, codes in {
        "category": list(book.categories),
        "network": list(book.networks),
        "area": list(book.areas),
        "lead": list(book.agencies),
    }.items():
        schema = parts["parameters"][name]["schema"]
        (schema.get("items") or schema)["enum"] = codes
    return told


def _case() -> dict[str, Any]:
    words = texts("en")["fields"]
    return {
        "type": "object",
        "required": list(FIELDS),
        "additionalProperties": False,
        "properties": {name: _field(name, kind, words[name]) for name, kind in FIELDS.items()},
    }


def _field(name: str, kind: str, about: str) -> dict[str, Any]:
    made = {**_TYPES.get(kind, {"type": "string"}), "description": about}
    if name in VALUES:
        made["enum"] = VALUES[name]
    if name not in ALWAYS:
        made["type"] = [made["type"], "null"]
    return made
