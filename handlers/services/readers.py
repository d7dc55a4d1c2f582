"""Who reads what is meant for an agency: those on duty, substitutes, whoever has the case, heads and coordinators."""

from __future__ import annotations

from handlers.rules import duty
from handlers.talk import Scene
from store.models import Case, Person
from store.queries import people
from store.words import RoleName


def staff_of(scene: Scene, *agencies: str) -> list[tuple[str, Person]]:
    """(role, person) of the last named agency; what is named is asked of the database at once."""
    return people.staff(scene.unit, agencies, scene.now)[agencies[-1]]


def officials_of(scene: Scene, agency: str | None) -> list[Person]:
    """People of the agency who are on duty and the substitutes of others; all of them when nobody is."""
    found = {person.id: person for _, person in staff_of(scene, agency or "")}
    return [found[number] for number in duty.readers([duty_of(p) for p in found.values()], scene.now)]


def duty_of(person: Person) -> duty.Duty:
    return duty.Duty(person.id, person.on_duty, person.away_until, person.substitute_id)


def workers_of(scene: Scene, agency: str, case: Case | None = None) -> list[Person]:
    """Who is reminded first: who has the case, else the officials; the head only where nobody else is there."""
    hands = hands_of(scene, case) if case is not None and case.lead == agency else []
    found, heads = officials_of(scene, agency), heads_of(scene, agency)
    return hands or [person for person in found if person not in heads] or found


def hands_of(scene: Scene, case: Case) -> list[Person]:
    """Who does the work, or stands in for her; nobody where nobody took it or she left."""
    found = {person.id: person for _, person in staff_of(scene, case.lead or "")}
    mine = found.get(case.assignee_id or 0)
    if mine is None:
        return []
    reader = duty.reader(duty_of(mine), [duty_of(person) for person in found.values()], scene.now)
    return [found[reader]] if reader else []


def workers_on(scene: Scene, case: Case) -> list[Person]:
    """Who must hear what happens to a case: who has it, else everybody of the lead."""
    return hands_of(scene, case) or officials_of(scene, case.lead)


def heads_of(scene: Scene, agency: str) -> list[Person]:
    """The agency's head; where none is on LINE, the head of the agency above it."""
    while agency:
        found = [person for role, person in staff_of(scene, agency) if role == RoleName.HEAD]
        row = scene.book.agencies.get(agency)
        if found or row is None:
            return found
        agency = row.parent
    return []


def coordinators(scene: Scene) -> list[Person]:
    """Who sorts what no rule can."""
    found = staff_of(scene, scene.book.data.city.integrator)
    return [p for role, p in found if role == RoleName.COORDINATOR] or [p for _, p in found]


def integrators(scene: Scene, case: Case) -> list[Person]:
    return integrators_of(scene, case.network)


def integrators_of(scene: Scene, network: str | None) -> list[Person]:
    """Coordinators of the network's own integrator where it has some, else the city's."""
    for agency in reversed(scene.book.integrators(network)):
        own = [p for role, p in staff_of(scene, agency) if role == RoleName.COORDINATOR]
        if own:
            return own
    return coordinators(scene)


def representatives(scene: Scene, case: Case) -> list[Person]:
    """Who speaks for the members of the case's network."""
    return (
        people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=case.network) if case.network else []
    )
