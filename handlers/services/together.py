"""Many people, one problem: following a case, joining it with a report of one's own, merging two cases.

Part of the one writer of cases; others call these as ``cases.follow``, ``cases.join`` and ``cases.merge``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.rules import deadlines, lifecycle
from handlers.services import clocks
from handlers.services import photos as photo_rows
from handlers.services.history import Actor, move, note
from handlers.talk import Scene
from store.models import Case, Follower, Person, Report
from store.queries import cases as rows
from store.words import CaseKind, Status


@dataclass(frozen=True)
class Behalf:
    """For whom somebody else writes. ``channel``: phone, walk_in or representative; name and phone with consent."""

    channel: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class NewReport:
    """What a citizen confirmed."""

    text: str
    masked: str
    category: str
    urgent: bool = False
    emergency: str | None = None
    place_text: str = ""
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    photos: Sequence[str] = ()
    messages: Sequence[str] = ()
    kind: CaseKind = CaseKind.PROBLEM
    to: str | None = None
    """Agency that knows the matter; None = by the routing rules."""
    outside: bool = False
    """The place lies outside the city: the integrator passes it on."""
    behalf: Behalf | None = None


def report_of(scene: Scene, person: Person, new: NewReport, *, joined: bool = False) -> Report:
    """The row of what was confirmed; for somebody without LINE, how she can be reached."""
    found = Report(
        person_id=person.id,
        text=new.text,
        message_ids=list(new.messages),
        created_at=scene.now,
        joined=joined,
        channel="line",
        contact_name="",
        contact_phone="",
    )
    if new.behalf is not None:
        found.channel, found.entered_by = new.behalf.channel, person.id
        found.contact_name, found.contact_phone = new.behalf.name, new.behalf.phone
        found.contact_consented_at = scene.now if new.behalf.name or new.behalf.phone else None
    return found


def follow(scene: Scene, case: Case, person: Person) -> bool:
    """She hears of every step from now on; False when she did already."""
    if person.id in rows.authors(case) or not _add_follower(scene, case, person):
        return False
    note(scene, case, "followed", Actor("citizen", person))
    return True


def _add_follower(scene: Scene, case: Case, person: Person) -> bool:
    if any(f.person_id == person.id for f in case.followers):
        return False
    case.followers.append(Follower(person_id=person.id, since=scene.now))
    return True


def join(scene: Scene, case: Case, person: Person, new: NewReport) -> int:
    """Her report speaks of a case that is there: words and photos are kept with it, and she hears of every step.

    Gives how many people have reported it now. Danger that nobody had told of makes the case urgent.
    """
    if person.id not in rows.authors(case):
        _add_follower(scene, case, person)
    case.reports.append(report_of(scene, person, new, joined=True))
    message = next(iter(new.messages), None)
    note(scene, case, "joined", Actor("citizen", person), text=new.masked, message_id=message)
    for message_id in new.photos:
        photo_rows.take(scene.unit, person, message_id, "before", case, scene.now)
    if new.urgent and not case.urgent:
        _hasten(scene, case, new.emergency)
    case.people = len(rows.reporters(case))
    return case.people


def _hasten(scene: Scene, case: Case, emergency: str | None) -> None:
    """Urgent from now on: where nobody has taken it yet, the answer is due earlier."""
    case.urgent, case.emergency = True, case.emergency or emergency
    promised = next(iter(rows.running_deadlines(case, deadlines.ACK)), None)
    if promised is not None and promised.state == "running":
        hours = scene.book.targets(case.category, True).ack
        due = min(promised.due_at, deadlines.due(scene.now, hours, scene.book.calendar(promised.agency)))
        if due < promised.due_at:
            promised.due_at, promised.next_at, promised.rung = due, due, 0


def merge(scene: Scene, case: Case, into: Case, actor: Actor, *, tell: bool = True) -> None:
    """The same problem as ``into``: reports stay linked, its people follow ``into`` and are told once, promises end.

    Raises ``ForbiddenChange`` where the lifecycle forbids it, and when ``into`` is the case itself or is no case any more.
    """
    from handlers.services import notify  # tells what this module decides

    if into.id == case.id or into.status in (Status.MERGED, Status.REJECTED):
        raise lifecycle.ForbiddenChange(f"{case.code} can't be merged into {into.code}")
    move(scene, case, Status.MERGED, actor, "merged", data={"cases": [into.code]})
    case.merged_into = into.code
    clocks.end_all(scene, case)
    note(scene, into, "merged_in", actor, data={"cases": [case.code]})
    _count_in(scene, case, into)
    for person, _ in notify.hearers(scene, case):
        if person.id not in rows.authors(into):
            _add_follower(scene, into, person)
    into.people = len(rows.reporters(into))
    into.urgent = into.urgent or case.urgent
    if tell:
        notify.merged(scene, case, into)


def _count_in(scene: Scene, case: Case, into: Case) -> None:
    """Who reported a merged case counts for the one that goes on; the words stay where they are."""
    known = set(rows.reporters(into))
    for told in list(case.reports):
        if told.person_id not in known or told.channel != "line":
            known.add(told.person_id)
            into.reports.append(
                Report(
                    person_id=told.person_id,
                    text="",
                    message_ids=[],
                    created_at=scene.now,
                    joined=True,
                    channel=told.channel,
                    entered_by=told.entered_by,
                    contact_name=told.contact_name,
                    contact_phone=told.contact_phone,
                    contact_consented_at=told.contact_consented_at,
                )
            )
