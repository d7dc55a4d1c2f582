"""Sends to LINE through its SDK's transport, and says honestly how each send ended.

The SDK is imported at the first send (0.55 s). Its typed models are passed by: our messages are LINE's JSON already,
and an answer with an empty body must not count as a failure. Facts: LINE Messaging API reference, line-bot-sdk 3.27.
"""

from __future__ import annotations

import json
import logging
import threading
from functools import cached_property
from typing import Any
from urllib.parse import quote

from handlers.ports import SendResult, Sent

log = logging.getLogger(__name__)

CONNECT_S, READ_S = 3.0, 9.0
_MONTHLY = "monthly limit"
_DEAD_TOKEN = "invalid reply token"
_SURELY_NOT_SENT = frozenset(
    {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "ProxyError", "LocationParseError"}
)
_LOCKED_OUT = (401, 403)


class LineMessenger:
    """The ``Messenger`` port. Thread-safe; ``connections`` is how many sends may be under way at once."""

    def __init__(self, api_host: str, token: str, connections: int = 16, read_s: float = READ_S) -> None:
        self._host = api_host.rstrip("/")
        self._token = token
        self._connections = connections
        self._timeouts = (CONNECT_S, read_s)
        self._starting = threading.Lock()

    def reply(self, token: str, messages: list[dict[str, Any]]) -> SendResult:
        """Answer with a reply token. No retry key: LINE refuses a reply that has one."""
        return self._post("/v2/bot/message/reply", {"replyToken": token, "messages": messages})

    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        """Send of our own accord; the key makes LINE take repeated tries as one for 24 hours."""
        return self._post(
            "/v2/bot/message/push", {"to": to, "messages": messages}, {"X-Line-Retry-Key": retry_key}
        )

    def multicast(self, to: list[str], messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        """Send the same to up to 500 people; LINE counts each of them, and takes repeated tries as one."""
        return self._post(
            "/v2/bot/message/multicast", {"to": to, "messages": messages}, {"X-Line-Retry-Key": retry_key}
        )

    def profile(self, user_id: str) -> str | None:
        """The name a person shows on LINE; None when LINE does not tell."""
        return _name(self._get(f"/v2/bot/profile/{quote(user_id, safe='')}"), "displayName")

    def members(self, group_id: str) -> int | None:
        """How many people a group or room has (each counts when the bot pushes there); None when LINE does not tell."""
        kind = "room" if group_id.startswith("R") else "group"
        found = self._get(f"/v2/bot/{kind}/{quote(group_id, safe='')}/members/count")
        count = found.get("count")
        return count if isinstance(count, int) else None

    def quota(self) -> tuple[int | None, int | None]:
        """Messages of this month: allowed (None = no limit known) and used (None = unknown)."""
        allowed = self._get("/v2/bot/message/quota").get("value")
        used = self._get("/v2/bot/message/quota/consumption").get("totalUsage")
        return (allowed if isinstance(allowed, int) else None), (used if isinstance(used, int) else None)

    def warm_up(self) -> None:
        """Load the SDK now, so that the first answer need not wait for it."""
        with self._starting:
            self._client  # noqa: B018

    @cached_property
    def _client(self) -> Any:
        from linebot.v3.messaging import ApiClient, Configuration

        configuration = Configuration(host=self._host, access_token=self._token)
        configuration.connection_pool_maxsize = self._connections
        configuration.retries = False  # repeating is decided by rules.delivery, which knows what is safe
        return ApiClient(configuration)

    def _request(self, method: str, path: str, body: Any = None, extra: dict[str, str] | None = None) -> Any:
        with self._starting:
            client = self._client
        headers = {**client.default_headers, **(extra or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return client.rest_client.request(
            method, self._host + path, headers=headers, body=body, _request_timeout=self._timeouts
        )

    def _post(self, path: str, body: dict[str, Any], extra: dict[str, str] | None = None) -> SendResult:
        try:
            self._request("POST", path, body, extra)
        except Exception as error:
            return outcome(error)
        return SendResult(Sent.OK)  # whatever the body says: a 2xx means that LINE has taken it

    def _get(self, path: str) -> dict[str, Any]:
        """The answer's object; empty when there is none."""
        try:
            found = json.loads(self._request("GET", path).data)
        except Exception as error:
            log.info("asking LINE for %s failed: %s", path.split("/")[3], outcome(error).detail)
            return {}
        return found if isinstance(found, dict) else {}


def outcome(error: BaseException) -> SendResult:
    """What an exception of the SDK or of urllib3 means for the message."""
    status = getattr(error, "status", None)
    if isinstance(status, int) and status:
        return _refusal(status, getattr(error, "body", None))
    kinds = {kind.__name__ for kind in type(error).__mro__}
    sent = Sent.NOT_SENT if kinds & _SURELY_NOT_SENT else Sent.UNSURE
    return SendResult(sent, type(error).__name__)


def _refusal(status: int, body: object) -> SendResult:
    words = _words(body)
    detail = f"{status} {words}".strip()
    if status == 409:
        return SendResult(Sent.DUPLICATE, detail)
    if status == 429:
        return SendResult(Sent.MONTHLY if _MONTHLY in words.lower() else Sent.RATE, detail)
    if status == 400 and _DEAD_TOKEN in words.lower():
        return SendResult(Sent.TOKEN_DEAD, detail)
    if status in _LOCKED_OUT:  # a wrong access token: mended by an operator, so the message must wait for it
        return SendResult(Sent.NOT_SENT, detail)
    return SendResult(Sent.UNSURE if status >= 500 or status == 408 else Sent.REFUSED, detail)


def _words(body: object) -> str:
    """LINE's message and the places it complains about, from whatever came back."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    try:
        parsed = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(parsed, dict):
        return ""
    details = parsed.get("details")
    places = (
        [str(d.get("property", "")) for d in details if isinstance(d, dict)]
        if isinstance(details, list)
        else []
    )
    return " ".join([str(parsed.get("message", "")), *places])[:300].strip()


def _name(found: dict[str, Any], key: str) -> str | None:
    value = found.get(key)
    return value.replace("\x00", "")[:200] if isinstance(value, str) and value.strip() else None
