"""A look at the city for commands that also work without a database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from store.city_data import CityData
from store.queries import city
from store.unit import Store


def city_if_there(url: str) -> CityData | None:
    """The loaded city; None when there is no database, no schema or no city. Makes nothing."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        return None
    store = Store(url, pool_size=1)
    try:
        with store.reading() as unit:
            return city.load(unit)
    except SQLAlchemyError:
        return None
    finally:
        store.close()
