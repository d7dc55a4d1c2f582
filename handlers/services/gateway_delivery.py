"""Sends what gateways carry: claim in one transaction, send side by side, write what became of it in another."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from handlers.house import House
from handlers.messages.texts import say
from handlers.ports import Gateway, SendResult, Sent
from handlers.rules import delivery as rules
from handlers.services import notify
from handlers.services.intake import city_time
from handlers.talk import Scene
from store import Store, Unit
from store.queries import cases, gateway_outbox
from store.queries import outbox as rows
from store.queries.outbox import Letter, Outcome
from store.words import RowState

log = logging.getLogger(__name__)

LEASE_S = 180.0
"""Longer than the slowest gateway waits for an answer."""
BATCH = 4
"""One for each sender, so that one slow server holds up no more than that."""

OnParked = Callable[[Unit, Letter, Outcome], None]
"""``on_parked(unit, letter, outcome)``: an agency will not get this; called in the transaction that says so."""


class GatewayDelivery:
    """Delivers the rows of the channels it has a gateway for. Several may run at once: a row is claimed by one."""

    def __init__(
        self,
        store: Store,
        gateways: Mapping[str, Gateway],
        worker: str,
        on_parked: OnParked,
        senders: int = 4,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._worker = worker
        self._on_parked = on_parked
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="gateway")

    def pass_once(self, machine_now: float, city_now: datetime | None = None) -> int:
        """Handle what is due (by the city's clock, looked up unless told), at most one batch; gives how many rows."""
        channels = list(self._gateways)
        if not channels:
            return 0
        with self._store.reading() as unit:
            due_by = city_now or city_time(unit, machine_now)
            if not gateway_outbox.due(unit, channels, machine_now, due_by):
                return 0
        with self._store.writing() as unit:
            letters = gateway_outbox.claim(unit, channels, self._worker, machine_now, due_by, LEASE_S, BATCH)
        started = time.monotonic()
        for letter, result in zip(letters, self._pool.map(self._send, letters), strict=True):
            self._settle(letter, result, machine_now + time.monotonic() - started)
        return len(letters)

    def close(self) -> None:
        self._pool.shutdown()

    def _send(self, letter: Letter) -> SendResult:
        if not letter.messages:
            return SendResult(Sent.REFUSED, "its words were removed")
        try:
            return self._gateways[letter.channel].send(letter)
        except Exception as error:  # a fault of ours must not lose it: it may or may not have gone
            log.exception("the gateway %s failed in an unforeseen way", letter.channel)
            return SendResult(Sent.UNSURE, type(error).__name__)

    def _settle(self, letter: Letter, result: SendResult, now: float) -> None:
        outcome = rules.after_gateway(letter, result, now)
        with self._store.writing() as unit:
            rows.write(unit, [(letter, outcome)], now)
            self._gateways[letter.channel].settled(unit, letter, result, outcome)
            if outcome.state == RowState.PARKED:
                self._on_parked(unit, letter, outcome)


def teller(house: House) -> OnParked:
    """The callback that tells coordinators when an agency can't be reached by its gateway."""

    def tell(unit: Unit, letter: Letter, outcome: Outcome) -> None:
        if letter.agency is None or letter.case_id is None or not letter.messages:
            return
        machine = house.clock()
        now = city_time(unit, machine)
        scene = Scene(house, unit, now, machine)
        case = cases.by_id(unit, letter.case_id)
        if case is not None:
            name = scene.book.agency_name(letter.agency, "th")
            words = say("th", "told.unreached", name=name, code=case.code)
            notify.coordinate(scene, case, "headline.unreached", words, f"unreached-{letter.id}")

    return tell
