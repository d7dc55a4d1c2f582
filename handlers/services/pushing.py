"""How what the clock starts reaches one person: one push, joined to what already waits for her.

Whom a network still has to ask or tell is ``calls``' affair.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.messages.neutral import Message
from handlers.services import telling
from handlers.talk import Scene
from store.models import Case, Person
from store.queries import members
from store.words import Purpose

MOST = 5
"""Messages LINE takes in one push."""


def push(
    scene: Scene,
    person: Person,
    messages: Sequence[Message],
    purpose: Purpose,
    *,
    once: str,
    case: Case | None = None,
) -> bool:
    """Send, or add to a message that waits and was never tried; False when it was sent before or can't be.

    What joins another message costs nothing of LINE's monthly limit. It never waits for one: without company it goes
    at the first minute that is not quiet.
    """
    if person.blocked or person.forgotten_at or not person.line_id or scene.post.was_sent(once):
        return False
    messages = telling.ride(scene, person, list(messages))
    company = members.waiting_push(scene.unit, person.id, MOST - len(messages), scene.now)
    if company is not None:
        company.messages = [*company.messages, *scene.house.render(list(messages))]
        return True
    due = scene.book.next_allowed(scene.now)
    return scene.post.send(person, messages, purpose, case=case, once=once, due_at=due) is not None
