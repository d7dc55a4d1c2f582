"""A process that dies between two steps of the pipes, as a killed or crashed server does: nothing is cleaned up.

``python -m tests.kill.victim DATABASE_URL LINE_URL POINT``. POINT "none" works until it is killed from outside.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

from bot.line import events
from bot.line.inbox_writer import InboxWriter
from bot.line.messenger import LineMessenger
from bot.line.webhook import LineWebhook
from bot.web.simulator.events import sign
from bot.worker import Parts, Worker
from handlers.incoming import Incoming
from handlers.messages.neutral import Text
from handlers.ports import Fetched, FetchState, SendResult
from handlers.services.delivery import Delivery
from handlers.services.intake import Intake
from handlers.services.outbox import Post, Reply
from store import Store, Unit
from store.queries.inbox import ClaimedEvent
from store.words import Purpose
from tests.pipes import SOMCHAI, words

DIED = 9
SECRET, TOKEN = "s" * 32, "a-token"
POINTS = (
    "claimed",
    "deciding",
    "decided",
    "marked",
    "reply sent",
    "push sent",
    "written",
)

Json = dict[str, Any]


def die() -> None:
    os._exit(DIED)


def decide(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
    """Two effects that must happen once each: an answer by reply, and word to somebody else by push."""
    reply = Reply(incoming.reply_token or "", incoming.reply_until or 0.0)
    post = Post(unit, words, now, time.time())
    post.send(incoming.conversation, [Text(f"answer {incoming.text}")], Purpose.ANSWER, reply=reply)
    post.send(SOMCHAI, [Text(f"news {incoming.text}")], Purpose.CASE)


class DyingMessenger:
    """The real messenger, around whose calls the process dies."""

    def __init__(self, line_url: str, point: str) -> None:
        self._line = LineMessenger(line_url, TOKEN)
        self._point = point

    def reply(self, token: str, messages: list[Json]) -> SendResult:
        self._at("marked")
        result = self._line.reply(token, messages)
        self._at("reply sent")
        return result

    def push(self, to: str, messages: list[Json], retry_key: str) -> SendResult:
        result = self._line.push(to, messages, retry_key)
        self._at("push sent")
        return result

    def _at(self, point: str) -> None:
        if self._point == point:
            die()


class NoMedia:
    """There are no photos in these tests."""

    def fetch(self, message_id: str) -> Fetched:
        return Fetched(FetchState.GONE)

    def keep(self, token: str, content: bytes) -> None:
        return

    def read(self, token: str, size: str) -> bytes | None:
        return None

    def remove(self, token: str) -> None:
        return


def parts(line_url: str) -> Parts:
    return Parts(decide, LineMessenger(line_url, TOKEN), NoMedia(), NoMedia(), lambda unit, photo, why: None)


def run_to(store: Store, line_url: str, point: str) -> None:
    """Claim, decide and deliver step by step, and die at ``point``."""

    def parse(event: ClaimedEvent) -> Incoming | None:
        if point == "claimed":
            die()
        return events.parse(event)

    def decide_or_die(unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        decide(unit, incoming, now, inbox_id)
        if point == "deciding":
            unit.flush()
            die()

    def after_commit() -> None:
        if point == "decided":
            die()

    Intake(store, parse, decide_or_die, "victim", after_commit).run_once(time.time())
    delivery = Delivery(store, DyingMessenger(line_url, point), "victim", senders=1)
    delivery.pass_once(time.time(), datetime.now(UTC))
    die()


def store_and_die(store: Store, body: bytes) -> None:
    """Commit a webhook's events and die before LINE hears 200."""
    app = LineWebhook(lambda environ, start: [], SECRET, InboxWriter(store, die))
    environ = {
        "PATH_INFO": "/line/webhook",
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_X_LINE_SIGNATURE": sign(SECRET, body),
    }
    app(environ, lambda status, headers: print(status))  # type: ignore[arg-type]


def main() -> None:
    database_url, line_url, point = sys.argv[1:4]
    store = Store(database_url)
    if point == "stored":
        store_and_die(store, sys.stdin.buffer.read())
    elif point == "none":
        worker = Worker(store, parts(line_url), deciders=2, senders=4)
        worker.start()
        print("ready", flush=True)
        threading.Event().wait()
    else:
        run_to(store, line_url, point)


if __name__ == "__main__":
    main()
