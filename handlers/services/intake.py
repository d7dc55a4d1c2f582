"""Decides what came in: one event of a conversation at a time, each in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.incoming import Incoming
from store import Store, Unit
from store.queries import cases, city, inbox, networks, people
from store.queries.inbox import ClaimedEvent
from store.words import RowState

log = logging.getLogger(__name__)

Decide = Callable[[Unit, Incoming, datetime, int], None]
"""``decide(unit, incoming, now, inbox_id)``: everything that follows from the event, in that unit."""
Parse = Callable[[ClaimedEvent], Incoming | None]
"""The event in our words; None when there is nothing to do; ValueError when it can't be read."""

LEASE_S = 30.0
DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds until the next try after each failure; then the event is parked."""
MOST_CLAIMS = 12
"""An event that was claimed this often without an end kills whoever decides it, and is parked unseen."""


@dataclass(frozen=True)
class Intake:
    """Takes events on behalf of one worker; any number of threads may decide what one of them claimed.

    ``decided`` is called after each commit with the outbox possibly filled.
    """

    store: Store
    parse: Parse
    decide: Decide
    worker: str
    decided: Callable[[], None] = lambda: None

    def claim(self, machine_now: float, count: int) -> list[ClaimedEvent]:
        """Up to ``count`` events of as many conversations, held for ``LEASE_S``."""
        with self.store.writing_connection() as connection:
            return inbox.claim(connection, self.worker, machine_now, LEASE_S, count)

    def settle(self, events: Sequence[ClaimedEvent], machine_now: float) -> None:
        """Decide claimed events of different conversations in one transaction, which costs far less than one each.

        When one of them fails nothing is kept of any, and each is decided by itself: what goes wrong then is
        written to its row, not raised.
        """
        ready = [(event, said) for event in events if (said := self._read(event, machine_now)) is not None]
        if len(ready) > 1:
            try:
                self._decide(ready, machine_now)
                return
            except Exception as error:  # found again, with its event, below
                log.warning("%s events are decided one by one after %s", len(ready), type(error).__name__)
        for event, said in ready:
            try:
                self._decide([(event, said)], machine_now)
            except Exception as error:  # any fault of a decision is rolled back and tried again
                log.exception("event %s could not be decided (try %s)", event.id, event.attempts)
                self._fail(event, machine_now, _name(error))

    def run_once(self, machine_now: float, count: int = 16) -> int:
        """Claim and decide; gives how many. For tests and single-threaded use."""
        events = self.claim(machine_now, count)
        self.settle(events, machine_now)
        return len(events)

    def _read(self, event: ClaimedEvent, machine_now: float) -> Incoming | None:
        """The event in our words; None when its row is settled already."""
        if event.attempts > MOST_CLAIMS:
            self._park(event, machine_now, "whoever decided it died, again and again")
            return None
        try:
            incoming = self.parse(event)
        except ValueError as error:
            self._skip(event, machine_now, f"unreadable: {_name(error)}")
            return None
        if incoming is None:
            self._skip(event, machine_now, "nothing to do")
        return incoming

    def _decide(self, ready: Sequence[tuple[ClaimedEvent, Incoming]], machine_now: float) -> None:
        with self.store.writing(signals=False) as unit:  # whoever decides also delivers: see ``decided``
            held = inbox.hold(unit, [event for event, _ in ready])
            ids = {event.id for event in held}  # of the others the lease ran out and somebody else took over
            mine = [(event, incoming) for event, incoming in ready if event.id in ids]
            if not mine:
                return
            if len(mine) > 1:
                unit.decisions = len(mine)
                users = {incoming.user for _, incoming in mine if incoming.user}
                known = people.look_up(unit, users, [incoming.conversation for _, incoming in mine])
                cases.look_up_open(unit, known)
                networks.look_up(unit, known)
            now = city_time(unit, machine_now)
            for event, incoming in mine:
                self.decide(unit, incoming, max(now, incoming.at), event.id)
            inbox.settle(unit, held, RowState.DONE, machine_now)
        self.decided()

    def _skip(self, event: ClaimedEvent, machine_now: float, reason: str) -> None:
        with self.store.writing() as unit:
            inbox.settle(unit, [event], RowState.SKIPPED, machine_now, reason)

    def _fail(self, event: ClaimedEvent, machine_now: float, reason: str) -> None:
        if event.attempts > len(DELAYS):
            self._park(event, machine_now, reason)
            return
        with self.store.writing() as unit:
            inbox.postpone(unit, event, machine_now + DELAYS[event.attempts - 1], reason)

    def _park(self, event: ClaimedEvent, machine_now: float, reason: str) -> None:
        with self.store.writing() as unit:
            inbox.park(unit, event, machine_now, reason)


def city_time(unit: Unit, machine_now: float) -> datetime:
    """The city's clock: the machine's plus the stored offset."""
    return datetime.fromtimestamp(machine_now, UTC) + timedelta(seconds=city.clock_offset(unit))


def _name(error: BaseException) -> str:
    """Class and first line of an error. Values that SQL errors quote are left out: they may be personal."""
    first_line = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
    return f"{type(error).__name__}: {first_line}"[:300]
