"""The morning summary of officials: at eight on their agency's working days, once, and only when there is something."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from handlers.messages.neutral import Button, Card, Line, tap
from handlers.messages.texts import say
from handlers.services import desks
from handlers.talk import Scene
from store.models import Person
from store.queries import people
from store.queries.desk import MOST_COUNTED
from store.words import Purpose

AT = time(8, 0)
TODAY = "today"
"""Beside the lists: promises that end today."""
ONCE = "morning-"
"""How the names of these messages begin in the outbox."""
UNTIL = time(16, 0)
"""A summary of the morning helps nobody in the evening: after a long gap the next one comes tomorrow."""
NEWS = ("new", "overdue", "unassigned", TODAY)
"""What is worth a message; the other lists are shown beside it."""


def send(scene: Scene) -> int:
    """A summary to everybody who works today and has not been thought about yet this morning."""
    local = scene.now.astimezone(scene.book.zone)
    if not AT <= local.time() < UNTIL:
        return 0
    opened = datetime.combine(local.date(), AT, scene.book.zone)
    done = 0
    for person in people.without_summary(scene.unit, opened):
        person.summed_up_at = scene.now
        done += _to(scene, person, opened)
    return done


def _to(scene: Scene, person: Person, opened: datetime) -> int:
    agencies = [code for code in desks.agencies_of(person, scene.now) if _works(scene, code, opened)]
    if not agencies or desks.is_away(person, scene.now):
        return 0
    found = _counted(scene, person, agencies, opened)
    if not any(found[name] for name in NEWS):
        return 0
    once = f"{ONCE}{opened.date().isoformat()}-{person.id}"
    scene.post.send(person, [card(scene, person, agencies, found)], Purpose.DIGEST, once=once)
    return 1


def _counted(scene: Scene, person: Person, agencies: list[str], opened: datetime) -> dict[str, int]:
    """Her lists, and what will be overdue by midnight."""
    desk = desks.desk_of(scene, person, agencies)
    found = desks.counts(scene, desk)
    midnight = opened.replace(hour=0) + timedelta(days=1)
    return {**found, TODAY: desks.overdue_by(scene, desk, midnight) - found["overdue"]}


def _works(scene: Scene, agency: str, opened: datetime) -> bool:
    """Whether the agency opens on that day at all."""
    midnight = opened.replace(hour=0)
    return scene.book.calendar(agency).next_opening(midnight) < midnight + timedelta(days=1)


def card(scene: Scene, person: Person, agencies: list[str], found: dict[str, int]) -> Card:
    """All lists that hold something, one tap each."""
    lang = person.language
    names = ", ".join(scene.book.agency_name(code, lang) for code in agencies)
    held = [(name, n) for name, n in found.items() if n]
    lines = tuple(Line(say(lang, f"list.{name}"), shown(n)) for name, n in held)
    pressing = sorted(
        (name for name, _ in held if name != TODAY), key=lambda name: (name not in NEWS, name != "overdue")
    )
    buttons: tuple[Button, ...] = tuple(
        tap(
            say(lang, "list.button", name=say(lang, f"list.{name}"), n=shown(found[name])),
            "inbox",
            style="main" if index == 0 else "plain",
            list=name,
        )
        for index, name in enumerate(pressing[:3])
    )
    title = say(lang, "morning.title")
    return Card(
        title=title,
        body=names,
        lines=lines,
        buttons=buttons,
        badge=say(lang, "morning.badge"),
        tone="warn" if found["overdue"] else "calm",
        alt=say(lang, "morning.alt", new=shown(found["new"]), overdue=shown(found["overdue"])),
    )


def shown(n: int) -> str:
    """A count as people read it."""
    return f"{MOST_COUNTED - 1}+" if n >= MOST_COUNTED else str(n)
