"""Remembers: mapped classes by topic, queries, unit of work, migrations, city folder."""

from store.unit import Store, Unit

__all__ = ["Store", "Unit"]
