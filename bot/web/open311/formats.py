"""Answers of the standard as XML or JSON. XML is only ever written here, never read."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from flask import Response, request

from handlers.rules.open311 import Wrong

JSON, XML = "json", "xml"
FORMS = (JSON, XML)
_TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
    "media_urls": "media_url",
    "helpers": "helper",
}
"""What one entry of a list is called in XML."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Record = dict[str, Any]


def wanted_form() -> str:
    """By the end of the path; XML, which every server of the standard speaks, when it says nothing."""
    return JSON if request.path.endswith(f".{JSON}") else XML


def answer(form: str, root: str, value: Any, status: int = 200) -> Response:
    """A list or record named ``root``. In JSON a list stands without its name, as the standard has it."""
    body = _json(value) if form == JSON else xml(root, value)
    return Response(body, status, content_type=_TYPES[form])


def fault(form: str, *wrongs: Wrong) -> Response:
    """The errors of a request; the first one's code is the answer's."""
    rows = [{"code": w.code, "description": w.description} for w in wrongs]
    return answer(form, "errors", rows, wrongs[0].code)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def xml(root: str, value: Any) -> bytes:
    """A document of its own, in UTF-8."""
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(
        element(root, value), "utf-8", xml_declaration=False
    )


def element(name: str, value: Any) -> ElementTree.Element:
    """Records become children by name, lists children that are all called alike, nothing an empty element."""
    made = ElementTree.Element(name)
    if isinstance(value, dict):
        made.extend(element(key, inner) for key, inner in value.items())
    elif isinstance(value, list | tuple):
        made.extend(element(_ITEMS[name], inner) for inner in value)
    elif value is not None:
        made.text = _text(value)
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOT_XML.sub("", str(value))
