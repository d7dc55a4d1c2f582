"""Promises that are due: reminder → head → integrator → representatives → everybody sees it, each step once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.messages.neutral import Card, Line, tap
from handlers.messages.texts import say
from handlers.rules import deadlines
from handlers.services import cards, cases, gateways, notify, seeing
from handlers.services.cases import SYSTEM
from handlers.services.gateway_news import News
from handlers.talk import Scene
from store.models import Case, Deadline, Helper, Person
from store.queries import cases as rows
from store.words import Purpose

_NEVER = timedelta(days=36500)
"""Above the last rung nothing is left to do; a far date keeps the row out of every later look."""


def climb(scene: Scene) -> int:
    """Every rung that is due, in order, in the working hours of whoever promised; gives how many."""
    done = 0
    # Only a danger to life wakes people up.
    quiet = scene.book.quiet(scene.now)
    for deadline, case in rows.due_deadlines(scene.unit, scene.now, emergencies=quiet):
        while deadline.next_at <= scene.now and deadline.state == "running":
            done += _rung(scene, deadline, case)
    return done


def _rung(scene: Scene, deadline: Deadline, case: Case) -> int:
    ladder = deadlines.LADDER[deadline.kind]
    calendar = scene.book.calendar(deadline.agency)
    if deadline.rung < len(ladder):
        _step(scene, deadline, case, ladder[deadline.rung][0])
    deadline.rung += 1
    following = deadlines.rung_at(deadline.kind, deadline.rung, deadline.due_at, calendar)
    deadline.next_at = following or scene.now + _NEVER
    return 1


def _step(scene: Scene, deadline: Deadline, case: Case, rung: str) -> None:
    if rung == deadlines.PUBLIC:
        _mark(scene, deadline, case)
        return
    data: dict[str, object] = {"lead": deadline.agency, "rung": rung, "kind": deadline.kind}
    cases.note(scene, case, "reminded", SYSTEM, why=rung, data=data)
    if rung == deadlines.REMIND:
        news = News(f"headline.{rung}_{deadline.kind}", kind="remind")
        gateways.tell(scene, case, deadline.agency, news, once=f"rung-{deadline.id}-{deadline.rung}-gateway")
    for person in _readers(scene, deadline, case, rung):
        card = _card(scene, deadline, case, rung, person)
        if rung != deadlines.REPRESENT:
            seeing.card(scene, case, person, deadline.agency)
        once = f"rung-{deadline.id}-{deadline.rung}-{person.id}"
        scene.post.send(person, [card], Purpose.REMINDER, case=case, once=once)


def _readers(scene: Scene, deadline: Deadline, case: Case, rung: str) -> list[Person]:
    if rung == deadlines.REMIND:
        return notify.workers_of(scene, deadline.agency, case)
    if rung == deadlines.HEAD:
        return notify.heads_of(scene, deadline.agency)
    if rung == deadlines.COORDINATE:
        return notify.integrators(scene, case)
    return notify.representatives(scene, case)


def _card(scene: Scene, deadline: Deadline, case: Case, rung: str, person: Person) -> Card:
    """What the reader needs: an agency its card with buttons, representatives the masked words."""
    lang = person.language
    if rung == deadlines.REPRESENT:
        return _for_representative(scene, case, lang)
    headline = say(lang, f"headline.{rung}_{deadline.kind}")
    helper = _helper(case, deadline) if deadline.kind in deadlines.HELP_KINDS else None
    if helper is None:
        return cards.for_official(scene, case, lang, headline=headline, most=200)
    card = cards.for_helper(scene, case, helper, lang)
    who = Line(say(lang, "case.helper_who"), scene.book.agency_name(helper.agency, lang))
    return replace(card, badge=headline, lines=(who, *card.lines))


def _helper(case: Case, deadline: Deadline) -> Helper | None:
    return next((helper for helper in case.helpers if helper.agency == deadline.agency), None)


def _for_representative(scene: Scene, case: Case, lang: str) -> Card:
    show = tap(say(lang, "button.network_show"), "network.show", network=case.network, list="overdue")
    card = cards.for_citizen(scene, case, lang, buttons=(show,))
    badge = say(lang, "headline.represent")
    return replace(card, badge=badge, tone="warn", alt=f"{badge}: {case.code}")


def _mark(scene: Scene, deadline: Deadline, case: Case) -> None:
    """From now on everybody sees that the promise was not kept."""
    if case.overdue_at is None:
        case.overdue_at = scene.now
        cases.note(scene, case, "overdue", SYSTEM, public=True, data={"lead": deadline.agency})
