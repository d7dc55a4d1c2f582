"""A case was put under the wrong kind: the person in charge puts it right, and the classifier learns from it."""

from __future__ import annotations

from handlers.services import cases, corrections
from handlers.services.cases import Actor
from handlers.talk import Talk
from store.models import Case
from store.words import Status


def put_right(talk: Talk, case: Case, actor: Actor, category: str) -> bool:
    """Change the category, with its row of history; True when the case went on to another agency by that.

    One that nobody has taken yet is routed anew; one that is being worked on stays where it is.
    """
    before, lead = case.category, case.lead
    case.category = category
    case.network = talk.book.network_for(case.area, category)
    cases.note(talk, case, "sorted", actor, public=True, data={"was": before, "category": category})
    corrections.remember(talk, case, before, actor.role)
    if case.status != Status.OFFERED:
        return False
    route = talk.book.route(case.area, category, case.declined_by)
    if route.lead == lead and not case.unassigned:
        return False
    for helper in case.helpers:
        if helper.state == "asked":  # asked for work of the other kind; the new rule asks its own
            helper.state = "declined"
    cases.offer(talk, case, actor, why="sorted")
    return True


def hint(talk: Talk, case: Case, actor: Actor, category: str) -> None:
    """Somebody who may not change the case knows better: those in charge read it, and it teaches."""
    cases.note(talk, case, "sort_hint", actor, data={"was": case.category, "category": category})
    corrections.remember(talk, case, case.category, actor.role, category)
