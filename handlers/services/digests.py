"""Digests of representatives: due by each one's rhythm, one push for all her networks, nothing when nothing is new."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from handlers.messages.neutral import Card, Cards, Message
from handlers.rules import rhythm
from handlers.services import digest_cards, digest_facts
from handlers.services import digest_mail as mail
from handlers.services.digest_facts import LISTS as LISTS
from handlers.services.digest_facts import Facts
from handlers.services.digest_facts import Figures as Figures
from handlers.services.pushing import MOST, push
from handlers.talk import Scene
from store.models import Digest, Person
from store.queries import cases as rows
from store.queries import digests as digest_rows
from store.queries import networks as member_rows
from store.queries import people
from store.words import OPEN, Member, Purpose, Status

MOST_CARDS = 9
"""Side by side for one network: LINE takes twelve and 50 KB."""
FIRST = timedelta(days=7)
"""What the very first digest looks back on."""


def start(scene: Scene) -> datetime:
    """Since when "new" counts when somebody asks by hand: the last week."""
    return scene.now - FIRST


def collect(scene: Scene, network: str, since: datetime) -> Figures:
    """Cases of the network: new since, overdue now, finished since."""
    return rows.in_network(scene.unit, network, since, scene.now)


def counts(scene: Scene, network: str) -> dict[str, int]:
    """How many cases are open and how many were ever finished."""
    by_status = rows.network_counts(scene.unit, network)
    done = by_status.get(Status.DONE, 0) + by_status.get(Status.CLOSED, 0)
    return {"open": sum(by_status.get(status, 0) for status in OPEN), "done": done}


def on_demand(scene: Scene, network: str, person: Person) -> list[Message]:
    """The cover alone, for whoever looks now."""
    facts = digest_facts.collect(scene, network, start(scene))
    return [digest_cards.cover(scene, facts, person.language)]


def send_due(scene: Scene) -> int:
    """Send what is due now; gives how many networks' digests went out. In quiet hours none does."""
    if scene.book.quiet(scene.now):
        return 0
    mine: dict[int, list[str]] = defaultdict(list)
    known: dict[int, Person] = {}
    for person, network in people.representatives(scene.unit):
        known[person.id] = person
        if network in scene.book.networks and network not in mine[person.id]:
            mine[person.id].append(network)
    facts: dict[tuple[str, datetime], Facts] = {}
    return sum(_one(scene, known[key], networks, facts) for key, networks in mine.items())


def _one(scene: Scene, person: Person, networks: list[str], known: dict[tuple[str, datetime], Facts]) -> int:
    """Everything that is due for one person, as one push."""
    parts: list[list[Card]] = []
    for network in networks:
        last = digest_rows.latest(scene.unit, network, person.id)
        if not rhythm.due(
            _every(scene, person, network), last.at if last else None, scene.now, scene.book.zone
        ):
            continue
        since = last.at if last is not None else start(scene)
        if (network, since) not in known:
            known[network, since] = digest_facts.collect(scene, network, since)
        facts = known[network, since]
        if last is not None and not rhythm.worth_sending(facts.news(last), last.at, since, scene.now):
            continue
        if last is None and not facts.news(None):
            continue
        parts.append(_made(scene, person, facts, last, len(networks)))
    if not parts:
        return 0
    once = f"digest-{person.id}-{rhythm.period(scene.now, scene.book.zone)}"
    push(scene, person, _packed(parts), Purpose.DIGEST, once=once)
    address = digest_rows.mails_of(scene.unit, [person.id]).get(person.id)
    if address is not None:
        mail.to_person(scene, person, address, [card for cards in parts for card in cards], once)
    return len(parts)


def _every(scene: Scene, person: Person, network: str) -> str:
    member = member_rows.membership(scene.unit, network, person.id)
    return member.every if member is not None and member.state == Member.ACTIVE else "daily"


def _made(scene: Scene, person: Person, facts: Facts, last: Digest | None, networks: int) -> list[Card]:
    """Note the digest, which its buttons name, and build its cards."""
    period = rhythm.period(scene.now, scene.book.zone)
    row = Digest(
        network=facts.network,
        person_id=person.id,
        period=period,
        at=scene.now,
        figures=facts.kept(),
        sent=True,
    )
    scene.unit.add(row)
    scene.unit.flush()
    most = MOST_CARDS if networks <= MOST else 2
    return digest_cards.whole(scene, facts, person.language, row, last, most)


def _packed(parts: list[list[Card]]) -> list[Message]:
    """One group of cards per network; more networks than LINE takes messages share the last group."""
    groups = parts if len(parts) <= MOST else [*parts[: MOST - 1], sum(parts[MOST - 1 :], [])[:12]]
    return [
        group[0] if len(group) == 1 else Cards(tuple(group), alt=group[0].alt or group[0].title)
        for group in groups
    ]
