"""What every decision has at hand, wired once by the composition root."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from handlers.city import CityBook
from handlers.messages.texts import speak
from handlers.ports import Renderer
from nlp import Model, Understander
from store import Unit
from store.queries import city as city_rows

_LOOK_EVERY = 2.0  # seconds between looks whether the city was loaded anew


class NoCity(RuntimeError):
    """No city folder has been loaded yet (``saan seed``)."""


@dataclass
class House:
    """The shared tools of decisions; safe to use from several threads.

    ``base_url`` has no slash at its end. ``model`` gives the classifier when first asked, because loading it costs
    time that a command which never classifies should not pay.
    """

    render: Renderer
    model: Any
    base_url: str
    zone: ZoneInfo
    clock: Any = time.time
    web_url: str = ""
    """Where people open pages, when that is another address than pictures have; no slash at its end."""
    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    """The installation's key: tokens of links and secrets of webhooks follow from it."""
    channels: frozenset[str] = frozenset()
    """Gateways that are switched on: "email", and those of other systems."""
    line_month: int = 0
    """Messages that LINE counts and allows in a month; 0: digests are not held back."""
    mail_replies: bool = False
    """Answers to our mails are read."""
    _book: CityBook | None = field(default=None, repr=False)
    _version: int | None = field(default=None, repr=False)
    _looked: float = field(default=0.0, repr=False)
    _understander: Understander | None = field(default=None, repr=False)
    _turn: int = field(default=0, repr=False)

    def derived(self, purpose: str) -> str:
        """64 hex digits that nobody can tell without the installation's key."""
        return hmac.new(self.secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    @property
    def pages(self) -> str:
        """The address under which people open pages."""
        return self.web_url or self.base_url

    def book(self, unit: Unit) -> CityBook:
        """The city as it is now; read again after another load of the folder. Raises ``NoCity``."""
        moment = self.clock()
        if self._book is None or moment - self._looked > _LOOK_EVERY:
            version = city_rows.version(unit)
            if version != self._version or self._book is None:
                data = city_rows.load(unit)
                if data is None:
                    raise NoCity("no city is loaded: run `saan seed FOLDER`")
                self._book, self._version, self._understander = CityBook(data, self.zone), version, None
            self._looked = moment
        speak(self._book.own_words)
        return self._book

    def take_up_words(self) -> None:
        """Say from now on what the city that was read last says; the program's own before any was read."""
        speak(self._book.own_words if self._book is not None else {})

    def forget_book(self) -> None:
        """Read the city again at the next question: it has just been changed here."""
        self._book = None

    def understander(self, unit: Unit) -> Understander:
        """Reads texts with the city's own names."""
        book = self.book(unit)
        made, turn = self._understander, self._turn
        if made is None:
            model: Model = self.model()
            made = Understander(model, book.gazetteer, book.lexicon)
            if turn == self._turn:  # else another model came into use meanwhile
                self._understander = made
        return made

    def forget_model(self) -> None:
        """Take up another model at the next message."""
        self._turn += 1
        self._understander = None
