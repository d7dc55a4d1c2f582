"""People, a clock that stands still, and a client that speaks LINE's Messaging API to the simulator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SECRET, TOKEN = "0123456789abcdef0123456789abcdef", "a-token"
MALI, SOMCHAI = "U" + "a" * 32, "U" + "b" * 32
GROUP = "C" + "c" * 32
KEY = "123e4567-e89b-12d3-a456-426614174000"


class Clock:
    """Machine time that moves only when told."""

    def __init__(self, at: float = 1_790_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Line:
    """The Messaging API as the bot sees it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> TestResponse:
        shown = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json", **(headers or {})}
        return self.client.post(path, data=json.dumps(body or {}), headers=shown)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"authorization": f"Bearer {TOKEN}"})

    def reply(self, token: str, *messages: Any, **headers: str) -> TestResponse:
        return self.post("/v2/bot/message/reply", {"replyToken": token, "messages": list(messages)}, headers)

    def push(self, to: str, *messages: Any, key: str | None = None) -> TestResponse:
        headers = {"x-line-retry-key": key} if key else {}
        return self.post("/v2/bot/message/push", {"to": to, "messages": list(messages)}, headers)


def words(text: str = "สวัสดี") -> dict[str, Any]:
    return {"type": "text", "text": text}
