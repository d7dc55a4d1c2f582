"""Reads cases in other systems when they are due, and takes hints that something changed there."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.agencies.wire import WireFault, picture
from handlers.house import House
from handlers.incoming import Incoming, Kind
from handlers.ports import Pictures, SendResult, Sent
from handlers.services import bridge_readings
from handlers.services.bridge_readings import HINT, KIND
from store import Store
from store.queries import bridges as rows
from store.queries import inbox
from store.queries.bridges import Due
from store.queries.inbox import ClaimedEvent, NewEvent

log = logging.getLogger(__name__)

LEASE_S = 300.0
BATCH = 4
PICTURE_TRIES = 3
MOST_PICTURES = 8
_TICKET = re.compile(r"[A-Za-z0-9_-]{3,64}", re.ASCII)


class Reader(Protocol):
    """Reads a case of one channel."""

    def read(self, due: Due, group: str) -> tuple[dict[str, Any], dict[str, str]]: ...

    def learned(self) -> dict[str, str]: ...


class BridgeIntake:
    """One look at what is due at a time; nothing is called inside a transaction."""

    def __init__(
        self,
        store: Store,
        house: House,
        readers: Mapping[str, Reader],
        pictures: Pictures,
        private: bool = False,
    ) -> None:
        self._store, self._house, self._readers = store, house, readers
        self._pictures, self._private = pictures, private

    def pass_once(self) -> int:
        """Read what is due, at most one batch; gives how many were read."""
        now, channels = self._house.clock(), list(self._readers)
        with self._store.reading() as unit:
            if not rows.anything_due(unit, channels, now):
                return 0
        with self._store.writing() as unit:
            taken = rows.take_due(unit, channels, now, LEASE_S, BATCH)
            book = self._house.book(unit)
        for due in taken:
            agency = book.agencies.get(due.agency)
            self._read(due, agency.remote_id if agency else "")
        return len(taken)

    def _read(self, due: Due, group: str) -> None:
        reader = self._readers[due.channel]
        try:
            reading, learned = reader.read(due, group)
            self._fetch(due, reading)
        except WireFault as fault:
            known = {**reader.learned(), **fault.result.learned}
            result = SendResult(fault.result.kind, fault.result.detail, fault.result.retry_at, known)
            with self._store.writing() as unit:
                bridge_readings.failed(self._house, unit, due, result)
            return
        with self._store.writing() as unit:
            ok = SendResult(Sent.OK, learned={**reader.learned(), **learned})
            bridge_readings.kept(self._house, unit, due, reading, ok)

    def _fetch(self, due: Due, reading: dict[str, Any]) -> None:
        """Put pictures that are new in the place of their addresses."""
        left = MOST_PICTURES
        parts = [u for u in reading.get("updates", []) if u["key"] not in due.read]
        if due.digest == "" and reading.get("ticket"):
            parts.append(reading["ticket"])
        old = [u for u in reading.get("updates", []) if u["key"] in due.read]
        for part in old:
            part["photos"] = []
        for part in parts:
            kept = [self._keep(due, url) for url in part["photos"][:left]]
            left -= len(kept)
            part["photos"] = [token for token in kept if token]
        if reading.get("ticket") and due.digest:
            reading["ticket"]["photos"] = []

    def _keep(self, due: Due, url: str) -> str | None:
        """The token of a picture that was fetched and stripped; None for what never becomes one."""
        try:
            content = picture(url, self._private)
        except WireFault:
            if due.tries < PICTURE_TRIES:
                raise
            return None
        token = secrets.token_urlsafe(24)
        try:
            self._pictures.keep(token, content)
        except ValueError:
            return None
        return token


def hint(store: Store, body: bytes, now: float) -> bool:
    """Keep what Traffy's webhook said; False when it names no ticket. The same words twice are one hint."""
    try:
        said = json.loads(body)
        number = str(said["ticket_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    if not _TICKET.fullmatch(number):
        return False
    raw = json.dumps({"ticket_id": number})
    event_id = f"traffy-{hashlib.sha256(body).hexdigest()[:48]}"
    lane = bridge_readings.lane_of({"ticket_id": number})
    with store.writing_connection() as connection:
        inbox.store(connection, [NewEvent(event_id, lane, int(now * 1000), HINT, raw, now)])
    return True


KINDS = {HINT: Kind.HINT, KIND: Kind.READING}


def parse(event: ClaimedEvent) -> Incoming:
    """A stored hint or reading as an event for the dispatcher."""
    kind = KINDS[event.kind]
    at = datetime.fromtimestamp(event.at_ms / 1000, UTC)
    return Incoming(event.event_id, kind, event.conversation, at, data={kind.value: event.raw})
