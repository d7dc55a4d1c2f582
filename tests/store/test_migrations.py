"""The schema that migrations make is the one that the mapped classes describe."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from store import Store
from store.models import Base, Case, Role
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


def test_an_installation_of_the_first_version_keeps_its_rows_through_every_change(
    store: Store, database_url: str
) -> None:
    _begin_at(store, "0001")
    first = MetaData()
    first.reflect(store.engine)
    with store.writing_connection() as connection:
        for name, given in FIRST_ROWS:
            connection.execute(insert(first.tables[name]).values(_filled(first.tables[name], given)))
    migrate(database_url)
    assert _rows(store) == {name: 1 for name, _ in FIRST_ROWS}
    with store.reading() as unit:
        case = unit.session.scalars(select(Case)).one()
        assert case.reports[0].text == "words" and case.history[0].person_id == case.reports[0].person_id


def test_going_back_to_the_first_version_and_forth_keeps_its_rows(store: Store, database_url: str) -> None:
    test_an_installation_of_the_first_version_keeps_its_rows_through_every_change(store, database_url)
    with store.rebuilding() as connection:
        command.downgrade(config(connection), "0001")
    assert _rows(store) == {name: 1 for name, _ in FIRST_ROWS}
    migrate(database_url)
    assert _rows(store) == {name: 1 for name, _ in FIRST_ROWS}


def test_a_change_that_leaves_links_to_nowhere_is_not_kept(store: Store) -> None:
    if not store.sqlite:
        pytest.skip("only SQLite leaves its links alone while tables are made anew")
    nobodys = insert(Role).values(person_id=404, name="official", since=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(RuntimeError, match="role"), store.rebuilding() as connection:
        connection.execute(nobodys)
    with store.reading() as unit:
        assert unit.session.execute(select(func.count()).select_from(Role)).scalar_one() == 0
    with pytest.raises(IntegrityError), store.writing_connection() as connection:
        connection.execute(nobodys)


FIRST_ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("person", {"id": 1}),
    ("agency", {"code": "WORKS"}),
    ("case", {"id": 1, "code": "LOE69-0001", "lead": "WORKS"}),
    ("report", {"id": 1, "case_id": 1, "person_id": 1, "text": "words"}),
    ("history", {"id": 1, "case_id": 1, "person_id": 1}),
    ("role", {"id": 1, "person_id": 1}),
    ("outbox", {"id": 1, "person_id": 1}),
)


def _begin_at(store: Store, revision: str) -> None:
    """An empty database of an earlier version."""
    with store.rebuilding() as connection:
        command.downgrade(config(connection), revision)


def _filled(table: Table, given: dict[str, Any]) -> dict[str, Any]:
    """A row with something in every column that must have it."""
    needed = [c for c in table.columns if not c.nullable and c.server_default is None and c.name not in given]
    return {c.name: _something(c.type) for c in needed if not (c.name == "id" and c.primary_key)} | given


def _something(kind: Any) -> Any:
    if isinstance(kind, JSON):
        return {}
    return {bool: False, int: 1, float: 0.0, datetime: datetime(2026, 1, 1, tzinfo=UTC)}.get(
        kind.python_type, "x"
    )


def _rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name, _ in FIRST_ROWS
        }
