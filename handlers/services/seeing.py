"""Every look at a citizen's unmasked words is written down: who, when, what, of which case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handlers.talk import Scene, Talk
from store import Unit
from store.models import Case, Person
from store.queries import audit

CARD, LIST, THREAD, PAGE = "card", "list", "thread", "page"
OPERATOR = "cli"
LONGEST_ACTOR = 40


def card(scene: Scene, case: Case, person: Person, agency: str) -> None:
    """A card with the original words goes to her; cards of one case to one person count once."""
    once = f"card-{case.code}-{person.id}"
    audit.read(scene.unit, scene.now, agency, CARD, case_code=case.code, person_id=person.id, once=once)


def opened(talk: Talk, case: Case, what: str) -> None:
    """An official opened a case, or saw it in a list."""
    person_id = talk.person.id
    audit.read(talk.unit, talk.now, _agency(talk, case), what, case_code=case.code, person_id=person_id)


def listed(talk: Talk, found: Iterable[Case]) -> None:
    for case in found:
        opened(talk, case, LIST)


def by_operator(unit: Unit, at: datetime, account: str, what: str, case_code: str | None = None) -> None:
    """Somebody with a shell on the machine read one case, or all of them."""
    audit.read(unit, at, f"{OPERATOR}:{account}"[:LONGEST_ACTOR], what, case_code=case_code)


def _agency(talk: Talk, case: Case) -> str:
    """For whom she looked: the lead, a helping agency, else the first she works for."""
    concerned = [case.lead, *(helper.agency for helper in case.helpers)]
    mine = [code for code in concerned if code in talk.agencies] or talk.agencies
    return mine[0] if mine and mine[0] else ""
