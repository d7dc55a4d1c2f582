"""Run by Alembic: migrations work on the connection that ``store.schema`` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from store.models import Base
from store.types import UtcTime
from store.word_index import ours


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our column types by their names, so that a migration reads and means the same on both engines."""
    if kind == "type" and isinstance(item, UtcTime):
        return "store.types.UtcTime()"
    if kind == "type" and isinstance(item, JSON):
        return "store.types.Data"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite can't alter most columns in place
    compare_type=True,
    render_item=_render,
    include_name=lambda name, _kind, _parents: not ours(name),
)
with context.begin_transaction():
    context.run_migrations()
