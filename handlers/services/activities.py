"""Activities of a network: called, joined, changed, held, thanked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.rules import gathering, hosts, participation
from handlers.rules.gathering import GOING, LEFT, WAITING
from handlers.talk import Scene
from nlp import mask
from store import Unit
from store.models import Activity, Case, Person, Signup
from store.queries import activities as rows
from store.queries import people
from store.words import RoleName


@dataclass(frozen=True)
class Host:
    """An agency or a representative who may host."""

    agency: str | None = None
    person: int | None = None


def draft(scene: Scene, person: Person, network: str, case: Case | None) -> Activity:
    """An activity that is being prepared; an earlier one that was never called is dropped."""
    rows.drop_drafts(scene.unit, network, person.id)
    made = Activity(
        network=network,
        case_id=case.id if case else None,
        person_id=person.id,
        kind="",
        title="",
        place="",
        state="draft",
        minutes="",
        photos=[],
        created_at=scene.now,
        version=1,
        signups=[],
    )
    scene.unit.add(made)
    scene.unit.flush()
    return made


def next_hosts(scene: Scene, network: str) -> list[Host]:
    """Who could host, the one whose turn it is first: the network's agencies and its representatives in rotation."""
    integrator = scene.book.networks[network].integrator
    at_work = [code for code in rows.agencies_at_work(scene.unit, network) if code in scene.book.agencies]
    agencies = dict.fromkeys([integrator, *at_work])
    found = [Host(agency=code) for code in agencies]
    representatives = people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=network)
    found += [Host(person=person.id) for person in representatives]
    last = {Host(agency, person): when for agency, person, when in rows.hosted(scene.unit, network)}
    return hosts.in_turn(found, last)


def host_name(scene: Scene, host: Host, lang: str) -> str:
    """The agency's short name or the representative's own; empty when nobody knows it."""
    if host.agency:
        return scene.book.agency_name(host.agency, lang)
    found = people.by_ids(scene.unit, [host.person] if host.person else [])
    return found[0].name if found else ""


def join(scene: Scene, activity: Activity, person: Person) -> tuple[str, bool]:
    """Sign up: "going" or "waiting", and whether that is new. The activity's row is locked by the caller's query."""
    known = rows.signup(scene.unit, activity.id, person.id)
    if known is not None and known.state != LEFT:
        return known.state, False
    state = gathering.place(rows.number(scene.unit, activity.id, GOING), activity.most)
    if known is None:
        scene.unit.add(Signup(activity_id=activity.id, person_id=person.id, state=state, at=scene.now))
    else:
        known.state, known.at = state, scene.now
    scene.unit.flush()
    return state, True


def leave(scene: Scene, activity: Activity, person: Person) -> tuple[bool, list[Signup]]:
    """Not coming after all; gives whether she was on a list, and who moves up."""
    known = rows.signup(scene.unit, activity.id, person.id)
    if known is None or known.state == LEFT:
        return False, []
    known.state = LEFT
    scene.unit.flush()
    return True, move_up(scene, activity)


def move_up(scene: Scene, activity: Activity) -> list[Signup]:
    """Give free places to those who have waited longest."""
    waiting = rows.signups(scene.unit, activity.id, (WAITING,))
    going = rows.number(scene.unit, activity.id, GOING)
    risen = waiting[: gathering.moves_up(going, activity.most, len(waiting))]
    for signup in risen:
        signup.state = GOING
    scene.unit.flush()
    return risen


def check_in(scene: Scene, activity: Activity, person: Person) -> bool:
    """She is there, signed up or not; False when she had said so already."""
    known = rows.signup(scene.unit, activity.id, person.id)
    if known is None:
        known = scene.unit.add(
            Signup(activity_id=activity.id, person_id=person.id, state=GOING, at=scene.now)
        )
    if known.came_at is not None:
        return False
    known.came_at, known.state = scene.now, GOING
    scene.unit.flush()
    return True


def new_code(activity: Activity) -> str:
    """A fresh check-in code; only its hash is kept, so an earlier one no longer works."""
    code = gathering.new_code()
    activity.code_hash = gathering.hashed(activity.id, code)
    return code


def with_code(scene: Scene, person: Person, code: str) -> Activity | None:
    """The activity of her networks that runs now and has this code."""
    start, end = scene.now - gathering.OPEN_AFTER, scene.now + gathering.OPENS_BEFORE
    for activity in rows.of_person_between(scene.unit, person.id, start, end):
        if activity.code_hash == gathering.hashed(activity.id, code):
            return activity
    return None


def runs_now(scene: Scene, person: Person) -> bool:
    """Whether an activity of her networks runs for which four digits may be a code."""
    start, end = scene.now - gathering.OPEN_AFTER, scene.now + gathering.OPENS_BEFORE
    return any(a.code_hash for a in rows.of_person_between(scene.unit, person.id, start, end))


def finish(scene: Scene, activity: Activity) -> None:
    activity.state, activity.ended_at = "done", scene.now


def clean(text: str) -> str:
    """Words that others will read, without personal data."""
    return mask(text.strip())


def as_data(unit: Unit, activity: Activity) -> dict[str, Any]:
    """For those who run the installation: numbers, nobody's name."""
    return {
        "activity": activity.id,
        "kind": activity.kind,
        "level": activity.level or participation.of_activity(activity.kind),
        "title": activity.title,
        "starts": _iso(activity.starts_at),
        "place": activity.place,
        "limit": activity.most,
        "host": activity.host_agency or ("representative" if activity.host_id else None),
        "state": activity.state,
        "going": rows.number(unit, activity.id, GOING),
        "waiting": rows.number(unit, activity.id, WAITING),
        "came": rows.came(unit, activity.id),
        "minutes": activity.minutes,
        "photos": len(activity.photos),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
