"""One turn of a conversation: who speaks, what is open, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.city import CityBook
from handlers.house import House
from handlers.incoming import Incoming
from handlers.messages.neutral import Message, Text
from handlers.messages.texts import say
from handlers.services.outbox import Post
from nlp import Understanding
from store import Unit
from store.models import Case, Conversation, Person, Role, Webhook
from store.words import AGENCY_ROLES, RoleName


class _Keep:
    """Marks "leave as it is" where None means "close"."""


KEEP: Any = _Keep()
MOST_READ = 5000
"""Characters; LINE's own limit of one message."""


@dataclass(frozen=True)
class Outcome:
    """What a flow answers, and what is open afterwards.

    ``draft``: the report being written; ``asked``: a question of another flow that waits for words or a photo;
    ``focus``: code of the case spoken about. ``KEEP`` leaves a field, None closes it.
    """

    messages: list[Message] = field(default_factory=list)
    draft: Any = KEEP
    asked: Any = KEEP
    focus: Any = KEEP
    secret: bool = False
    """The words hold a code that gives a role: they are blanked once they are sent."""


@dataclass
class Scene:
    """The stage of a decision: time, city, database, outbox. Jobs of the clock have a scene without a speaker."""

    house: House
    unit: Unit
    now: datetime
    machine: float
    """Machine time in seconds since 1970."""

    def __post_init__(self) -> None:
        self.house.take_up_words()
        self.post = Post(self.unit, self.house.render, self.now, self.machine)
        self.hooks: list[Webhook] | None = None
        """Who subscribed to events, once this decision has asked."""
        self.understood: dict[str, Understanding] = {}
        """What words of this decision mean, by the words."""
        self.hears: set[str] = set()
        """Agencies whose own news is being taken in: it is not told back to them."""

    @property
    def book(self) -> CityBook:
        return self.house.book(self.unit)

    def understand(self, text: str) -> Understanding:
        """What the words mean; the same words are read once in a decision."""
        found = self.understood.get(text)
        if found is None:
            found = self.understood[text] = self.house.understander(self.unit).understand(text[:MOST_READ])
        return found


@dataclass
class Talk(Scene):
    """A scene with somebody speaking."""

    incoming: Incoming = None  # type: ignore[assignment]
    person: Person = None  # type: ignore[assignment]
    conversation: Conversation = None  # type: ignore[assignment]
    own_open: list[Case] | None = None
    """The speaker's own open cases, once this decision has asked."""

    @property
    def lang(self) -> str:
        return self.person.language

    def say(self, key: str, **values: object) -> str:
        """A sentence in the speaker's language."""
        return say(self.lang, key, **values)

    def answer(self, key: str, **values: object) -> Outcome:
        """The outcome of saying one sentence and changing nothing."""
        return Outcome([Text(self.say(key, **values))])

    def roles(self, *names: RoleName) -> list[Role]:
        """The speaker's running roles of those names."""
        return [role for role in self.person.roles if role.runs(self.now) and role.name in names]

    @property
    def agencies(self) -> list[str]:
        """Codes of the agencies the speaker may act for."""
        return [role.agency for role in self.roles(*AGENCY_ROLES) if role.agency]

    @property
    def coordinates(self) -> list[str]:
        """Codes of the agencies for which the speaker coordinates."""
        return [role.agency for role in self.roles(RoleName.COORDINATOR) if role.agency]

    @property
    def represents(self) -> list[str]:
        """Codes of the networks the speaker represents."""
        return [role.network for role in self.roles(RoleName.REPRESENTATIVE) if role.network]

    def leads(self, case: Case) -> bool:
        """Whether the speaker decides about the case: her agency leads it, or she coordinates."""
        return case.lead in self.agencies or self.integrates(case)

    def acts_on(self, case: Case) -> bool:
        """Whether the speaker's agency leads the case or helps with it, or she coordinates."""
        mine = set(self.agencies)
        helping = {helper.agency for helper in case.helpers if helper.state != "declined"}
        return bool(mine & ({case.lead} | helping)) or self.integrates(case)

    def integrates(self, case: Case) -> bool:
        """Whether the speaker coordinates for the city or for the integrator of the case's network."""
        return not set(self.book.integrators(case.network)).isdisjoint(self.coordinates)

    def sees_original(self, case: Case) -> bool:
        """Whether she may read the unmasked words: for the lead, as coordinator, or for a public helping agency."""
        helping = (h.agency for h in case.helpers if h.state != "declined" and self.book.is_public(h.agency))
        return bool(set(self.agencies) & {case.lead, *helping}) or self.integrates(case)
