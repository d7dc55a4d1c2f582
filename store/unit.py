"""The database as units of work.

A writing unit on SQLite starts with ``BEGIN IMMEDIATE``: two sessions that read and then write would otherwise
lose an update or fail with "database is locked".
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Engine, UpdateBase, create_engine, event, insert, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from store.keys import number_new_rows
from store.turn import Turn

T = TypeVar("T")

REST_S = 1.0
"""A server's connection that was idle for this long is asked whether it still lives before it is used."""
CONNECT_S = 5
"""How long a server that does not answer is waited for: LINE's webhook must hear 503 in time."""


class Unit:
    """One transaction. What is added is saved when the unit ends without an error, all or nothing."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.seen: dict[tuple[type[Any], str], Any] = {}
        """Rows read for the whole unit at once, by kind and key; see ``queries.people.look_up``."""
        self.decisions = 1
        """How many decisions it holds."""
        self._at_end: list[Callable[[], Any]] = []
        self._plain: list[tuple[type[Any], Callable[[], list[dict[str, Any]]]]] = []

    def add(self, row: T) -> T:
        self.session.add(row)
        return row

    def add_plain(self, kind: type[Any], rows: Callable[[], list[dict[str, Any]]]) -> None:
        """Rows nobody will look at in this unit: written after all others (whose ids they may name) in one statement.

        An object for each would cost ten times as much.
        """
        self._plain.append((kind, rows))

    def once(self, kind: type[Any], key: str, ask: Callable[[], T]) -> T:
        """What nobody changes within a unit, asked of the database once in it."""
        if (kind, key) not in self.seen:
            self.seen[kind, key] = ask()
        return cast(T, self.seen[kind, key])

    def at_end(self, step: Callable[[], Any]) -> None:
        """Do something when all else of the unit is done, before it is final."""
        self._at_end.append(step)

    def finish(self) -> None:
        for step in self._at_end:
            step()
        self.flush()

    def flush(self) -> None:
        """Send pending rows to the database so that they have ids; nothing is final before the unit ends."""
        self.session.flush()
        plain, self._plain = self._plain, []
        together = defaultdict[type[Any], list[dict[str, Any]]](list)
        for kind, rows in plain:
            together[kind].extend(rows())
        for kind, found in together.items():
            if found:
                self.session.execute(insert(kind), found)

    def delete(self, row: Any) -> None:
        self.session.delete(row)

    def get(self, kind: type[T], key: Any) -> T | None:
        return self.session.get(kind, key)

    def change(self, statement: UpdateBase) -> int:
        """Run an UPDATE, INSERT or DELETE over everything added so far; gives how many rows it touched."""
        self.flush()
        return cast("CursorResult[Any]", self.session.execute(statement)).rowcount


class Store:
    """The engine and its two kinds of units."""

    def __init__(self, url: str, pool_size: int = 20) -> None:
        self.url = url
        self.engine = make_engine(url, pool_size)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._writing_engine = self.engine.execution_options(saan_write=True)
        self._turn: AbstractContextManager[Any] = (
            Turn(self.engine.url.database) if self.sqlite else nullcontext()
        )

    @contextmanager
    def writing(self, *, signals: bool = True) -> Iterator[Unit]:
        """A unit that may change things; rolled back whole on any error.

        Without ``signals`` other workers are not told of messages it adds to the outbox.
        """
        with self._turn, Session(self._writing_engine, expire_on_commit=False, autoflush=False) as session:
            session.info["signals"] = signals
            if self.sqlite:
                number_new_rows(session)
            with session.begin():
                unit = Unit(session)
                yield unit
                unit.finish()

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """A bare writing transaction, for the few statements that run thousands of times a second."""
        with self._turn, self._writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A writing transaction in which tables may be made anew under rows that refer to them.

        SQLite changes most columns by a new table in the old one's place; meanwhile its links must not be enforced, so
        they are looked over before the end instead. Raises ``RuntimeError`` and keeps nothing when one leads nowhere.
        """
        connection = self.lasting_connection()
        try:
            if self.sqlite:  # has no effect inside a transaction, hence before it
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            with self.writing_on(connection):
                yield connection
                self._look_over(connection)
        finally:
            connection.invalidate()
            connection.close()

    def _look_over(self, connection: Connection) -> None:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if self.sqlite else []
        if broken:
            raise RuntimeError(
                f"rows of {', '.join(sorted({row[0] for row in broken}))} refer to rows that are gone"
            )

    def lasting_connection(self) -> Connection:
        """A connection to keep and hand to ``writing_on`` again and again; close it when it fails."""
        return self._writing_engine.connect()

    @contextmanager
    def writing_on(self, connection: Connection) -> Iterator[None]:
        """A writing transaction on a kept connection: spares taking one from the pool each time."""
        with self._turn, connection.begin():
            yield

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """A unit that only looks."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            with session.begin():
                yield Unit(session)

    def ping(self) -> None:
        """Raise when the database can't be reached or has no schema."""
        with self.engine.connect() as connection:
            connection.execute(text("select 1 from alembic_version")).first()

    def hurry(self) -> None:
        """Commits no longer wait for the disk (SQLite): for what may be lost, such as an invented city."""
        if self.sqlite:
            event.listen(self.engine, "connect", _do_not_wait)
            self.engine.dispose()  # connections made before would still wait

    def close(self) -> None:
        self.engine.dispose()


def make_engine(url: str, pool_size: int = 20) -> Engine:
    """Engine with the settings that make commits durable; creates the folder of a SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        options = {"connect_timeout": CONNECT_S}
        engine = create_engine(url, pool_size=pool_size, max_overflow=10, connect_args=options)
        event.listen(engine, "checkin", _remember_when)
        event.listen(engine, "checkout", partial(_ping_after_rest, engine))
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=pool_size, max_overflow=10, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _remember_when(_connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info["rested_since"] = time.monotonic()


def _ping_after_rest(engine: Engine, connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
    """A connection that lay idle may have lost its server; one in use a moment ago need not be asked each time."""
    since = entry.info.get("rested_since")
    if since is None or time.monotonic() - since < REST_S:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error  # the pool makes a new one


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _do_not_wait(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("saan_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
