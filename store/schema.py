"""The schema brought up to date, without an ini file.

For developers: ``python -m store.schema "what changed"`` writes the next migration from the models.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from store import word_index
from store.unit import Store

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x5AA1


def migrate(url: str) -> None:
    """Bring the database to the newest schema; does nothing when it is there. Safe to run twice at once."""
    store = Store(url)
    try:
        with store.rebuilding() as connection:
            if not store.sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            command.upgrade(config(connection), "head")
            word_index.make(connection)
    finally:
        store.close()


def heads() -> list[str]:
    """The newest migrations; more than one means that two people branched."""
    return ScriptDirectory.from_config(config()).get_heads()


def is_newest(store: Store) -> bool:
    """Whether the database has the newest schema; raises when it can't be reached."""
    with store.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(heads())


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; commands run inside the transaction of ``connection``."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _write_next(message: str) -> None:
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/fresh.db")
        with store.rebuilding() as connection:
            command.upgrade(config(connection), "head")
            number = f"{len(list((_FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04d}"
            command.revision(config(connection), message, autogenerate=True, rev_id=number)
        store.close()


if __name__ == "__main__":
    _write_next(" ".join(sys.argv[1:]) or "change")
