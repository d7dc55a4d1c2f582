"""Rows of people: terms that end, officials who leave, and what of theirs must not be left behind."""

from __future__ import annotations

from handlers.services import doors, handing, networks
from handlers.services.history import Actor, note
from handlers.services.morning import ONCE
from handlers.talk import Scene
from store.models import Case, Outbox, Person, Report, Role
from store.queries import cases as case_rows
from store.queries import outbox, people
from store.words import AGENCY_ROLES, Purpose, RoleName, RowState

_OF_WORK = (Purpose.CARD, Purpose.REMINDER)


def end_role(scene: Scene, role: Role) -> int:
    """The role is over from this moment: no access, no messages, no work on her desk. Gives how many cases she had."""
    person = role.person
    role.ended_at = scene.now
    people.forget_staff(scene.unit)
    people.void_invites_of(scene.unit, person.id, scene.now)
    doors.shut(scene, person)
    left = 0
    if role.name in AGENCY_ROLES and role.agency and not _works_for(scene, person, role.agency):
        left = handing.let_go(scene, person, role.agency)
        people.drop_substitute(scene.unit, person.id)
        _hand_over_spoken_for(scene, person, people.of_agency(scene.unit, role.agency, scene.now))
    if role.name == RoleName.REPRESENTATIVE and role.network:
        networks.step_down(scene, person, role.network)
        _hand_over_spoken_for(scene, person, people.with_role(scene.unit, (role.name,), network=role.network))
    _withdraw(scene, person)
    return left


def end_terms(scene: Scene) -> int:
    """Roles whose term has passed end, with everything that hangs on them."""
    ended = people.past_terms(scene.unit, scene.now)
    for role in ended:
        end_role(scene, role)
    return len(ended)


def _works_for(scene: Scene, person: Person, agency: str) -> bool:
    return any(r.agency == agency and r.name in AGENCY_ROLES and r.runs(scene.now) for r in person.roles)


def _withdraw(scene: Scene, person: Person) -> None:
    """Cards and reminders that still wait for her are never sent, nor is a question left open in her chat."""
    scene.unit.flush()
    for message in outbox.unsent_to(scene.unit, person.id):
        work = message.purpose in _OF_WORK or (message.once or "").startswith(ONCE)
        if work and not _still_hers(scene, person, message):
            message.state, message.messages = RowState.REMOVED, []
    chat = people.conversation(scene.unit, person.line_id or "")
    if chat is not None:
        chat.asked, chat.focus = None, None
        if (chat.draft or {}).get("behalf"):
            chat.draft = None


def _still_hers(scene: Scene, person: Person, message: Outbox) -> bool:
    """Whether another role of hers has to do with it."""
    running = [role for role in person.roles if role.runs(scene.now)]
    if any(role.agency == scene.book.data.city.integrator for role in running):
        return True
    mine = {role.agency for role in running if role.agency}
    case: Case | None = message.case
    if case is None:
        return bool(running)
    return bool(mine & {case.lead, *(helper.agency for helper in case.helpers)})


def _hand_over_spoken_for(scene: Scene, person: Person, colleagues: list[Person]) -> None:
    """People without LINE whom she spoke for are spoken for by a colleague, the head first."""
    heir = next((one for one in colleagues if one.id != person.id), None)
    for report in case_rows.spoken_for(scene.unit, person.id):
        _to_heir(scene, report, heir)


def _to_heir(scene: Scene, report: Report, heir: Person | None) -> None:
    if heir is None:
        report.channel = "nobody"
        return
    case = report.case
    report.person_id = heir.id
    if case.waiting_for is not None:
        case.waiting_for = heir.id
    for follower in case.followers:
        if follower.person_id == report.entered_by and not _follows(case, heir):
            follower.person_id = heir.id
    note(scene, case, "spoken_for", Actor("system"), data={"to": heir.id})


def _follows(case: Case, person: Person) -> bool:
    return any(follower.person_id == person.id for follower in case.followers)
