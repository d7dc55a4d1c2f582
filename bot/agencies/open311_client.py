"""Calls of the Open311 GeoReport v2 standard: form-encoded in, JSON or XML out, whichever the server speaks."""

from __future__ import annotations

from collections.abc import Mapping

from bot.agencies.open311_format import Record, Unreadable, errors, records
from bot.agencies.wire import Answer, Wire, WireFault
from handlers.ports import SendResult, Sent

_OTHER_FORMAT = (404, 406, 415)


class NotOffered(Exception):
    """The server does not have this part of the standard (or this extension of it)."""


class Open311Client:
    """One server; thread-safe. ``endpoint`` without a slash at its end; ``jurisdiction`` may be empty."""

    def __init__(self, endpoint: str, jurisdiction: str, key: str) -> None:
        self._endpoint, self._key = endpoint.rstrip("/"), key
        self._always = {"jurisdiction_id": jurisdiction} if jurisdiction else {}
        self._wire, self._format = Wire(), "json"

    def get(self, resource: str, **query: str) -> list[Record]:
        """Raises ``WireFault`` and ``NotOffered``."""
        return self._ask(lambda url: self._wire.call("GET", url, query={**self._always, **query}), resource)

    def post(self, resource: str, fields: Mapping[str, str]) -> list[Record]:
        """Raises ``WireFault`` and ``NotOffered``."""
        form = {**self._always, **({"api_key": self._key} if self._key else {}), **fields}
        return self._ask(lambda url: self._wire.call("POST", url, form=form), resource)

    def _ask(self, call: object, resource: str) -> list[Record]:
        answer = Answer(404, b"", "")
        for form in (self._format, "xml" if self._format == "json" else "json"):
            answer = call(f"{self._endpoint}/{resource}.{form}")  # type: ignore[operator]
            if answer.status not in _OTHER_FORMAT or errors(answer.body):
                self._format = form
                return _judged(answer)
        raise NotOffered(f"{resource} is not offered (answered {answer.status})")


def _judged(answer: Answer) -> list[Record]:
    if answer.status >= 300:
        told = errors(answer.body) or f"answered {answer.status}"
        raise WireFault(SendResult(Sent.REFUSED, f"Open311 server: {told}"))
    try:
        return records(answer.body)
    except Unreadable as error:
        raise WireFault(SendResult(Sent.UNSURE, f"Open311 server: {error}")) from None
