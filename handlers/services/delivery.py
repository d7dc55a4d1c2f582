"""Sends what the outbox holds: claim and mark in one transaction, send side by side, write outcomes in another."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import repeat

from handlers.ports import Messenger, SendResult, Sent
from handlers.rules import delivery as rules
from handlers.services.intake import city_time
from store import Store, Unit
from store.queries import leases, news
from store.queries import outbox as rows
from store.queries.outbox import Letter, Outcome
from store.words import RowState

log = logging.getLogger(__name__)

LEASE_S = 30.0
"""Longer than two sends that time out one after the other (see the messenger's time-outs)."""
BATCH = 32
RATE_PAUSE_S = 1.0
MONTHLY_LEASE = "line:monthly_limit"
"""Lease that runs while LINE refuses pushes because the month's messages are spent."""
MONTHLY_LEASE_S = 3600.0


class Delivery:
    """Delivers on behalf of one worker.

    ``counts(to)``: how many messages LINE counts for one push to that address (a group counts its members).
    Several may run at once, in threads or processes: a row is claimed by one.
    """

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        worker: str,
        senders: int = 16,
        counts: Callable[[str], int] = lambda _to: 1,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._worker = worker
        self._counts = counts
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="send")
        self._not_before = 0.0

    def pass_once(self, machine_now: float, city_now: datetime | None = None) -> int:
        """Handle what is due (by the city's clock, looked up unless told), at most one batch; gives how many rows.

        Times: see ``rules.delivery``.
        """
        if machine_now < self._not_before:
            return 0
        with self._store.writing() as unit:
            due_by = city_now or city_time(unit, machine_now)
            letters = rows.claim(unit, self._worker, machine_now, due_by, LEASE_S, BATCH)
            shared = [letter.id for letter in letters if letter.many]
            people = news.recipients(unit, shared) if shared else {}
        if not letters:
            return 0
        started = time.monotonic()

        def clock() -> float:
            return machine_now + time.monotonic() - started

        def deliver(letter: Letter, clock: Callable[[], float]) -> Outcome:
            return (
                self._to_many(letter, people.get(letter.id, []), clock)
                if letter.many
                else self._deliver(letter, clock)
            )

        outcomes = list(zip(letters, self._pool.map(deliver, letters, repeat(clock)), strict=True))
        with self._store.writing() as unit:
            rows.write(unit, outcomes, clock())
            self._remember_limit(unit, outcomes, clock())
        return len(letters)

    def close(self) -> None:
        self._pool.shutdown()

    def _deliver(self, letter: Letter, clock: Callable[[], float]) -> Outcome:
        if letter.reply_token is None:
            result = self._send(lambda: self._messenger.push(letter.to, letter.messages, letter.retry_key))
            self._slow_down(result, clock())
            counted = self._counts(letter.to) if result.kind in (Sent.OK, Sent.DUPLICATE) else 0
            return rules.after_push(letter, result, clock(), counted)
        instead = rules.before_reply(letter, clock())
        if instead is not None:
            return instead
        token = letter.reply_token
        result = self._send(lambda: self._messenger.reply(token, letter.messages))
        self._slow_down(result, clock())
        return rules.after_reply(letter, result, clock())

    def _to_many(self, letter: Letter, people: list[str], clock: Callable[[], float]) -> Outcome:
        """One multicast to those who are still there; with nobody left it needs no sending."""
        if not people:
            return Outcome(RowState.REMOVED, reason="nobody is left")
        result = self._send(lambda: self._messenger.multicast(people, letter.messages, letter.retry_key))
        self._slow_down(result, clock())
        return rules.after_push(letter, result, clock(), len(people))

    def _send(self, call: Callable[[], SendResult]) -> SendResult:
        try:
            return call()
        except Exception as error:  # a fault of ours must not lose the message: it may or may not have gone
            log.exception("a send failed in an unforeseen way")
            return SendResult(Sent.UNSURE, type(error).__name__)

    def _slow_down(self, result: SendResult, now: float) -> None:
        if result.kind == Sent.RATE:
            self._not_before = now + RATE_PAUSE_S

    def _remember_limit(self, unit: Unit, outcomes: list[tuple[Letter, Outcome]], now: float) -> None:
        if any(outcome.reason == rules.MONTHLY_LIMIT for _, outcome in outcomes):
            leases.take(unit, MONTHLY_LEASE, "line", now, MONTHLY_LEASE_S)
