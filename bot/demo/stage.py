"""The stage of the play: the real store, handlers, clock and a LINE simulator, all at one played time.

Nothing is decided here. Events go into the inbox as LINE's would, the intake decides them, the delivery sends to the
simulator, and the simulator is as strict as in the tests. The played time is machine time for all of them, so that what
remains looks as if the half year had really passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.bootstrap import Wiring
from bot.line import events
from bot.line.raw_events import new_events
from bot.web.simulator.ledger import Data, Ledger
from bot.web.simulator.outgoing import Answer
from bot.web.simulator.server import LineSimulator
from handlers.ports import SendResult, Sent
from handlers.services.delivery import Delivery
from handlers.services.gateway_delivery import GatewayDelivery, teller
from handlers.services.intake import Intake
from scheduler.jobs import JOBS
from store.queries import inbox, outbox

TOGETHER = 8
WORKER = "demo"


@dataclass
class Wire:
    """The ``Messenger`` port straight into the simulator, without HTTP between."""

    sim: LineSimulator

    def reply(self, token: str, messages: list[dict[str, Any]]) -> SendResult:
        return _result(self.sim.outgoing.reply({"replyToken": token, "messages": messages}, None))

    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        return _result(self.sim.outgoing.push({"to": to, "messages": messages}, retry_key))

    def multicast(self, to: list[str], messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        return _result(self.sim.outgoing.multicast({"to": to, "messages": messages}, retry_key))


def _result(answer: Answer) -> SendResult:
    if answer.status == 200:
        return SendResult(Sent.OK)
    if answer.status == 409:
        return SendResult(Sent.DUPLICATE)
    if answer.status == 429:
        return SendResult(Sent.MONTHLY, str(answer.body))
    dead = "Invalid reply token" in str(answer.body)
    return SendResult(Sent.TOKEN_DEAD if dead else Sent.REFUSED, json.dumps(answer.body))


class Record(Ledger):
    """A ledger in memory that can be written down for some chats only: nobody leafs through six hundred."""

    def __init__(self) -> None:
        super().__init__(None)
        self._written: list[tuple[str, Data]] = []

    def write(self, kind: str, data: Data) -> None:
        self._written.append((kind, data))
        super().write(kind, data)

    def of(self, people: frozenset[str]) -> Iterator[str]:
        """Journal lines of what these people did, were sent and see."""
        for kind, data in self._written:
            if _chats(kind, data) & people:
                kept = (
                    {**data, "reached": [c for c in data["reached"] if c in people]}
                    if kind == "send"
                    else data
                )
                yield json.dumps({"kind": kind, "data": kept}, ensure_ascii=False)


def _chats(kind: str, data: Data) -> set[str]:
    if kind == "send":
        return set(data["reached"])
    return {str(data.get("chat") or data.get("id") or "")}


@dataclass
class Stage:
    """``now``: the played time in seconds since 1970."""

    wiring: Wiring
    now: float
    read: int = 0
    _taken: int = 0
    sim: LineSimulator = field(init=False)
    _intake: Intake = field(init=False)
    _deliveries: tuple[Delivery, GatewayDelivery] = field(init=False)

    def __post_init__(self) -> None:
        wiring, store = self.wiring, self.wiring.store
        store.hurry()
        self.record = Record()
        settings = wiring.settings
        self.sim = LineSimulator(
            settings.line_secret, settings.line_token, clock=self.clock, quota=None, ledger=self.record
        )
        self.sim.post_to(self._take)
        wiring.house.clock = self.clock
        self._intake = Intake(store, events.parse, wiring.decide, WORKER)
        line = Delivery(store, Wire(self.sim), WORKER, 1)
        others = GatewayDelivery(store, wiring.gateways, WORKER, teller(wiring.house))
        self._deliveries = (line, others)

    def clock(self) -> float:
        return self.now

    def time(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def _take(self, body: bytes, _headers: object) -> int:
        with self.wiring.store.writing_connection() as connection:
            inbox.store(connection, new_events(body, self.now))
        self._taken += 1
        return 200

    def settle(self) -> list[Data]:
        """Decide and send until nothing is left to do; gives what was sent since the last look, in order."""
        while self._taken > 0 and (decided := self._intake.run_once(self.now, TOGETHER)):
            self._taken -= decided
        for part in self._deliveries:
            while self._anything_due() and part.pass_once(self.now, self.time()):
                pass
        fresh = self.sim.outgoing.sent[self.read :]
        self.read += len(fresh)
        return fresh

    def _anything_due(self) -> bool:
        with self.wiring.store.reading() as unit:
            return outbox.waiting(unit, self.time()) > 0

    def run_jobs(self) -> None:
        """What the clock would do now, errands aside: they are long work of their own."""
        for job in JOBS:
            if not job.errand:
                self.wiring.clockwork.run(job, self.time())

    def close(self) -> None:
        for part in self._deliveries:
            part.close()
