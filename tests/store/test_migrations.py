"""The schema that migrations make is the one that the mapped classes describe."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from store import Store
from store.models import Base
from store.schema import config, heads, migrate
from store.word_index import ours


def test_there_is_one_newest_migration() -> None:
    assert len(heads()) == 1


def test_migrations_give_the_same_schema_as_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": lambda name, *_: not ours(name)}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_indexes_of_open_rows_stay_partial(store: Store) -> None:
    partial = {
        index["name"]
        for table in ("inbox", "outbox")
        for index in inspect(store.engine).get_indexes(table)
        if any(key.endswith("_where") for key in index.get("dialect_options", {}))
    }
    assert partial >= {"ix_inbox_open", "ix_inbox_due", "ix_outbox_open", "ix_outbox_due"}


def test_migrating_again_changes_nothing(database_url: str, store: Store) -> None:
    migrate(database_url)
    store.ping()


def test_two_processes_may_migrate_at_once(store: Store, database_url: str) -> None:
    with store.writing_connection() as connection:
        if store.sqlite:
            connection.execute(text("DROP TABLE case_words"))  # its parts go with it
        for table in reversed(inspect(connection).get_table_names()):
            cascade = "" if store.sqlite else " CASCADE"
            connection.execute(text(f'DROP TABLE "{table}"{cascade}'))
    faults: list[BaseException] = []

    def run() -> None:
        try:
            migrate(database_url)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    store.ping()


def test_a_city_in_use_is_brought_to_the_newest_schema_with_everybody_in_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/used.db"
    used = Store(url)
    with used.changing_connection() as connection:
        command.upgrade(config(connection), "0014")
    with used.writing_connection() as connection:
        columns = {row[1]: (row[2], row[3]) for row in connection.execute(text("PRAGMA table_info(person)"))}
        needed = {name: _anything(kind) for name, (kind, strict) in columns.items() if strict}
        names, marks = ", ".join(needed), ", ".join(f":{name}" for name in needed)
        connection.execute(text(f"INSERT INTO person ({names}) VALUES ({marks})"), {**needed, "id": 1})
        since = {"at": "2026-01-01 00:00:00.000000"}
        connection.execute(
            text("INSERT INTO role (id, person_id, name, since) VALUES (1, 1, 'administrator', :at)"), since
        )
    used.close()
    migrate(url)
    again = Store(url)
    with again.engine.connect() as connection:
        assert connection.execute(text("SELECT person_id FROM role")).scalars().all() == [1]
        assert connection.execute(text("SELECT id FROM person")).scalars().all() == [1]
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    again.close()


def _anything(kind: str) -> object:
    return 0 if kind.startswith(("INT", "BIGINT", "BOOL", "FLOAT")) else "2026-01-01 00:00:00.000000"
