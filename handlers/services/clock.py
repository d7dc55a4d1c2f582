"""What the clock does: reminders, closing after silence, follow-ups, digests, cleaning up.

Every function takes a scene, does what is due at ``scene.now`` and returns how many things it did. Running one again
at the same instant does nothing more: each takes its rows out of "due" in the transaction that writes the outbox.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.neutral import Card, Message, Text, tap
from handlers.messages.texts import say
from handlers.rules import deadlines, lifecycle
from handlers.rules.delivery import MONTHLY_LIMIT
from handlers.services import cards, cases, digests, morning, notify, privacy, spoken, staff
from handlers.services.cases import SYSTEM
from handlers.talk import Scene
from store.models import Case, CheckIn, Deadline, Membership, Person, Step
from store.queries import cases as rows
from store.queries import networks as network_rows
from store.queries import outbox, people
from store.words import Member, Purpose, Status

SILENCE = timedelta(days=lifecycle.SILENCE_DAYS)
QUESTIONS_APART = timedelta(hours=4)
"""Nobody is asked two things at once; counted from the clock, so that a repeated run asks nothing more."""


def climb_ladders(scene: Scene) -> int:
    """Promises that are due: reminder → head → coordinator, each once, in order, in the agency's working hours."""
    done = 0
    if scene.book.quiet(scene.now):
        return 0
    for deadline, case in rows.due_deadlines(scene.unit, scene.now):
        while deadline.next_at <= scene.now and deadline.state == "running":
            done += _rung(scene, deadline, case)
    return done


def _rung(scene: Scene, deadline: Deadline, case: Case) -> int:
    ladder = deadlines.LADDER[deadline.kind]
    calendar = scene.book.calendar(deadline.agency)
    if deadline.rung < len(ladder):
        _remind(scene, deadline, case, ladder[deadline.rung][0])
    deadline.rung += 1
    following = deadlines.rung_at(deadline.kind, deadline.rung, deadline.due_at, calendar)
    # Above the last rung nothing is left to do; a far date keeps the row out of every later look.
    deadline.next_at = following or scene.now + timedelta(days=36500)
    return 1


def _remind(scene: Scene, deadline: Deadline, case: Case, rung: str) -> None:
    readers = {
        deadlines.REMIND: lambda: notify.workers_of(scene, deadline.agency, case),
        deadlines.HEAD: lambda: notify.heads_of(scene, deadline.agency),
        deadlines.COORDINATE: lambda: notify.coordinators(scene),
    }[rung]()
    data: dict[str, object] = {"lead": deadline.agency, "rung": rung, "kind": deadline.kind}
    cases.note(scene, case, "reminded", SYSTEM, why=rung, data=data)
    for person in readers:
        lang = person.language
        card = cards.for_official(
            scene, case, lang, headline=say(lang, f"headline.{rung}_{deadline.kind}"), most=200
        )
        once = f"rung-{deadline.id}-{deadline.rung}-{person.id}"
        scene.post.send(person, [card], Purpose.REMINDER, case=case, once=once)


def end_silence(scene: Scene) -> int:
    """A week without a word: finished cases close unconfirmed, questions to the citizen lapse."""
    before = scene.now - SILENCE
    done = 0
    for case in rows.silent_since(scene.unit, Status.DONE, before):
        cases.close(scene, case, SYSTEM, "unconfirmed")
        _say_closed(scene, case)
        done += 1
    for case in rows.silent_since(scene.unit, Status.WAITING, before):
        cases.resume(scene, case, SYSTEM, "lapsed")
        notify.to_agency(scene, case, "headline.lapsed")
        done += 1
    return done


def _say_closed(scene: Scene, case: Case) -> None:
    for person, purpose in notify.hearers(scene, case):
        lang = person.language
        button = tap(say(lang, "button.reopen"), "case.reopen", case=case.code)
        words = say(lang, "told.closed_silent", code=case.code)
        due = scene.book.next_allowed(scene.now)
        once = f"silent-{case.code}-{case.reopened}-{person.id}"
        message = [*spoken.for_whom(case, person), Text(words, quick=(button,))]
        scene.post.send(person, message, purpose, case=case, due_at=due, once=once)


def follow_up(scene: Scene) -> int:
    """Step 3: two days after joining, and two days after an official took a member's case. One question at a time."""
    if scene.book.quiet(scene.now):
        return 0
    asked = network_rows.asked_since(scene.unit, scene.now - QUESTIONS_APART)
    done = 0
    for check in rows.due_check_ins(scene.unit, scene.now):
        done += _ask_about_case(scene, check, asked)
    for step, member in network_rows.due_steps(scene.unit, scene.now):
        done += _ask_member(scene, step, member, asked)
    return done


def _ask_about_case(scene: Scene, check: CheckIn, asked: set[int]) -> int:
    case = rows.by_id(scene.unit, check.case_id or 0)
    if case is None or case.status not in (Status.ACCEPTED, Status.IN_PROGRESS):
        check.state = "void"  # finished or handed on meanwhile: the question would make no sense
        return 0
    if check.person_id in asked:
        return 0
    person = people.by_ids(scene.unit, [check.person_id])[0]
    lead = notify.lead_name(scene, case, person.language)
    words = say(person.language, "checkin.case", code=case.code, lead=lead)
    check.state, check.sent_at = "sent", scene.now
    asked.add(check.person_id)
    return _question(scene, person, words, check.ref, case)


def _ask_member(scene: Scene, step: Step, member: Membership, asked: set[int]) -> int:
    if member.state != Member.ACTIVE or member.network not in scene.book.networks:
        step.state = "void"
        return 0
    if member.person_id in asked:
        return 0  # she has a question already; this one waits its turn
    person = people.by_ids(scene.unit, [member.person_id])[0]
    name = scene.book.name(scene.book.networks[member.network], person.language)
    step.state, step.sent_at = "sent", scene.now
    asked.add(member.person_id)
    return _question(
        scene, person, say(person.language, "checkin.network", name=name), f"step-{step.id}", None
    )


def _question(scene: Scene, person: Person, words: str, ref: str, case: Case | None) -> int:
    lang = person.language
    buttons = tuple(
        tap(say(lang, f"button.checkin_{answer}"), "checkin", ref=ref, a=answer)
        for answer in ("yes", "notyet", "no")
    )
    message: list[Message] = [Card(title=words, buttons=buttons, alt=words)]
    scene.post.send(person, message, Purpose.STEP, case=case, once=f"checkin-{ref}")
    return 1


def send_digests(scene: Scene) -> int:
    return digests.send_due(scene)


def send_mornings(scene: Scene) -> int:
    return morning.send(scene)


def end_terms(scene: Scene) -> int:
    return staff.end_terms(scene)


def new_month(scene: Scene) -> int:
    """What LINE's monthly limit held back goes out once the month has turned; sends live by machine time."""
    return outbox.release_parked(scene.unit, MONTHLY_LIMIT, scene.machine)


def clean_up(scene: Scene) -> int:
    """Invites that ran out, messages that waited a day for consent, contacts that nobody needs any more."""
    dropped = people.drop_old_invites(scene.unit, scene.now - timedelta(days=1))
    closed_before = scene.now - timedelta(days=lifecycle.REOPEN_DAYS)
    return dropped + privacy.drop_held(scene) + rows.forget_contacts(scene.unit, closed_before)
