"""What all resources share: the city at this moment, whose it is, and who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import abort, request

from bot.web.public import language
from handlers.city import CityBook
from handlers.house import NoCity
from handlers.rules.open311 import Refused, Wrong
from handlers.services import api_keys
from handlers.services.intake import city_time
from store import Unit

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

LONGEST_VALUE = 8000


@dataclass(frozen=True)
class Now:
    """The city as it is at this moment."""

    unit: Unit
    book: CityBook
    at: datetime
    lang: str


@dataclass(frozen=True)
class Server:
    wiring: Wiring

    @contextmanager
    def reading(self) -> Iterator[Now]:
        """503 while no city is loaded."""
        with self.wiring.store.reading() as unit:
            try:
                book = self.wiring.house.book(unit)
            except NoCity:
                abort(503)
            yield Now(unit, book, city_time(unit, self.wiring.house.clock()), language())

    def check_jurisdiction(self, asked: str) -> None:
        """One city, so it may be left out; another one is not found here."""
        if not asked:
            return
        with self.reading() as now:
            if asked.casefold() not in (
                jurisdiction(now.book).casefold(),
                now.book.data.city.code.casefold(),
            ):
                raise Refused(Wrong(404, "jurisdiction_id was not found"))

    def asking(self, now: Now) -> int | None:
        """The number of the key that a reader shows; None without one. A wrong one is refused."""
        shown = value("api_key")
        if not shown:
            return None
        found = api_keys.find(now.unit, shown)
        if found is None:
            raise Refused(Wrong(403, "api_key is not valid"))
        return found.id

    def photo(self, token: str) -> str:
        return f"{self.wiring.house.pages}/media/{token}/full.jpg"

    @property
    def address(self) -> str:
        """Where the resources lie."""
        return f"{self.wiring.house.pages}/open311/v2"


def jurisdiction(book: CityBook) -> str:
    city = book.data.city
    return city.jurisdiction or city.code.lower()


def value(name: str) -> str:
    """A parameter of the address; a zero byte, which no text has, is refused."""
    return clean(name, request.args.get(name, ""))


def clean(name: str, text: str) -> str:
    if "\x00" in text or len(text) > LONGEST_VALUE:
        raise Refused(Wrong(400, f"{name[:60]} can't be read"))
    return text.strip()
