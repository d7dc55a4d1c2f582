"""Group commit: requests that arrive together share one transaction, and each waits until its own is committed.

A commit waits for the disk; with one commit per request the disk would set the pace, with one for all that gathered
meanwhile it does not.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence

from sqlalchemy.exc import InterfaceError, OperationalError

from store import Store, signals
from store.queries import inbox
from store.queries.inbox import NewEvent

log = logging.getLogger(__name__)

PATIENCE_S = 8.0
"""How long a request waits for its commit before it answers 503. The commit may still happen; then the event that
LINE delivers again is known by its id."""
MOST_ROWS = 500


class _Ticket:
    """One request's rows, and how storing them ended."""

    __slots__ = ("done", "error", "rows")

    def __init__(self, rows: Sequence[NewEvent]) -> None:
        self.rows = rows
        self.done = threading.Lock()  # cheaper than an Event: locked until the rows are stored
        self.done.acquire()
        self.error: BaseException | None = None


class InboxWriter:
    """One writing thread per process, started at the first event (so after a server has forked)."""

    def __init__(self, store: Store, stored: Callable[[], None] = lambda: None) -> None:
        """``stored`` is called after each commit, to wake a worker in the same process."""
        self._store = store
        self._stored = stored
        self._waiting: list[_Ticket] = []
        self._wake = threading.Condition(threading.Lock())
        self._pid = 0

    def store(self, events: Sequence[NewEvent]) -> None:
        """Return when the events are committed; raises whatever kept them from it, or TimeoutError."""
        if not events:
            return
        ticket = _Ticket(events)
        with self._wake:
            if self._pid != os.getpid():
                self._start()
            self._waiting.append(ticket)
            self._wake.notify()
        if not ticket.done.acquire(timeout=PATIENCE_S):
            raise TimeoutError("the store did not answer in time")
        if ticket.error is not None:
            raise ticket.error

    def _start(self) -> None:
        self._pid = os.getpid()
        self._waiting = []  # tickets that a fork copied belong to the parent
        threading.Thread(target=self._run, name="inbox-writer", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
                tickets, self._waiting = self._waiting[:MOST_ROWS], self._waiting[MOST_ROWS:]
            self._commit(tickets)

    def _commit(self, tickets: list[_Ticket]) -> None:
        try:
            self._write([row for ticket in tickets for row in ticket.rows])
        except (OperationalError, InterfaceError) as error:
            _finish(tickets, error)
        except Exception as error:
            if len(tickets) == 1:
                _finish(tickets, error)
            else:  # one request's rows spoil the others': each for itself
                for ticket in tickets:
                    self._commit([ticket])
        else:
            _finish(tickets, None)

    def _write(self, rows: list[NewEvent]) -> None:
        with self._store.writing_connection() as connection:
            inbox.store(connection, rows)
            signals.notify(connection, signals.INBOX)
        try:
            self._stored()
        except Exception:
            log.exception("waking the worker failed")


def _finish(tickets: list[_Ticket], error: BaseException | None) -> None:
    for ticket in tickets:
        ticket.error = error
        ticket.done.release()
