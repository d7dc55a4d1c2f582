"""Hand-made edges for tests of the pipes: events as LINE sends them, a small decider, a scripted messenger."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.incoming import Incoming
from handlers.messages.neutral import Message, Text
from handlers.ports import SendResult, Sent
from handlers.services.outbox import Post, Reply
from store import Store, Unit
from store.models import Inbox, Outbox
from store.queries import inbox
from store.queries.inbox import NewEvent
from store.words import Purpose

MALI, SOMCHAI = "U" + "a" * 32, "U" + "b" * 32
T0 = 1_795_230_000.0
"""Machine time of most tests: 2026-11-21 03:00 UTC."""

Json = dict[str, Any]


def text_event(number: int, user: str = MALI, text: str = "", at: float = T0, **more: Any) -> Json:
    """A text message event with its own ids and reply token."""
    return {
        "type": "message",
        "webhookEventId": f"01EVENT{number:019d}",
        "timestamp": int(at * 1000),
        "mode": "active",
        "replyToken": f"token-{number}",
        "source": {"type": "user", "userId": user},
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": str(10**17 + number), "text": text or f"words {number}"},
        **more,
    }


def body_of(*events: Any) -> bytes:
    return json.dumps({"destination": "U" + "0" * 32, "events": list(events)}).encode()


def words(messages: Sequence[Message]) -> list[Json]:
    """A renderer that knows texts only."""
    return [{"type": "text", "text": message.text} for message in messages if isinstance(message, Text)]


def echo(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
    """Decides as the smallest bot would: says the same words back."""
    reply = None
    if incoming.reply_token and incoming.reply_until:
        reply = Reply(incoming.reply_token, incoming.reply_until)
    post = Post(unit, words, now, incoming.at.timestamp())
    post.send(
        incoming.conversation,
        [Text(f"echo {incoming.text}")],
        Purpose.ANSWER,
        reply=reply,
        once=f"echo:{incoming.event_id}",
        inbox_id=inbox_id,
    )


@dataclass
class ScriptedMessenger:
    """Answers sends as told, else takes them; remembers every call as (how, to or token, first text)."""

    script: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    groups: list[list[str]] = field(default_factory=list)
    """Whom each multicast went to."""
    on_call: Callable[[], None] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, token: str, messages: list[Json]) -> SendResult:
        return self._take("reply", token, messages)

    def push(self, to: str, messages: list[Json], retry_key: str) -> SendResult:
        self.keys.append(retry_key)
        return self._take("push", to, messages)

    def multicast(self, to: list[str], messages: list[Json], retry_key: str) -> SendResult:
        self.keys.append(retry_key)
        self.groups.append(to)
        return self._take("multicast", f"{len(to)}", messages)

    def _take(self, how: str, whom: str, messages: list[Json]) -> SendResult:
        with self._lock:
            self.calls.append((how, whom, messages[0].get("text", messages[0].get("altText", ""))))
            kind = self.script.pop(0) if self.script else Sent.OK
        self.on_call()
        return SendResult(kind, f"scripted {kind}")


def stored(store: Store, *events: NewEvent) -> None:
    with store.writing_connection() as connection:
        inbox.store(connection, events)


def new_event(number: int, conversation: str = MALI, at_ms: int | None = None, raw: Any = None) -> NewEvent:
    """An inbox row to be; older numbers are older events."""
    event = raw if raw is not None else text_event(number, conversation)
    return NewEvent(
        event_id=f"event-{number}",
        conversation=conversation,
        at_ms=int(T0 * 1000) + number if at_ms is None else at_ms,
        kind="message",
        raw=json.dumps(event),
        received_at=T0,
    )


def letter(store: Store, to: str, text: str, now: datetime, **more: Any) -> int:
    """An outbox row; gives its id."""
    with store.writing() as unit:
        row = Post(unit, words, now, T0).send(to, [Text(text)], Purpose.CASE, **more)
        assert row is not None
        unit.flush()
        return row.id


def outbox_rows(store: Store) -> list[Outbox]:
    with store.reading() as unit:
        return list(unit.session.query(Outbox).order_by(Outbox.id))


def inbox_rows(store: Store) -> list[Inbox]:
    with store.reading() as unit:
        return list(unit.session.query(Inbox).order_by(Inbox.id))
