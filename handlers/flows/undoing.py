"""One minute to take back what nobody outside has heard of yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.flows.guard import me
from handlers.messages.neutral import Button, Text, tap
from handlers.messages.texts import say
from handlers.services import cards, undo
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import Purpose


def acting(talk: Talk, case: Case, act: Callable[[], Any]) -> tuple[Button, ...]:
    """Do it, and give the button that takes it back, where it can be taken back."""
    actor, was = me(talk, case), undo.before(case)
    act()
    return button(talk, case, actor, was)


def button(talk: Talk, case: Case, actor: Actor, was: dict[str, Any]) -> tuple[Button, ...]:
    row = undo.remember(case, actor, was)
    if not undo.possible(talk, case, row):
        return ()
    return (tap(talk.say("button.undo"), "case.undo", style="quiet", case=case.code, row=row.id),)


def take_back(talk: Talk) -> Outcome:
    """The button: whoever did it, within a minute, and nothing has happened to the case since."""
    data = talk.incoming.data
    case, number = rows.by_code(talk.unit, data.get("case", "")), data.get("row", "")
    if case is None or not (number.isascii() and number.isdigit() and len(number) < 18):
        return talk.answer("stale.case")
    if not undo.did(case, talk.person, int(number)):
        return talk.answer("stale.case")
    try:
        for person in undo.take_back(talk, case, talk.person, int(number)):
            words = say(person.language, "undo.told", code=case.code, who=talk.person.name)
            talk.post.send(person, [Text(words)], Purpose.CARD, case=case)
    except undo.TooLate as why:
        return talk.answer(f"undo.{why}", code=case.code)
    card = cards.for_official(talk, case, talk.lang, most=200)
    messages = [Text(talk.say("undo.done", code=case.code))]
    return Outcome([*messages, card] if talk.acts_on(case) else [*messages], asked=None, focus=case.code)
