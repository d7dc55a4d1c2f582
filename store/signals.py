"""Wakes other processes: at once on PostgreSQL (LISTEN/NOTIFY), within a few hundredths of a second on SQLite.

The outbox signals by itself: whoever adds a row, in whichever process, wakes the workers when it commits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import Session

from store.models import Outbox, Photo

if TYPE_CHECKING:
    from store.unit import Store

INBOX = "saan_inbox"
OUTBOX = "saan_outbox"
PHOTO = "saan_photo"
CHANNELS = (INBOX, OUTBOX, PHOTO)
CHECK_S = 0.5
"""How often a listener looks whether it is to stop."""
WATCH_S = 0.025
"""How often a SQLite file is looked at."""

_OF_ROWS: dict[type[Any], str] = {Outbox: OUTBOX, Photo: PHOTO}


def notify(connection: Connection, channel: str) -> None:
    """Tell listeners when this transaction commits; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})


def listen(store: Store, heard: Callable[[str], None], stopped: Callable[[], bool]) -> None:
    """Call ``heard(channel)`` for every signal until ``stopped()``; raises driver errors when the database is gone.

    On SQLite any change of the file by another connection is a signal on every channel.
    """
    (_watch_file if store.sqlite else _listen_to_server)(store, heard, stopped)


def _listen_to_server(store: Store, heard: Callable[[str], None], stopped: Callable[[], bool]) -> None:
    import psycopg  # here, because SQLite never needs it

    address = make_url(store.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for channel in CHANNELS:
            connection.execute(f"LISTEN {channel}".encode())
            heard(channel)  # what came while nobody listened
        while not stopped():
            for signal in connection.notifies(timeout=CHECK_S):
                heard(signal.channel)


def _watch_file(store: Store, heard: Callable[[str], None], stopped: Callable[[], bool]) -> None:
    connection = store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        seen = None
        while not stopped():
            version = cursor.execute(
                "PRAGMA data_version"
            ).fetchone()  # a look into shared memory: microseconds
            if version != seen:
                seen = version
                for channel in CHANNELS:
                    heard(channel)
            time.sleep(WATCH_S)
    finally:
        connection.close()


@event.listens_for(Session, "after_flush")
def _signal_new_rows(session: Session, _context: Any) -> None:
    kinds = {type(row) for row in session.new}
    for kind in kinds & _OF_ROWS.keys():
        if kind is Outbox and not session.info.get("signals", True):
            continue
        notify(session.connection(), _OF_ROWS[kind])
