"""Several cases of one event, done with in one go: every citizen hears of it once, however many of them are hers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from handlers.messages.neutral import Card, Cards, Message, Text
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import deadlines, lifecycle
from handlers.rules.grid import distance_m
from handlers.services import cases, notify
from handlers.services.cases import Actor
from handlers.services.clocks import due_of
from handlers.talk import Scene
from store.issues import issues
from store.models import Case, Person
from store.queries import cases as rows
from store.words import Purpose, Status

AROUND = timedelta(hours=48)
NEAR_M = 1500.0
"""Metres; a flood or a power cut is seldom wider, and beyond it people mean different places."""
MOST = 20
"""Cases done with in one go: so many still fit on the card that shows them."""
OPEN_FOR_IT = (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS)

Build = Callable[[str, Sequence[Case]], list[Message]]


def cluster(scene: Scene, case: Case) -> list[Case]:
    """Cases of the same lead that are probably the same event, the given one first."""
    found = rows.near_in_time(
        scene.unit, case.lead or "", OPEN_FOR_IT, case.opened_at - AROUND, case.opened_at + AROUND, 200
    )
    group = issues().group(case.category)
    others = [c for c in found if c.id != case.id and issues().group(c.category) == group and _near(case, c)]
    return [case, *others][:MOST]


def _near(one: Case, other: Case) -> bool:
    if None not in (one.lat, one.lon, other.lat, other.lon):
        return distance_m(one.lat or 0, one.lon or 0, other.lat or 0, other.lon or 0) <= NEAR_M
    return one.area is not None and one.area == other.area


def accept(scene: Scene, found: Sequence[Case], actor: Actor) -> list[Case]:
    """Take all that wait; gives those that were taken."""
    taken = [case for case in found if case.status == Status.OFFERED]
    for case in taken:
        cases.accept(scene, case, actor)
    tell(scene, taken, lambda lang, mine: [Text(_accepted(scene, lang, mine))])
    return taken


def _accepted(scene: Scene, lang: str, mine: Sequence[Case]) -> str:
    due = max((d.due_at for c in mine if (d := due_of(c, deadlines.FINISH))), default=scene.now)
    until = moment(due, scene.now, scene.book.zone, lang)
    return say(
        lang, "told.accepted", code=codes(mine), lead=notify.lead_name(scene, mine[0], lang), until=until
    )


def answer(
    scene: Scene, found: Sequence[Case], actor: Actor, text: str, message_id: str | None
) -> list[Case]:
    """The same words to everybody who waits for one of them; what nobody had taken is taken by it."""
    for case in found:
        take(scene, case, actor)
        cases.progress(scene, case, actor, text, message_id)

    def build(lang: str, mine: Sequence[Case]) -> list[Message]:
        name = notify.lead_name(scene, mine[0], lang)
        return [Text(say(lang, "told.progress", code=codes(mine), lead=name, text=shorten(text, 1500)))]

    tell(scene, found, build)
    return list(found)


def finish(
    scene: Scene, found: Sequence[Case], actor: Actor, text: str, message_id: str | None
) -> list[Case]:
    """All are done for the same reason; each reporter is asked about hers in one message."""
    for case in found:
        take(scene, case, actor)
        cases.finish(scene, case, actor, text, message_id, False)
    for person, (purpose, mine) in _readers(scene, found).items():
        shown = tuple(_closing(scene, case, person, text) for case in mine[:10])
        alt = say(person.language, "told.done_alt", code=codes(mine))
        message: Message = shown[0] if len(shown) == 1 else Cards(shown, alt=alt)
        once = f"done-{mine[0].code}-{mine[0].reopened}-{person.id}"
        scene.post.send(person, [message], purpose, case=mine[0], once=once)
    return list(found)


def _closing(scene: Scene, case: Case, person: Person, text: str) -> Card:
    asks = person.id in rows.authors(case)
    return notify.finished_card(scene, case, text, person.language, asks)


def merge(scene: Scene, found: Sequence[Case], actor: Actor) -> tuple[Case, list[Case]]:
    """One case goes on with everybody's reports: the one most people reported, the oldest of equals."""
    into = min(found, key=lambda c: (-c.people, c.opened_at, c.id))
    merged = [c for c in found if c is not into and lifecycle.may(c.status, Status.MERGED, actor.role)]
    readers = _readers(scene, merged)
    for case in merged:
        cases.merge(scene, case, into, actor, tell=False)
    for person, (purpose, mine) in readers.items():
        message = notify.merged_words(scene, codes(mine), into, person.language)
        scene.post.send(person, [message], purpose, case=into, once=f"merged-{mine[0].code}-{person.id}")
    return into, merged


def take(scene: Scene, case: Case, actor: Actor) -> None:
    """Working on an offered case means taking it."""
    if case.status == Status.OFFERED:
        cases.accept(scene, case, actor)


def tell(scene: Scene, found: Sequence[Case], build: Build) -> None:
    """One message for each person, about all of hers."""
    for person, (purpose, mine) in _readers(scene, found).items():
        scene.post.send(person, build(person.language, mine), purpose, case=mine[0])


def _readers(scene: Scene, found: Sequence[Case]) -> dict[Person, tuple[Purpose, list[Case]]]:
    readers: dict[Person, tuple[Purpose, list[Case]]] = {}
    for case in found:
        for person, purpose in notify.hearers(scene, case):
            readers.setdefault(person, (purpose, []))[1].append(case)
    return readers


def codes(found: Sequence[Case]) -> str:
    return ", ".join(case.code for case in found)
