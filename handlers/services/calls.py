"""Telling a network's members of something: one push each, to those who want to hear, never two questions at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from handlers.messages.neutral import Message
from handlers.services import telling
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
        messages = telling.ride(scene, person, build(person))
        scene.post.send(person, messages, purpose, once=f"{about}-{person.id}")
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
    """The same to every representative, once, not in quiet hours; gives how many were told just now."""
    due = scene.book.next_allowed(scene.now)
    return sum(
        scene.post.send(p, build(p), purpose, once=f"{once}-{p.id}", due_at=due) is not None
        for p in representatives(scene, network)
    )
