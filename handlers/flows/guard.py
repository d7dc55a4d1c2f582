"""Who gets further than a button: only people in charge of the case, each as what she is."""

from __future__ import annotations

from collections.abc import Callable

from handlers.rules import lifecycle
from handlers.services import cards
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.queries import people

Step = Callable[[Talk, Case], Outcome]


def me(talk: Talk, case: Case) -> Actor:
    """As whom the speaker acts: for the lead, for a helper, or as coordinator."""
    if case.lead in talk.agencies:
        return Actor("official", talk.person, case.lead)
    helper = rows.helper(case, talk.agencies)
    if helper:
        return Actor("official", talk.person, helper.agency)
    return Actor("coordinator", talk.person, talk.book.data.city.integrator)


def guarded(step: Step) -> Callable[[Talk], Outcome]:
    """For the lead and its helpers; a change the lifecycle forbids is answered kindly."""
    return _behind(step, lambda talk, case: talk.acts_on(case))


def led(step: Step) -> Callable[[Talk], Outcome]:
    """For the lead and the coordinators only: what decides about the whole case."""
    return _behind(step, lambda talk, case: talk.leads(case))


def _behind(step: Step, may: Callable[[Talk, Case], bool]) -> Callable[[Talk], Outcome]:
    def run(talk: Talk) -> Outcome:
        case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
        if case is None or not may(talk, case):
            return talk.answer("stale.case")
        try:
            return step(talk, case)
        except lifecycle.ForbiddenChange:
            return late(talk, case)

    return run


def late(talk: Talk, case: Case) -> Outcome:
    """Somebody else was quicker, or the case went on: say how it stands and who did it."""
    staff = ("official", "coordinator")
    last = next((h for h in reversed(case.history) if h.person_id and h.role in staff), None)
    who = people.by_ids(talk.unit, [last.person_id])[0].name if last and last.person_id else ""
    status = cards.status_name(case.status, talk.lang)
    return talk.answer(
        "stale.official", code=case.code, status=status, who=who or talk.say("official.somebody")
    )
