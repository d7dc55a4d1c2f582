"""The worker: decides what came in, delivers what must go out, fetches photos. Any number of them on PostgreSQL.

One of them alone may claim on SQLite; it holds a file lock for that, so that at its start it may free at once what a
dead one had claimed. On PostgreSQL claims end by themselves.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from bot.agencies import bridge_intake, mail_intake
from bot.line import events
from bot.line.messenger import LineMessenger
from bot.loops import FileLock, Loop
from handlers.incoming import Incoming
from handlers.ports import Gateway, MediaSource, Messenger, Pictures
from handlers.services.delivery import Delivery
from handlers.services.gateway_delivery import GatewayDelivery, OnParked
from handlers.services.intake import Decide, Intake
from handlers.services.photos import OnFailed, PhotoFetch
from store import Store, signals
from store.queries import inbox, leases, outbox, photos
from store.queries.inbox import ClaimedEvent

log = logging.getLogger(__name__)

HEARTBEAT = "worker:"
BEAT_S, ALIVE_S = 2.0, 10.0
POLL_S = 0.2
"""Polling finds what became due by time; of what is new a signal tells."""
GATHER_S = 0.02
"""Messages decided within this time go out in one batch: two commits for all of them instead of for each."""
FORGET_S = 3600.0
TOGETHER = 8
"""Waiting events decided in one transaction: more would spare little and keep the first of them waiting."""
GATEWAY_POLL_S = 1.0
MAILBOX_S = 60.0
BRIDGES_S = 2.0


class WorkerBusy(RuntimeError):
    """Another worker already claims on this SQLite file."""


@dataclass(frozen=True)
class Parts:
    """What a worker works with; ``counts(to)``: messages LINE counts for a push to that address."""

    decide: Decide
    messenger: Messenger
    source: MediaSource
    pictures: Pictures
    on_failed: OnFailed
    counts: Callable[[str], int] = lambda _to: 1
    gateways: Mapping[str, Gateway] = field(default_factory=dict)
    on_parked: OnParked = lambda _unit, _letter, _outcome: None
    bridges: Callable[[], int] | None = None
    """A look at what is due to be read from other systems."""
    mail: Callable[[str], Callable[[], int]] | None = None
    """``mail(worker)``: a look into the mailbox on behalf of that worker; None when answers by mail are off."""


def parse(event: ClaimedEvent) -> Incoming | None:
    """An event of LINE, an answer by mail or news of another system, in our own words."""
    if event.kind in bridge_intake.KINDS:
        return bridge_intake.parse(event)
    return mail_intake.parse(event) if event.kind == mail_intake.KIND else events.parse(event)


class Worker:
    """``start`` and ``stop`` it; ``wake_inbox`` and ``wake_outbox`` spare the next poll."""

    def __init__(
        self,
        store: Store,
        parts: Parts,
        deciders: int = 4,
        senders: int = 16,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.id = f"{socket.gethostname()[:12]}-{os.getpid()}-{secrets.token_hex(3)}"
        self._store = store
        self._clock = clock
        self._messenger = parts.messenger
        # SQLite lets one decide at a time: more threads would only queue up for its lock.
        deciders = 1 if store.sqlite else deciders
        self._few, self._most = deciders, max(4 * deciders, 8)
        self._busy = 0
        self._count = threading.Lock()
        self._pool = ThreadPoolExecutor(deciders, thread_name_prefix="decide")
        self.gateways = GatewayDelivery(store, parts.gateways, self.id, parts.on_parked)
        self.intake = Intake(store, parse, parts.decide, self.id, self.wake_outbox)
        self.delivery = Delivery(store, parts.messenger, self.id, senders, parts.counts)
        self.photos = PhotoFetch(store, parts.source, parts.pictures, parts.on_failed)
        self._inbox = Loop("inbox", self._claim_events, POLL_S)
        self._outbox = Loop("outbox", self._deliver, POLL_S, GATHER_S)
        self._photos = Loop("photos", lambda: self.photos.pass_once(self._clock()), POLL_S)
        self._gateways = Loop("gateways", self._carry, GATEWAY_POLL_S)
        mail = parts.mail(self.id) if parts.mail else None
        self._mailbox = [Loop("mailbox", mail, MAILBOX_S)] if mail else []
        if parts.bridges:
            self._mailbox.append(Loop("bridges", parts.bridges, BRIDGES_S))
        self._beats = Loop("heartbeat", self._beat, BEAT_S)
        self._stopped = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="listen", daemon=True)
        self._lock = FileLock(_lock_path(store))

    def start(self) -> None:
        """Begin in threads of its own; raises ``WorkerBusy``."""
        if not self._lock.take():
            raise WorkerBusy("another worker is running on this database file")
        if self._store.sqlite:
            self._free_claims_of_the_dead()
        self._beat()
        for loop in (*self._loops(), *self._mailbox):
            loop.start()
        if isinstance(self._messenger, LineMessenger):
            threading.Thread(target=self._messenger.warm_up, name="warm-up", daemon=True).start()
        self._listener.start()
        log.info("worker %s started", self.id)

    def stop(self, timeout_s: float = 20.0) -> None:
        """Finish what is under way and give back the rest."""
        self._stopped.set()
        for loop in (*self._mailbox, *self._loops()):
            loop.stop(timeout_s)
        self._pool.shutdown(wait=True, cancel_futures=False)
        self.delivery.close()
        self.gateways.close()
        self.photos.close()
        with self._store.writing() as unit:
            leases.drop(unit, HEARTBEAT + self.id, self.id)
        self._lock.give_back()
        log.info("worker %s stopped", self.id)

    def run(self, until: threading.Event) -> None:
        """Work until the event is set."""
        self.start()
        until.wait()
        self.stop()

    def wake_inbox(self) -> None:
        self._inbox.wake()

    def wake_outbox(self) -> None:
        self._outbox.wake()
        self._gateways.wake()

    def _loops(self) -> tuple[Loop, ...]:
        """Those that must turn; a mailbox that hangs is no reason to call the worker dead."""
        return (self._inbox, self._outbox, self._photos, self._gateways, self._beats)

    def _claim_events(self) -> int:
        with self._count:
            free = self._most - self._busy if self._busy <= self._few else 0
        if not free or self._stopped.is_set():
            return (
                0  # the end of a decision wakes this loop; claiming one by one would cost more than deciding
            )
        claimed = self.intake.claim(self._clock(), free)
        with self._count:
            self._busy += len(claimed)
        for start in range(0, len(claimed), TOGETHER):
            together = claimed[start : start + TOGETHER]
            done = self._pool.submit(self.intake.settle, together, self._clock())
            done.add_done_callback(partial(self._decided, len(together)))
        return len(claimed)

    def _decided(self, count: int, future: Future[None]) -> None:
        with self._count:
            self._busy -= count
            hungry = self._busy <= self._few
        if future.exception() is not None:  # the store itself failed: the lease will bring the event back
            log.error("a decision could not be written: %s", type(future.exception()).__name__)
        if hungry:
            self._inbox.wake()

    def _deliver(self) -> int:
        return self.delivery.pass_once(self._clock())

    def _carry(self) -> int:
        return self.gateways.pass_once(self._clock())

    def _beat(self) -> int:
        """A sign of life for /readyz, as long as every loop turns."""
        if all(loop.turning() for loop in self._loops()):
            now = self._clock()
            with self._store.writing() as unit:
                leases.take(unit, HEARTBEAT + self.id, self.id, now, ALIVE_S)
                leases.sweep(unit, HEARTBEAT, now - FORGET_S)
        return 0

    def _free_claims_of_the_dead(self) -> None:
        with self._store.writing() as unit:
            freed = inbox.release_all(unit) + outbox.release_all(unit) + photos.release_all(unit)
        if freed:
            log.warning("freed %s claims of a worker that died", freed)

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                signals.listen(self._store, self._heard, self._stopped.is_set)
            except Exception as error:  # the server went away; polling goes on meanwhile
                log.warning("listening for signals broke off: %s", type(error).__name__)
                self._stopped.wait(1.0)

    def _heard(self, channel: str) -> None:
        if self._store.sqlite and self._busy:
            return  # the change was most likely our own, and what follows from that is woken already
        {
            signals.INBOX: self.wake_inbox,
            signals.OUTBOX: self.wake_outbox,
            signals.PHOTO: self._photos.wake,
        }[channel]()


def _lock_path(store: Store) -> str | None:
    """Beside the SQLite file; None where workers share a server (or the database is in memory)."""
    database = store.engine.url.database
    return f"{database}.worker" if store.sqlite and database and database != ":memory:" else None
