"""A look at the database for commands that also work without a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from store.city_data import CityData
from store.models import Correction
from store.queries import city
from store.unit import Store, Unit

T = TypeVar("T")


def city_if_there(url: str) -> CityData | None:
    """The loaded city; None when there is no database, no schema or no city. Makes nothing."""
    return _look(url, city.load, None)


def corrections_if_there(url: str) -> list[tuple[str, str]]:
    """Masked texts that officials gave another category, with that category; none without a database."""
    return _look(url, _corrections, [])


def _corrections(unit: Unit) -> list[tuple[str, str]]:
    rows = unit.session.execute(select(Correction.text, Correction.category).order_by(Correction.id))
    return [(text, category) for text, category in rows if text]


def _look(url: str, read: Callable[[Unit], T], nothing: T) -> T:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        return nothing
    store = Store(url, pool_size=1)
    try:
        with store.reading() as unit:
            return read(unit)
    except SQLAlchemyError:
        return nothing
    finally:
        store.close()
