"""The error map: a short page for people, JSON for machines, nothing of the inside."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from bot.web.public import POLICY, language, texts

log = logging.getLogger(__name__)

_KNOWN = ("404", "405", "503")
Speak = Callable[[int], Response]
_SPOKEN: dict[str, Speak] = {}
"""How errors are told to machines under a part of the site, by the beginning of its paths."""


def speak(prefix: str, how: Speak) -> None:
    """Errors under ``prefix`` are told so from now on."""
    _SPOKEN[prefix] = how


def add(app: Flask) -> None:
    """Answer every error of a page in the visitor's language."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        return answer(error.code or 500, dict(error.get_headers()))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Any:
        log.exception("%s %s failed", request.method, request.path, exc_info=error)
        return answer(500, {})


def answer(code: int, headers: dict[str, str]) -> tuple[Response, int]:
    machine = next((how for prefix, how in _SPOKEN.items() if request.path.startswith(prefix)), None)
    if machine is not None:
        told = machine(code)
        if "Allow" in headers:
            told.headers["Allow"] = headers["Allow"]
        return told, code
    if request.path.startswith(("/simulator/api/", "/v2/", "/healthz", "/readyz")):
        return jsonify(error=code), code
    lang = language()
    words = texts(lang)
    key = str(code) if str(code) in _KNOWN else "500"
    page = render_template(
        "public/error.html", t=words, lang=lang, other=None, said=words["error"][f"e{key}"]
    )
    response = Response(
        page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
    )
    if "Allow" in headers:
        response.headers["Allow"] = headers["Allow"]
    return response, code
