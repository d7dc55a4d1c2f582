"""Answers of Open311 servers, JSON or XML, as lists of flat records; errors as the standard writes them."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

Record = dict[str, str]


class Unreadable(ValueError):
    """Neither JSON nor XML of the standard."""


def records(body: bytes) -> list[Record]:
    """The records of an answer; raises ``Unreadable``."""
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    return _xml(text) if text.startswith("<") else _json(text)


def errors(body: bytes) -> str | None:
    """What the server says is wrong; None when it is no error of the standard."""
    try:
        found = records(body)
    except Unreadable:
        return None
    told = [
        row for row in found if "description" in row and "code" in row and "service_request_id" not in row
    ]
    return "; ".join(f"{row['code']} {row['description']}" for row in told)[:300] or None


def _json(text: str) -> list[Record]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if isinstance(found, dict):
        inner = next((v for v in found.values() if isinstance(v, list)), None)
        found = inner if inner is not None else [found]
    if not isinstance(found, list):
        raise Unreadable("not a list")
    return [{str(k): _plain(v) for k, v in row.items()} for row in found if isinstance(row, dict)]


def _plain(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value).replace("\x00", "")


def _xml(text: str) -> list[Record]:
    # Entities are how a small document grows without end or reads files: the standard needs none.
    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        raise Unreadable("XML with a document type is refused")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        raise Unreadable("not XML") from None
    return [{child.tag: (child.text or "").strip() for child in row} for row in root]
