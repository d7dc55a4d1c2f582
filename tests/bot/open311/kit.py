"""A city that other systems can read and write: its web application beside the chats of its people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema

from bot.app import create_app
from handlers.services import api_keys
from store import Store
from store.words import RoleName
from tests.installation import LINE, installed
from tests.town import CODE, Town, words

SCHEMAS: dict[str, Any] = json.loads(Path(__file__).with_name("schemas.json").read_text("utf-8"))
"""Of the answers, written from GeoReport v2 and mySociety's page on updates."""
POINT = {"lat": "17.4883", "long": "101.7271"}
POTHOLE = {**POINT, "service_code": "road", "description": "ถนนเป็นหลุมลึกหน้าตลาด โทร 081-234-5678"}


class City:
    """The demo city on that store, with officials of two agencies, and a key of a neighbour's system."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.wiring = installed(folder, DATABASE_URL=store.url, SAAN_WEBHOOK_PRIVATE="yes", **LINE)
        self.town = Town(self.wiring.store)
        self.wiring.house.clock = lambda: self.town.now.timestamp()
        self.app = create_app(self.wiring)
        self.client = self.app.test_client()
        self.key = self.new_key("neighbour")
        self.town.settle("สมชาย", RoleName.OFFICIAL, agency="WORKS")

    def new_key(self, name: str, by_token: bool = False) -> str:
        with self.wiring.store.writing() as unit:
            return api_keys.new(unit, name, self.town.now, by_token=by_token)

    def get(self, path: str, status: int = 200, /, **query: str) -> Any:
        """The JSON of an answer, checked against the schema of what it is."""
        answer = self.client.get(f"/open311/v2/{path}.json", query_string=query)
        assert answer.status_code == status, answer.text
        conforms("errors" if status >= 400 else _kind(path), answer.json)
        return answer.json

    def post(self, path: str = "requests", expected: int = 201, /, **fields: str) -> Any:
        fields = {"api_key": self.key, **fields}
        answer = self.client.post(f"/open311/v2/{path}.json", data=fields)
        assert answer.status_code == expected, answer.text
        conforms("errors" if expected >= 400 else f"post_{path}", answer.json)
        return answer.json

    def report(self, **changed: str) -> str:
        return str(self.post(**{**POTHOLE, **changed})[0]["service_request_id"])

    def chat(self, text: str) -> str:
        """The code of a case that a citizen reports in the chat."""
        self.town.settle("ยายสี")
        self.town.says("ยายสี", text)
        self.town.taps("ยายสี", "ส่งเรื่อง")
        found = CODE.search(words(self.town.seen[-3:]))
        assert found is not None
        return found.group()

    def works(self, *, done: bool = True, who: str = "สมชาย") -> None:
        """The agency takes the newest case, and finishes it."""
        town = self.town
        town._new()
        town.taps(who, "รับเรื่อง")
        if done:
            town.taps(who, "เสร็จแล้ว")
            town.says(who, "ปูยางมะตอยใหม่แล้วครับ")


def _kind(path: str) -> str:
    first, _, rest = path.partition("/")
    if not rest:
        return first
    return {"services": "service_definition", "requests": "requests", "tokens": "post_requests"}[first]


def conforms(kind: str, value: Any) -> None:
    """Raises where the value is not what the standard says."""
    schema = {**SCHEMAS["answers"][kind], "$defs": SCHEMAS["$defs"]}
    jsonschema.validate(value, schema, format_checker=jsonschema.FormatChecker())


def plain(body: bytes) -> Any:
    """An XML answer as lists and records, as the JSON says the same; everything is text there."""
    return _plain(ElementTree.fromstring(body))


_LISTS = {
    "services", "service_requests", "service_request_updates", "attributes", "values", "endpoints", "formats",
    "errors", "media_urls", "helpers",
}  # fmt: skip


def _plain(node: ElementTree.Element) -> Any:
    if node.tag in _LISTS:
        return [_plain(child) for child in node]
    return {child.tag: _plain(child) for child in node} if len(node) else (node.text or "")


def texts_of(value: Any) -> Any:
    """A JSON answer with everything as text, to compare it with the XML one."""
    if isinstance(value, dict):
        return {name: texts_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [texts_of(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
