"""What the clock does for networks beside the steps: overdue tasks, things to give back, compacts, terms that end."""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.neutral import Card
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.services import appointments, compacts, lending, notify, tasks
from handlers.services.pushing import push
from handlers.services.steps import ANSWER_WITHIN
from handlers.talk import Scene
from store.queries import members as rows
from store.queries import networks as network_rows
from store.queries import people
from store.words import Purpose

TERM_TOLD = timedelta(days=30)
"""How long before the end of a term somebody else is looked for."""
QUESTIONS_APART = timedelta(hours=4)


def care(scene: Scene) -> int:
    """Everything that is due; nothing in quiet hours."""
    if scene.book.quiet(scene.now):
        return 0
    asked = network_rows.asked_since(scene.unit, scene.now - QUESTIONS_APART)
    asked |= rows.waiting_for_answer(scene.unit, scene.now - ANSWER_WITHIN)
    done = tasks.escalate(scene) + lending.remind(scene) + appointments.care(scene) + _terms(scene)
    return done + compacts.ask_due(scene, asked)


def _terms(scene: Scene) -> int:
    """A term ends in a month: the holder and the coordinators hear it once, so that leaders rotate."""
    found = rows.terms_ending(scene.unit, scene.now + TERM_TOLD)
    for member in found:
        member.term_told_at = scene.now
        row = scene.book.networks.get(member.network)
        holder = people.by_ids(scene.unit, [member.person_id])
        watching = notify.integrators_of(scene, member.network)
        for person in [*holder, *watching] if row and member.term_ends_at else []:
            lang = person.language
            until = appointments.last_day(scene, member.term_ends_at, lang)  # type: ignore[arg-type]
            key = "term.yours" if person.id == member.person_id else "term.theirs"
            role = say(lang, f"lead.role_{member.role}")
            words = say(lang, key, role=role, name=scene.book.name(row, lang), until=until)  # type: ignore[arg-type]
            card = Card(
                words, buttons=(appointments.successor_button(member, lang),), alt=shorten(words, 200)
            )
            push(scene, person, [card], Purpose.REMINDER, once=f"term-{member.id}-{until}-{person.id}")
    return len(found)
