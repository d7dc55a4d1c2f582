"""Remembers: mapped classes by topic, queries, unit of work, migrations, city folder."""

from store import signals as _signals  # noqa: F401  (new outbox rows wake other processes)
from store.unit import Store, Unit

__all__ = ["Store", "Unit"]
