"""What the clock does beside ladders: closing after silence, follow-ups, digests, cleaning up.

Every function takes a scene, does what is due at ``scene.now`` and returns how many things it did. Running one again
at the same instant does nothing more: each takes its rows out of "due" in the transaction that writes the outbox.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.neutral import Card, Message, tap
from handlers.messages.texts import say
from handlers.rules import handover, lifecycle
from handlers.rules.delivery import MONTHLY_LIMIT, NO_CREDIT
from handlers.rules.five_steps import NUDGED_AFTER
from handlers.services import (
    cases,
    closing,
    digests,
    doors,
    gatherings,
    morning,
    notify,
    privacy,
    similar,
    staff,
    steps,
    thanks,
)
from handlers.services.cases import SYSTEM
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Case, CheckIn, Person
from store.queries import cases as rows
from store.queries import members as member_rows
from store.queries import networks as network_rows
from store.queries import outbox, people
from store.words import Purpose, Status

SILENCE = timedelta(days=lifecycle.SILENCE_DAYS)
QUESTIONS_APART = timedelta(hours=4)
"""Nobody is asked two things at once; counted from the clock, so that a repeated run asks nothing more."""


def tell_hand_overs(scene: Scene) -> int:
    """Hand-overs that nobody has mentioned for a working day are told by themselves."""
    if scene.book.quiet(scene.now):
        return 0
    calendar = scene.book.calendar(scene.book.data.city.integrator)
    told = 0
    for case in rows.untold_since(scene.unit, scene.now - timedelta(hours=handover.HOURS_TO_PUSH)):
        if case.untold_since and handover.push_later(case.untold_since, scene.now, calendar):
            told += notify.tell_hops(scene, case)
            case.untold_since = None
    return told


def end_silence(scene: Scene) -> int:
    """A week without a word: finished cases close unconfirmed, questions to the citizen lapse."""
    before = scene.now - SILENCE
    done = 0
    for case in rows.silent_since(scene.unit, Status.DONE, before):
        cases.close(scene, case, SYSTEM, "unconfirmed")
        notify.closed_in_silence(scene, case)
        done += 1
    for case in rows.silent_since(scene.unit, Status.WAITING, before):
        cases.resume(scene, case, SYSTEM, "lapsed")
        notify.to_agency(scene, case, "headline.lapsed")
        done += 1
    return done


def follow_up(scene: Scene) -> int:
    """Step 3: two days after joining, and two days after an official took a member's case. One question at a time."""
    if scene.book.quiet(scene.now):
        return 0
    asked = network_rows.asked_since(scene.unit, scene.now - QUESTIONS_APART)
    done = 0
    for check in rows.due_check_ins(scene.unit, scene.now):
        done += _ask_about_case(scene, check, asked)
    done += _ask_again(scene, asked)
    return done + steps.take_due(scene, asked)


def _ask_again(scene: Scene, asked: set[int]) -> int:
    """Silence after a question about a case: one nudge, then it rests."""
    done = 0
    for check in member_rows.silent_check_ins(scene.unit, scene.now - NUDGED_AFTER):
        if check.nudged_at is not None:
            check.state = "silent"
        else:
            done += _ask_about_case(scene, check, asked)
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
    again = check.sent_at is not None
    words = say(person.language, "checkin.case_again" if again else "checkin.case", code=case.code, lead=lead)
    check.state, check.sent_at = "sent", check.sent_at or scene.now
    check.nudged_at = scene.now if again else None
    asked.add(check.person_id)
    return _question(scene, person, words, f"{check.ref}{'-again' if again else ''}", check.ref, case)


def _question(scene: Scene, person: Person, words: str, once: str, ref: str, case: Case) -> int:
    lang = person.language
    buttons = tuple(
        tap(say(lang, f"button.checkin_{answer}"), "checkin", ref=ref, a=answer)
        for answer in ("yes", "notyet", "no")
    )
    message: list[Message] = [Card(title=words, buttons=buttons, alt=words)]
    return int(push(scene, person, message, Purpose.STEP, case=case, once=f"checkin-{once}"))


def tell_thanks(scene: Scene) -> int:
    return thanks.tell(scene)


def send_digests(scene: Scene) -> int:
    return digests.send_due(scene)


def send_mornings(scene: Scene) -> int:
    return morning.send(scene)


def end_terms(scene: Scene) -> int:
    return staff.end_terms(scene)


def new_month(scene: Scene) -> int:
    """What a monthly limit (LINE's, or another system's credit) held back goes out once the month has turned; sends live by machine time."""
    held = (MONTHLY_LIMIT, NO_CREDIT)
    return sum(outbox.release_parked(scene.unit, reason, scene.machine) for reason in held)


def clean_up(scene: Scene) -> int:
    """Invites that ran out, messages that waited a day for consent, decisions and activities never begun, contacts that
    nobody needs any more.

    Cases nobody would find again are made findable.
    """
    similar.lay_missing(scene)
    dropped = people.drop_old_invites(scene.unit, scene.now - timedelta(days=1))
    dropped += rows.forget_contacts(scene.unit, scene.now - timedelta(days=lifecycle.REOPEN_DAYS))
    dropped += doors.clean_up(scene)
    return dropped + privacy.drop_held(scene) + closing.clean_up(scene) + gatherings.clean_up(scene)
