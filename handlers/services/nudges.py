"""A citizen asks why nothing has happened: who has the case hears it, and the second time the head, once."""

from __future__ import annotations

from handlers.messages.neutral import Text
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.services import cards, notify, seeing
from handlers.services.history import Actor, note
from handlers.talk import Scene
from store.models import Case, Person
from store.words import Purpose

HEAD_AT = 2
"""The head hears of it when she asks this often."""


def nudge(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None) -> int:
    """Keep her words with the case and pass them on; gives how often she has asked since it was last reopened."""
    case.nudges += 1
    note(scene, case, "nudged", actor, text=text, message_id=message_id)
    if case.nudges == 1:
        _pass_on(scene, case, notify.workers_on(scene, case), text, "headline.nudged")
    elif case.nudges == HEAD_AT:
        readers = notify.heads_of(scene, case.lead or "") or notify.coordinators(scene)
        _pass_on(scene, case, readers, text, "headline.nudged_again")
    return case.nudges


def _pass_on(scene: Scene, case: Case, readers: list[Person], text: str, headline: str) -> None:
    for person in readers:
        lang = person.language
        words = say(lang, "official.nudged", code=case.code, text=shorten(text, 500))
        card = cards.for_official(scene, case, lang, headline=say(lang, headline), most=200)
        seeing.card(scene, case, person, case.lead or "")
        once = f"nudge-{case.code}-{case.reopened}-{case.nudges}-{person.id}"
        scene.post.send(person, [Text(words), card], Purpose.CARD, case=case, once=once)
