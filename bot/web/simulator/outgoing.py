"""What the bot sends: reply tokens, retry keys, quota, and the answers LINE gives.

Rules: a reply token works once within 60 seconds; a retry key is remembered for 24 hours; replies are
free, pushes and multicasts are counted once per recipient who has not blocked the bot.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.line import limits
from bot.web.simulator.chats import Chats
from bot.web.simulator.events import GROUP_ID, ROOM_ID, USER_ID, Json, message_id
from bot.web.simulator.faults import Faults
from bot.web.simulator.ledger import Data, Ledger

TOKEN_SECONDS = 60.0
KEY_SECONDS = 24 * 3600.0
_MONTH_ZONE = dt.timezone(dt.timedelta(hours=9))
_QUOTABLE = {"text", "textV2", "sticker", "image", "video", "template", "flex"}


@dataclass
class Answer:
    """An HTTP answer of the Messaging API."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


def refusal(message: str, status: int = 400) -> Answer:
    """An error answer with LINE's one message."""
    return Answer(status, {"message": message})


def invalid(faults: list[tuple[str, str]]) -> Answer:
    """The answer to a body with faults, in LINE's words."""
    details = [{"message": message, "property": where} for where, message in faults]
    return Answer(400, {"message": f"The request body has {len(faults)} error(s)", "details": details})


@dataclass
class _Token:
    chat: str
    issued: float
    used: bool = False


class Outgoing:
    """Accepts or refuses sends. `sent` holds every accepted one in order: `how`, `to`, `messages`,
    `retry_key`, `token`, `at`, `request_id`, `reached` (chats that show it) and `counted`."""

    def __init__(
        self, ledger: Ledger, chats: Chats, faults: Faults, clock: Callable[[], float], quota: int | None
    ) -> None:
        self._ledger, self._chats, self._faults, self._clock = ledger, chats, faults, clock
        self.quota = quota
        self.sent: list[Json] = []
        self._tokens: dict[str, _Token] = {}
        self._keys: dict[str, Json] = {}
        self._counted_in: Counter[tuple[int, int]] = Counter()
        ledger.on("send", self._on_send)

    def issue(self, token: str, chat: str, at: float) -> None:
        """Make a reply token valid for `chat`; called while an event is applied."""
        self._tokens[token] = _Token(chat, at)

    def consumption(self) -> int:
        """Messages counted in the present month."""
        return self._counted_in[_month(self._clock())]

    def reply(self, body: Json, retry_key: str | None) -> Answer:
        """POST /v2/bot/message/reply."""
        if retry_key is not None:
            return refusal("The X-Line-Retry-Key header is not supported for this endpoint")
        if faults := limits.request_errors("reply", body):
            return invalid(faults)
        token = self._tokens.get(body["replyToken"])
        if token is None or token.used or self._clock() - token.issued > TOKEN_SECONDS:
            return refusal("Invalid reply token")
        return self._accept("reply", token.chat, body["messages"], [token.chat], 0, token=body["replyToken"])

    def push(self, body: Json, retry_key: str | None) -> Answer:
        """POST /v2/bot/message/push."""
        if faults := limits.request_errors("push", body):
            return invalid(faults)
        to: str = body["to"]
        if not any(kind.fullmatch(to) for kind in (USER_ID, GROUP_ID, ROOM_ID)):
            return refusal("The property, 'to', in the request body is invalid (line: -, column: -)")
        group = self._chats.groups.get(to)
        if not USER_ID.fullmatch(to) and (group is None or not group.joined):
            return self._repeated(retry_key) or refusal("Failed to send messages")
        count = len(group.members) if group else len(self._friends([to]))
        reached = [to] if group else self._friends([to])
        return self._counted("push", to, body["messages"], reached, count, retry_key)

    def multicast(self, body: Json, retry_key: str | None) -> Answer:
        """POST /v2/bot/message/multicast."""
        if faults := limits.request_errors("multicast", body):
            return invalid(faults)
        to: list[str] = list(dict.fromkeys(body["to"]))
        if not all(USER_ID.fullmatch(user) for user in to):
            return refusal("The property, 'to', in the request body is invalid (line: -, column: -)")
        reached = self._friends(to)
        answer = self._counted("multicast", to, body["messages"], reached, len(reached), retry_key)
        return Answer(200, {}, answer.headers) if answer.status == 200 else answer

    def _friends(self, users: list[str]) -> list[str]:
        return [user for user in users if user in self._chats.people and self._chats.people[user].friend]

    def _counted(
        self, how: str, to: Any, messages: list[Json], reached: list[str], count: int, retry_key: str | None
    ) -> Answer:
        if repeated := self._repeated(retry_key):
            return repeated
        over = self.quota is not None and self.consumption() + count > self.quota
        if self._faults.over_limit or over:
            return refusal("You have reached your monthly limit.", 429)
        return self._accept(how, to, messages, reached, count, retry_key=retry_key)

    def _repeated(self, retry_key: str | None) -> Answer | None:
        if retry_key is None:
            return None
        if not _is_uuid(retry_key):
            return refusal("The X-Line-Retry-Key header must be a UUID")
        before = self._keys.get(retry_key)
        if before is None or self._clock() - before["at"] > KEY_SECONDS:
            return None
        body = {"message": "The retry key is already accepted", "sentMessages": before["receipts"]}
        return Answer(409, body, {"x-line-accepted-request-id": before["request_id"]})

    def _accept(
        self,
        how: str,
        to: Any,
        messages: list[Json],
        reached: list[str],
        count: int,
        *,
        token: str | None = None,
        retry_key: str | None = None,
    ) -> Answer:
        request_id = str(uuid.uuid4())
        receipts = [_receipt(message) for message in messages]
        send: Data = {"how": how, "to": to, "messages": messages, "retry_key": retry_key, "token": token}
        send |= {"at": self._clock(), "request_id": request_id, "reached": reached, "counted": count}
        self._ledger.write("send", {**send, "receipts": receipts})
        return Answer(200, {"sentMessages": receipts}, {"x-line-request-id": request_id})

    def _on_send(self, send: Data) -> None:
        self.sent.append(send)
        self._counted_in[_month(send["at"])] += send["counted"]
        if send["token"] in self._tokens:
            self._tokens[send["token"]].used = True
        if send["retry_key"] is not None:
            self._keys[send["retry_key"]] = send
        for chat in send["reached"]:
            self._chats.add_bot_entry(chat, send, send["messages"])


def _receipt(message: Json) -> Json:
    made: Json = {"id": message_id()}
    if message["type"] in _QUOTABLE:
        made["quoteToken"] = uuid.uuid4().hex
    return made


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _month(at: float) -> tuple[int, int]:
    day = dt.datetime.fromtimestamp(at, _MONTH_ZONE)
    return day.year, day.month
