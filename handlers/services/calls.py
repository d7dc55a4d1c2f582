"""Rounds among a network's members: who still has to be told of something, and who was asked too lately.

A row is kept of whom a round has reached, so that it goes on in many passes and asks nobody twice. How one message
reaches one person, joined to what waits for her, is ``pushing``'s affair.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from handlers.messages.neutral import Message
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Call, Person
from store.queries import calls as rows
from store.queries import networks, people
from store.words import Purpose, RoleName

AT_ONCE = 500
"""How many members one pass tells; the clock goes on with the others."""
APART = timedelta(hours=4)
"""Between two questions to one person."""

Build = Callable[[Person], list[Message]]


def round_up(
    scene: Scene, network: str, about: str, build: Build, purpose: Purpose, *, asks: bool = True
) -> int:
    """Tell members who were not told of ``about`` yet; gives how many. In quiet hours nobody is.

    ``asks``: it is a question, so people who were asked something just now come later.
    """
    if scene.book.quiet(scene.now):
        return 0
    busy = networks.asked_since(scene.unit, scene.now - APART) if asks else set()
    found = rows.uncalled(scene.unit, network, about, AT_ONCE + len(busy))
    free = [person for person in found if person.id not in busy][:AT_ONCE]
    for person in free:
        scene.unit.add(Call(about=about, person_id=person.id, at=scene.now, asks=asks))
        push(scene, person, build(person), purpose, once=f"{about}-{person.id}")
    scene.unit.flush()
    return len(free)


def note(scene: Scene, about: str, person: Person, *, asks: bool = True) -> None:
    """She knows of it (from a push, or because she did it herself)."""
    if not rows.called(scene.unit, about, person.id):
        scene.unit.add(Call(about=about, person_id=person.id, at=scene.now, asks=asks))
        scene.unit.flush()


def representatives(scene: Scene, network: str) -> list[Person]:
    return people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=network)


def to_representatives(scene: Scene, network: str, build: Build, purpose: Purpose, once: str) -> int:
    """The same question to every representative, once, not in quiet hours; gives how many were asked just now."""
    asked = [
        p for p in representatives(scene, network) if push(scene, p, build(p), purpose, once=f"{once}-{p.id}")
    ]
    for person in asked:
        note(scene, once, person)
    return len(asked)
