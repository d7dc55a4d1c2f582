"""The fast path for LINE's webhook: verify, store, acknowledge. It stands in front of Flask.

LINE wants its answer within two seconds and delivers again when it gets none, so nothing is understood here: raw
events become inbox rows, and 200 is said once they are committed. Source: LINE Messaging API, receiving webhooks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bot.line.inbox_writer import InboxWriter
from bot.line.raw_events import NotJson, new_events

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PATH = "/line/webhook"
MAX_BODY = 1024 * 1024

OK = ("200 OK", b"ok")
NOT_WHOLE = ("400 Bad Request", b"the body is not whole")
NOT_JSON = ("400 Bad Request", b"the body is not a JSON object")
UNSIGNED = ("401 Unauthorized", b"the signature is missing or wrong")
WRONG_METHOD = ("405 Method Not Allowed", b"only POST")
TOO_LARGE = ("413 Content Too Large", b"the body is larger than 1 MiB")
NO_STORE = ("503 Service Unavailable", b"the store can't be reached; deliver again")
Answer = tuple[str, bytes]


class LineWebhook:
    """WSGI middleware: answers ``POST /line/webhook`` itself and passes everything else on to ``app``."""

    def __init__(
        self, app: WSGIApplication, secret: str, writer: InboxWriter, clock: Callable[[], float] = time.time
    ) -> None:
        self._app = app
        self._key = hmac.new(secret.encode(), digestmod=hashlib.sha256)
        self._writer = writer
        self._clock = clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self._app(environ, start_response)
        status, words = self._answer(environ)
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(words)))]
        if status == WRONG_METHOD[0]:
            headers.append(("Allow", "POST"))
        start_response(status, headers)
        return [words]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        if environ.get("REQUEST_METHOD") != "POST":
            return WRONG_METHOD
        body = read_body(environ)
        if isinstance(body, tuple):
            return body
        if not self._signed(body, environ.get("HTTP_X_LINE_SIGNATURE", "")):
            return UNSIGNED
        try:
            events = new_events(body, self._clock())
        except NotJson:
            return NOT_JSON
        try:
            self._writer.store(events)
        except Exception as error:  # whatever ails the store, LINE delivers again
            log.error("events could not be stored: %s", type(error).__name__)
            return NO_STORE
        return OK

    def _signed(self, body: bytes, given: str) -> bool:
        """HMAC-SHA256 over the raw body with the channel secret, as base64; compared in constant time."""
        mac = self._key.copy()
        mac.update(body)
        return hmac.compare_digest(base64.b64encode(mac.digest()), given.encode("latin-1", "replace"))


def read_body(environ: WSGIEnvironment) -> bytes | Answer:
    """The whole raw body, or the refusal."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length and not length.isdecimal():
        return NOT_WHOLE
    if length and int(length) > MAX_BODY:
        return TOO_LARGE
    try:
        body = _read(environ["wsgi.input"], int(length) if length else None, _ends(environ))
    except Exception as error:  # servers raise kinds of their own when the other side goes away
        log.info("a webhook body could not be read: %s", type(error).__name__)
        return NOT_WHOLE
    if len(body) > MAX_BODY:
        return TOO_LARGE
    return NOT_WHOLE if length and len(body) < int(length) else body


def _ends(environ: WSGIEnvironment) -> bool:
    """Whether a body of unknown length can be read to its end without hanging."""
    return bool(environ.get("wsgi.input_terminated")) or bool(environ.get("HTTP_TRANSFER_ENCODING"))


def _read(stream: Any, length: int | None, ends: bool) -> bytes:
    wanted = length if length is not None else (MAX_BODY + 1 if ends else 0)
    parts: list[bytes] = []
    while wanted > 0:
        part = stream.read(wanted)
        if not part:
            break
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)
