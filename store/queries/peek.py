"""A look at the database for commands that also work without a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from store.city_data import CityData
from store.queries import city, learning
from store.unit import Store, Unit

T = TypeVar("T")


class Lessons(NamedTuple):
    """``corrections`` oldest first; ``past``: (text, category) of imported cases.

    ``newest``: the number of the newest correction; None where there is no database of the newest schema.
    """

    corrections: list[learning.CorrectionRow]
    past: list[tuple[str, str]]
    newest: int | None = None


def city_if_there(url: str) -> CityData | None:
    """The loaded city; None when there is no database, no schema or no city. Makes nothing."""
    return _look(url, city.load, None)


def lessons_if_there(url: str, most_of_a_category: int) -> Lessons:
    """What people corrected and what the city's past can teach; nothing without a database."""
    return _look(url, lambda unit: _lessons(unit, most_of_a_category), Lessons([], []))


def _lessons(unit: Unit, most: int) -> Lessons:
    learning.last_training(unit)  # an older schema fails here, before anything is taken from it
    newest = learning.new_corrections(unit, 0).newest
    return Lessons(learning.corrections(unit), learning.past_rows(unit, most), newest)


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
