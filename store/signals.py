"""Wakes other processes at once on PostgreSQL (LISTEN/NOTIFY); on SQLite they poll.

The outbox signals by itself: whoever adds a row, in whichever process, wakes the workers when it commits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import Session

from store.models import Outbox, Photo

INBOX = "saan_inbox"
OUTBOX = "saan_outbox"
PHOTO = "saan_photo"

_OF_ROWS: dict[type[Any], str] = {Outbox: OUTBOX, Photo: PHOTO}


def notify(connection: Connection, channel: str) -> None:
    """Tell listeners when this transaction commits; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})


def listen(url: str, heard: Callable[[str], None], stopped: Callable[[], bool], check_s: float = 0.5) -> None:
    """Call ``heard(channel)`` for every signal until ``stopped()``; raises psycopg errors when the server is gone."""
    import psycopg  # here, because SQLite never needs it

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for channel in (INBOX, OUTBOX, PHOTO):
            connection.execute(f"LISTEN {channel}".encode())
            heard(channel)  # what came while nobody listened
        while not stopped():
            for signal in connection.notifies(timeout=check_s):
                heard(signal.channel)


@event.listens_for(Session, "after_flush")
def _signal_new_rows(session: Session, _context: Any) -> None:
    kinds = {type(row) for row in session.new}
    for kind in kinds & _OF_ROWS.keys():
        notify(session.connection(), _OF_ROWS[kind])
