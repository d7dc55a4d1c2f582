"""Finds the cases whose public words or place hold some letters, without reading all of them.

Kept by the database itself: an FTS5 table of threes of letters with triggers on SQLite, an index over an array of them on
PostgreSQL, which is told how to make it, because its own trigrams leave Thai vowels out in many locales. Made by
``saan migrate``, again after any change that lost it. Where it is missing, lists are walked as if it did not exist.
"""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from store.unit import Unit

SHORTEST, MOST = 3, 2000
"""Letters that a word needs to be looked up, and cases beyond which walking a list finds enough sooner."""
NAME = "case_words"
_VALUES = "old.id, old.public_text, old.place_text"
_DELETE = f"INSERT INTO {NAME} ({NAME}, rowid, public_text, place_text) VALUES ('delete', {_VALUES});"
_INSERT = (
    f"INSERT INTO {NAME} (rowid, public_text, place_text) VALUES (new.id, new.public_text, new.place_text);"
)
_TRIGGERS = {
    "new": f'AFTER INSERT ON "case" BEGIN {_INSERT} END',
    "changed": f'AFTER UPDATE OF public_text, place_text ON "case" BEGIN {_DELETE} {_INSERT} END',
    "gone": f'AFTER DELETE ON "case" BEGIN {_DELETE} END',
}
_TABLE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5(public_text, place_text, content='case',"
    " content_rowid='id', tokenize='trigram', detail='none', columnsize=0)"
)
_THREES = (
    "CREATE OR REPLACE FUNCTION saan_threes(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100000"
    " AS $$ SELECT coalesce(array_agg(DISTINCT substr(lower(words), n, 3)), '{}')"
    " FROM generate_series(1, length(words) - 2) AS n $$"
)
_WORDS = "saan_threes(public_text || chr(10) || coalesce(place_text, ''))"
_FOUND = {
    "sqlite": text(f"SELECT rowid FROM {NAME} WHERE {NAME} MATCH :wanted LIMIT {MOST + 1}"),
    "postgresql": text(f'SELECT id FROM "case" WHERE {_WORDS} @> saan_threes(:wanted) LIMIT {MOST + 1}'),
}
_THERE = {
    "sqlite": text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'case_words_%'"),
    "postgresql": text(f"SELECT 3 * count(*) FROM pg_class WHERE relname = '{NAME}'"),
}


def ours(name: str | None) -> bool:
    """Whether a table or index of that name belongs to this index, which no mapped class describes."""
    return bool(name) and str(name).startswith(NAME)


def make(connection: Connection) -> None:
    """Make what is missing. A SQLite without FTS5 goes without."""
    if connection.dialect.name == "sqlite":
        if _known(connection) and not is_there(connection):
            _make_for_sqlite(connection)
    else:
        connection.execute(text(_THREES))
        connection.execute(text(f'CREATE INDEX IF NOT EXISTS {NAME} ON "case" USING gin ({_WORDS})'))


def _known(connection: Connection) -> bool:
    options = {str(row[0]) for row in connection.execute(text("PRAGMA compile_options"))}
    return "ENABLE_FTS5" in options


def _make_for_sqlite(connection: Connection) -> None:
    connection.execute(text(_TABLE))
    for name, body in _TRIGGERS.items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {NAME}_{name}"))
        connection.connection.cursor().execute(f"CREATE TRIGGER {NAME}_{name} {body}")
    connection.execute(text(f"INSERT INTO {NAME} ({NAME}) VALUES ('rebuild')"))


def is_there(connection: Connection) -> bool:
    """Whether the index is whole."""
    return bool(connection.execute(_THERE[connection.dialect.name]).scalar() == 3)


_seen: dict[Engine, bool] = {}


def candidates(unit: Unit, words: str) -> list[int] | None:
    """Ids of the cases that may hold the words, for a closer look at each; None when they are too many, or unknown."""
    connection = unit.session.connection()
    if len(words) < SHORTEST or not _usable(connection):
        return None
    wanted = _all_threes(words) if connection.dialect.name == "sqlite" else words
    found = list(connection.execute(_FOUND[connection.dialect.name], {"wanted": wanted}).scalars())
    return found if len(found) <= MOST else None


def _usable(connection: Connection) -> bool:
    """Looked up once for each database; a missing index is looked for again."""
    if not _seen.get(connection.engine):
        _seen[connection.engine] = is_there(connection)
    return _seen[connection.engine]


def _all_threes(words: str) -> str:
    threes = dict.fromkeys(words[n : n + SHORTEST] for n in range(len(words) - SHORTEST + 1))
    return " AND ".join('"{}"'.format(three.replace('"', '""')) for three in threes)
