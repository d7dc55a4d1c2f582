"""Founding a network in the chat: name, goal, area; then those who decide say yes or no by one tap."""

from __future__ import annotations

from handlers.messages.neutral import Text, tap
from handlers.services import founding
from handlers.talk import Outcome, Talk
from nlp import mask, normalise
from store.city_data import EVERYWHERE
from store.queries import charters as rows

MOST_NAME, MOST_GOAL = 80, 400


def begin(talk: Talk) -> Outcome:
    """What shall it be called? Whoever has too many proposals open waits for an answer first."""
    if rows.waiting_proposals(talk.unit, talk.person.id) >= founding.MOST_WAITING:
        return talk.answer("found.wait")
    return _ask(talk, "found.name", {"do": "found.name"})


def _ask(talk: Talk, key: str, asked: dict[str, str]) -> Outcome:
    cancel = tap(talk.say("button.cancel"), "ask.cancel")
    return Outcome([Text(talk.say(key), quick=(cancel,))], asked=asked)


def name(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    words = mask(normalise(talk.incoming.text)).strip()
    if not words or len(words) > MOST_NAME or "\n" in words:
        return _ask(talk, "found.name_again", asked)
    return _ask(talk, "found.goal", {"do": "found.goal", "name": words})


def goal(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    words = mask(normalise(talk.incoming.text)).strip()
    if not words or len(words) > MOST_GOAL:
        return _ask(talk, "found.goal_again", asked)
    buttons = [
        tap(talk.book.name(area, talk.lang), "found.area", area=area.code)
        for area in talk.book.data.inside[:11]
    ]
    buttons.append(tap(talk.say("found.everywhere"), "found.area", area=EVERYWHERE))
    open_ = {"do": "found.area", "name": asked["name"], "goal": words}
    return Outcome([Text(talk.say("found.where"), quick=tuple(buttons))], asked=open_)


def area(talk: Talk) -> Outcome:
    """The last answer: the proposal goes to those who decide."""
    asked = talk.conversation.asked or {}
    where = talk.incoming.data.get("area", "")
    inside = {one.code for one in talk.book.data.inside}
    if asked.get("do") != "found.area" or where not in {EVERYWHERE, *inside}:
        return talk.answer("stale.button")
    read = talk.house.understander(talk.unit).understand(f"{asked['name']} {asked['goal']}")
    code = "" if where == EVERYWHERE else where
    founding.propose(talk, talk.person, asked["name"], asked["goal"], code, [read.category])
    return Outcome([Text(talk.say("found.sent", name=asked["name"]))], asked=None)


def decide(talk: Talk) -> Outcome:
    """Only an administrator or a coordinator of the city; the first answer counts."""
    number, word = talk.incoming.data.get("proposal", ""), talk.incoming.data.get("a")
    known = number.isascii() and number.isdigit() and len(number) < 18
    if talk.person.id not in {person.id for person in founding.deciders(talk)} or word not in ("yes", "no"):
        return talk.answer("stale.role")
    made = rows.proposal(talk.unit, int(number)) if known else None
    if made is None:
        return talk.answer("stale.button")
    if made.state != "waiting":
        return talk.answer("found.already")
    founding.decide(talk, made, talk.person, word == "yes")
    return talk.answer("found.you_accepted" if word == "yes" else "found.you_refused", name=made.name)


TAPS = {"found.new": begin, "found.area": area, "found.decide": decide}
ASKED = {"found.name": name, "found.goal": goal}
