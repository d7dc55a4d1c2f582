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
from store.words import LINE

TOGETHER = 24
"""Events decided in one unit of work: what falls on one mark is decided together, which costs far less."""
WORKER = "demo"
MOST_PASSES = 1000
SOON_S = 300
"""Jobs that look at least as often are run at every look of the clock, the others at the day's first one."""


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
    _taken: list[bytes] = field(default_factory=list)
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
        """An event waits for the next ``settle``, which stores all of one moment in one transaction."""
        self._taken.append(body)
        return 200

    def settle(self) -> list[Data]:
        """Decide and send until nothing is left to do; gives what was sent since the last look, in order."""
        left = self._store_events()
        while left > 0 and (decided := self._intake.run_once(self.now, TOGETHER)):
            left -= decided
        self._deliver()
        fresh = self.sim.outgoing.sent[self.read :]
        self.read += len(fresh)
        return fresh

    def _store_events(self) -> int:
        bodies, self._taken = self._taken, []
        if bodies:
            with self.wiring.store.writing_connection() as connection:
                inbox.store(connection, [row for body in bodies for row in new_events(body, self.now)])
        return len(bodies)

    def _deliver(self) -> None:
        """One look at what is due; only ways that have something to carry are walked."""
        for _ in range(MOST_PASSES):
            with self.wiring.store.reading() as unit:
                due = outbox.due_channels(unit, self.now, self.time())
            walked = [part.pass_once(self.now, self.time()) for part in self._ways(due)]
            if not any(walked):
                return

    def _ways(self, due: set[str]) -> list[Delivery | GatewayDelivery]:
        line, others = self._deliveries
        return [*([line] if LINE in due else []), *([others] if due - {LINE} else [])]

    def tidy(self, sends: list[Data], shown: frozenset[str]) -> None:
        """Let go of the words of read messages on phones that nobody will leaf through."""
        for send in sends:
            if not shown.intersection(send["reached"]):
                send["messages"].clear()

    def run_jobs(self, whole: bool) -> None:
        """What the clock would do now, errands aside: they are long work of their own. ``whole``: the slow ones too."""
        for job in JOBS:
            if not job.errand and (whole or job.every <= SOON_S):
                self.wiring.clockwork.run(job, self.time())

    def close(self) -> None:
        for part in self._deliveries:
            part.close()
