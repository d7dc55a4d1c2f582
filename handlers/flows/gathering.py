"""A member and an activity: signing up, leaving, being there."""

from __future__ import annotations

from datetime import timedelta

from handlers.flows.keys import number
from handlers.messages.neutral import Button, Text, tap
from handlers.rules import gathering as rules
from handlers.rules.invites import TRIES_AN_HOUR
from handlers.services import activities, calls, gatherings
from handlers.talk import Outcome, Talk
from store.models import Activity, InviteTry
from store.queries import activities as rows
from store.queries import networks, people


def activity_of(talk: Talk) -> Activity | None:
    """The activity of the button, if the speaker belongs to its network; drafts are seen by nobody else."""
    found = rows.activity(talk.unit, number(talk, "activity"))
    if found is None or found.state == "draft" or found.network not in talk.book.networks:
        return None
    return found if networks.active(talk.unit, found.network, talk.person.id) else None


def show(talk: Talk) -> Outcome:
    found = activity_of(talk)
    if found is None:
        return talk.answer("stale.activity")
    card = gatherings.card(talk, found, talk.lang, buttons=_buttons(talk, found))
    minutes = [Text(found.minutes)] if found.state == "done" and found.minutes else []
    return Outcome([card, *minutes])


def _buttons(talk: Talk, found: Activity) -> tuple[Button, ...]:
    if found.state != "open" or found.starts_at is None:
        return ()
    if rules.checks_in(found.starts_at, talk.now):
        return (tap(talk.say("button.here"), "activity.here", style="main", activity=found.id),)
    known = rows.signup(talk.unit, found.id, talk.person.id)
    signed = known is not None and known.state != rules.LEFT
    button = gatherings.leave_button if signed else gatherings.join_button
    return (button(found, talk.lang),) if talk.now < found.starts_at else ()


def join(talk: Talk) -> Outcome:
    """One tap; with no place left she waits in order and is told when one is free."""
    found = activity_of(talk)
    if found is None:
        return talk.answer("stale.activity")
    if found.state != "open" or found.starts_at is None or talk.now >= found.starts_at:
        return _over(talk, found)
    state, fresh = activities.join(talk, found, talk.person)
    calls.note(talk, f"activity-{found.id}", talk.person)
    key = f"activity.joined_{state}" if fresh else f"activity.already_{state}"
    button = gatherings.leave_button(found, talk.lang)
    return Outcome(
        [Text(talk.say(key, title=found.title)), gatherings.card(talk, found, talk.lang, buttons=(button,))]
    )


def _over(talk: Talk, found: Activity) -> Outcome:
    key = "activity.cancelled_already" if found.state == "cancelled" else "activity.over"
    return talk.answer(key, title=found.title)


def leave(talk: Talk) -> Outcome:
    """Not coming after all; whoever waited longest gets the place and hears of it."""
    found = activity_of(talk)
    if found is None:
        return talk.answer("stale.activity")
    if found.state != "open" or found.starts_at is None or talk.now >= found.starts_at:
        return _over(talk, found)
    was, risen = activities.leave(talk, found, talk.person)
    gatherings.tell_risen(talk, found, risen)
    return talk.answer("activity.left" if was else "activity.not_joined", title=found.title)


def here(talk: Talk) -> Outcome:
    """She is there, by the button."""
    found = activity_of(talk)
    if found is None:
        return talk.answer("stale.activity")
    return _here(talk, found)


def _here(talk: Talk, found: Activity) -> Outcome:
    if found.state != "open" or found.starts_at is None:
        return _over(talk, found)
    if not rules.checks_in(found.starts_at, talk.now):
        early = talk.now < found.starts_at
        return talk.answer("activity.too_early" if early else "activity.over", title=found.title)
    fresh = activities.check_in(talk, found, talk.person)
    return talk.answer("activity.here" if fresh else "activity.here_already", title=found.title)


def code(talk: Talk) -> Outcome | None:
    """Four typed digits while an activity of hers runs are its code; None when they are something else."""
    typed = rules.read_code(talk.incoming.text)
    if typed is None or not activities.runs_now(talk, talk.person):
        return None
    if people.tries_since(talk.unit, talk.person, talk.now - timedelta(hours=1)) >= TRIES_AN_HOUR:
        return talk.answer("invite.slow_down")
    found = activities.with_code(talk, talk.person, typed)
    if found is None:
        talk.unit.add(InviteTry(person_id=talk.person.id, at=talk.now))
        return talk.answer("activity.wrong_code")
    return _here(talk, found)
