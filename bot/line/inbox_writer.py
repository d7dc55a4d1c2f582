"""Group commit: requests that arrive together share one transaction, and each waits until its own is committed.

A commit waits for the disk; with one commit per request the disk would set the pace, with one for all that gathered
meanwhile it does not. The first request to come writes for all that wait, then hands on to the next: there is no
thread to start, to switch to, or to lose in a fork.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Sequence

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from store import Store
from store.queries import inbox
from store.queries.inbox import NewEvent

log = logging.getLogger(__name__)

PATIENCE_S = 8.0
"""How long a request waits for its commit before it answers 503. LINE then delivers again, and knows the event's id."""
MOST_REQUESTS = 500
BUSY_S, GATHER_S = 0.005, 0.002
"""When commits follow each other this closely, more requests are on their way: wait a moment and take them along."""


class _Ticket:
    """One request's rows, and how storing them ended."""

    __slots__ = ("called", "error", "leads", "rows")

    def __init__(self, rows: Sequence[NewEvent]) -> None:
        self.rows = rows
        self.called = (
            threading.Lock()
        )  # cheaper than an Event: locked until the rows are stored or it is to lead
        self.called.acquire()
        self.leads = False
        self.error: BaseException | None = None


class InboxWriter:
    """Stores the events of many requests at once. One per process; make its store after a server has forked."""

    def __init__(self, store: Store, stored: Callable[[], None] = lambda: None) -> None:
        """``stored`` is called after each commit, to wake a worker in the same process."""
        self._store = store
        self._stored = stored
        self._begin_anew()
        anew = weakref.WeakMethod(self._begin_anew)
        os.register_at_fork(after_in_child=lambda: (anew() or bool)())

    def _begin_anew(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._led = False
        self._last_commit = 0.0
        self._connection: Connection | None = None

    def store(self, events: Sequence[NewEvent]) -> None:
        """Return when the events are committed; raises whatever kept them from it, or TimeoutError."""
        if not events:
            return
        ticket = _Ticket(events)
        with self._guard:
            self._waiting.append(ticket)
            ticket.leads = not self._led
            self._led = True
        if ticket.leads or self._waits_to_lead(ticket):
            self._lead()
        if ticket.error is not None:
            raise ticket.error

    def _waits_to_lead(self, ticket: _Ticket) -> bool:
        """Wait for the commit of somebody else, or for the turn to lead."""
        if not ticket.called.acquire(timeout=PATIENCE_S):
            with self._guard:
                if not ticket.leads:
                    if ticket in self._waiting:
                        self._waiting.remove(ticket)
                    raise TimeoutError("the store did not answer in time")
        return ticket.leads

    def _lead(self) -> None:
        """Write for everybody who waits (oneself among them), then call the next."""
        if time.monotonic() - self._last_commit < BUSY_S:
            time.sleep(GATHER_S)
        with self._guard:
            tickets, self._waiting = self._waiting[:MOST_REQUESTS], self._waiting[MOST_REQUESTS:]
        try:
            self._commit(tickets)
        finally:
            self._last_commit = time.monotonic()
            with self._guard:
                self._led = bool(self._waiting)
                if self._led:
                    self._waiting[0].leads = True
                    self._waiting[0].called.release()

    def _commit(self, tickets: list[_Ticket]) -> None:
        try:
            self._write([row for ticket in tickets for row in ticket.rows])
        except Exception as error:
            unreachable = isinstance(error, OperationalError | InterfaceError)
            if len(tickets) == 1 or unreachable:
                _finish(tickets, error)
            else:  # one request's rows spoil the others': each for itself
                for ticket in tickets:
                    self._commit([ticket])
        else:
            _finish(tickets, None)

    def _write(self, rows: list[NewEvent]) -> None:
        fresh = self._connection is None
        try:
            self._write_once(rows)
        except DBAPIError as error:
            if fresh or not error.connection_invalidated:
                raise
            self._write_once(rows)  # the kept connection had died since the last request
        try:
            self._stored()
        except Exception:
            log.exception("waking the worker failed")

    def _write_once(self, rows: list[NewEvent]) -> None:
        if self._connection is None:
            self._connection = self._store.lasting_connection()
        try:
            with self._store.writing_on(self._connection):
                inbox.store(self._connection, rows)
        except BaseException:
            self._connection.close()
            self._connection = None
            raise


def _finish(tickets: list[_Ticket], error: BaseException | None) -> None:
    for ticket in tickets:
        ticket.error = error
        if not ticket.leads:
            ticket.called.release()
