"""On duty or away: cards go to a substitute meanwhile, and the citizen notices nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from handlers.flows import lists
from handlers.flows.work import name_of
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.services import desks
from handlers.services.morning import shown
from handlers.talk import Outcome, Talk
from store.models import Person
from store.queries import people
from store.words import Purpose

DAYS = (1, 3, 7, 14)
OPEN_END = "0"
MOST_NAMES = 8


def duty(talk: Talk) -> Outcome:
    """How it stands, and the buttons to change it."""
    if not talk.agencies:
        return talk.answer("stale.role")
    if desks.is_away(talk.person, talk.now):
        back = tap(talk.say("button.back_on_duty"), "duty.back", style="main")
        return Outcome([Card(title=talk.say("duty.is_away", until=_until(talk)), buttons=(back,))])
    choices = tuple(tap(talk.say(f"duty.days_{n}"), "duty.away", days=n) for n in (*DAYS, OPEN_END))
    title = talk.say("duty.how_long")
    return Outcome([Card(title=title, buttons=choices, alt=title)])


def _until(talk: Talk) -> str:
    until = talk.person.away_until
    return (
        day(until - timedelta(minutes=1), talk.now, talk.book.zone, talk.lang)
        if until
        else talk.say("duty.open")
    )


def away(talk: Talk) -> Outcome:
    """For how long and who stands in; cards go to her from this moment."""
    days, told = talk.incoming.data.get("days", ""), talk.incoming.data.get("to")
    if not talk.agencies:
        return talk.answer("stale.role")
    if days not in {OPEN_END, *(str(n) for n in DAYS)}:
        return duty(talk)
    colleagues = _colleagues(talk)
    other = next((person for person in colleagues if str(person.id) == told), None)
    if other is None and told != "0" and colleagues:
        return _who(talk, days, colleagues)
    talk.person.on_duty, talk.person.away_until = False, _end(talk, int(days))
    talk.person.substitute_id = other.id if other else None
    people.forget_staff(talk.unit)
    return _gone(talk, other)


def _colleagues(talk: Talk) -> list[Person]:
    """People of the same agencies, those who are there first."""
    found = [p for code in talk.agencies for p in people.of_agency(talk.unit, code, talk.now)]
    others = [person for person in dict.fromkeys(found) if person.id != talk.person.id]
    return sorted(others, key=lambda person: desks.is_away(person, talk.now))


def _who(talk: Talk, days: str, colleagues: list[Person]) -> Outcome:
    title = talk.say("duty.who")
    buttons: tuple[Button, ...] = tuple(
        tap(shorten(name_of(talk, person), 40), "duty.away", days=days, to=person.id)
        for person in colleagues[:MOST_NAMES]
    )
    nobody = tap(talk.say("duty.nobody"), "duty.away", style="quiet", days=days, to="0")
    return Outcome([Card(title=title, buttons=(*buttons, nobody), alt=title)])


def _end(talk: Talk, days: int) -> datetime | None:
    """Midnight after the last day away; None for an open end."""
    if days == 0:
        return None
    last = talk.now.astimezone(talk.book.zone).date() + timedelta(days=days)
    return datetime.combine(last, time(0), talk.book.zone)


def _gone(talk: Talk, other: Person | None) -> Outcome:
    found = desks.counts(talk, desks.desk_of(talk, talk.person, talk.agencies))
    if other is not None:
        lang = other.language
        name = name_of(talk, talk.person)
        words = say(lang, "duty.you_stand_in", who=name, until=_until_for(talk, lang), n=shown(found["mine"]))
        quick = (tap(say(lang, "list.mine"), "inbox", list="mine"),)
        talk.post.send(other, [Text(words, quick=quick)], Purpose.CARD)
    back = tap(talk.say("button.back_on_duty"), "duty.back")
    key = "duty.gone_to" if other else "duty.gone"
    who = name_of(talk, other) if other else ""
    return Outcome([Text(talk.say(key, until=_until(talk), who=who), quick=(back,))], asked=None)


def _until_for(talk: Talk, lang: str) -> str:
    until = talk.person.away_until
    return (
        day(until - timedelta(minutes=1), talk.now, talk.book.zone, lang) if until else say(lang, "duty.open")
    )


def back(talk: Talk) -> Outcome:
    """On duty again: what waits is one look away."""
    if not talk.agencies:
        return talk.answer("stale.role")
    talk.person.on_duty, talk.person.away_until, talk.person.substitute_id = True, None, None
    people.forget_staff(talk.unit)
    talk.incoming.data.pop("list", None)
    shown_lists = lists.inbox(talk)
    return Outcome([Text(talk.say("duty.welcome_back")), *shown_lists.messages])
