"""Calls of the Traffy Fondue Exchange: a token that is renewed in time, failures read from the body, credit noted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.agencies.wire import Wire, WireFault
from handlers.ports import SendResult, Sent
from handlers.rules.delivery import month_turns

RENEW_BEFORE_S = 300.0
USUAL_LIFE_S = 1800.0
"""A token whose end can't be read is used for so long."""
LOGIN_PAUSE_S = 900.0
THAI_TIME = ZoneInfo("Asia/Bangkok")
_TOKEN_FAULTS = ("this token has expired", "invalid token")
_LOGIN_FAULTS = ("invalid user or pass",)
_SPENT = ("running out of api usage quota",)


class TraffyClient:
    """Thread-safe; ``credit``: what is left of the month as Traffy last said ("" = no limit, None = not heard)."""

    def __init__(self, url: str, user: str, password: str, clock: Callable[[], float]) -> None:
        self._url, self._user, self._password, self._clock = url, user, password, clock
        self._wire, self._lock = Wire(), threading.Lock()
        self._token, self._until, self._spent_until = "", 0.0, 0.0
        self.credit: str | None = None

    def call(self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None) -> Any:
        """``results`` of a call that succeeded; raises ``WireFault``. No call is made while no credit is left."""
        if self._clock() < self._spent_until:
            raise WireFault(SendResult(Sent.MONTHLY, "no credit", learned={"waits": "1"}))
        token = self._valid_token()
        status, answer = self._once(method, path, body, query, token)
        if status == 401 or _says(answer, _TOKEN_FAULTS):
            status, answer = self._once(method, path, body, query, self._valid_token(instead_of=token))
        return self._judged(status, answer)

    def learned(self) -> dict[str, str]:
        """What every call tells beside its result."""
        return {} if self.credit is None else {"credit": self.credit}

    def _valid_token(self, instead_of: str = "") -> str:
        with self._lock:
            stale = not self._token or self._token == instead_of
            if stale or self._clock() >= self._until - RENEW_BEFORE_S:
                self._log_in()
            return self._token

    def _log_in(self) -> None:
        body = {"user": self._user, "pass": self._password}
        status, answer = self._once("POST", "/get-auth/v1", body, None, "")
        if _says(answer, _LOGIN_FAULTS) or status in (401, 403):
            again = self._clock() + LOGIN_PAUSE_S
            raise WireFault(SendResult(Sent.NOT_SENT, "Traffy refuses user or password", retry_at=again))
        results = self._judged(status, answer)
        if not isinstance(results, dict) or not isinstance(results.get("token"), str):
            raise WireFault(SendResult(Sent.NOT_SENT, "Traffy gave no token"))
        self._token = results["token"]
        self._until = _moment(results.get("expire_timestamp")) or self._clock() + USUAL_LIFE_S

    def _once(
        self, method: str, path: str, body: Any, query: Mapping[str, str] | None, token: str
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        found = self._wire.call(method, self._url + path, query=query, json=body, headers=headers)
        try:
            answer = json.loads(found.body)
        except ValueError:
            raise WireFault(SendResult(Sent.UNSURE, "Traffy answered with what is not JSON")) from None
        if not isinstance(answer, dict):
            raise WireFault(SendResult(Sent.UNSURE, "Traffy answered with what is no object"))
        if "credit_balance" in answer:
            left = answer["credit_balance"]
            self.credit = str(float(left)) if isinstance(left, int | float) else ""
            if self.credit and float(self.credit) <= 0:
                self._spent_until = month_turns(self._clock())
        return found.status, answer

    def _judged(self, status: int, answer: dict[str, Any]) -> Any:
        if status < 300 and answer.get("status") == "success":
            return answer.get("results")
        message = str(answer.get("message", ""))[:200]
        if _says(answer, _SPENT):
            self.credit, self._spent_until = "0", month_turns(self._clock())
            raise WireFault(SendResult(Sent.MONTHLY, message))
        if _says(answer, _TOKEN_FAULTS):
            raise WireFault(SendResult(Sent.NOT_SENT, "Traffy does not take its own fresh token"))
        raise WireFault(SendResult(Sent.REFUSED, f"Traffy says: {message or status}"))


def _says(answer: Any, faults: tuple[str, ...]) -> bool:
    message = str(answer.get("message", "")).lower()
    return answer.get("status") != "success" and any(fault in message for fault in faults)


def _moment(value: Any) -> float | None:
    """Seconds since 1970 of a number (seconds or milliseconds) or a time; Thai time where it has no zone."""
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, int | float):
        return value / 1000.0 if value > 1e11 else float(value)
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=THAI_TIME)).timestamp()
