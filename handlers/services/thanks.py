"""Praise: to whom it belongs, kept until it is told, and told as one message for all that came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.messages.neutral import Text
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.rules.codes import find_code
from handlers.services import notify
from handlers.talk import Scene, Talk
from nlp import Understanding
from store.models import Case, Praise
from store.queries import cases as rows
from store.queries import praise
from store.words import Purpose, Status

GATHER = timedelta(hours=1)
"""How long praise waits for more of its kind."""
RECENT = timedelta(days=30)
SHORTEST_NAME = 4
MOST_TOLD = 10


def keep(talk: Talk, u: Understanding) -> list[str]:
    """Keep the words for the agencies they are about; their codes."""
    case = _case(talk, u)
    agencies = _named(talk, u.text) or ([case.lead] if case and case.lead else _by_category(talk, u))
    for agency in agencies:
        row = Praise(
            at=talk.now,
            person_id=talk.person.id,
            message_id=talk.incoming.message_id,
            agency=agency,
            case_code=case.code if case else None,
            text=shorten(u.masked, 500),
        )
        talk.unit.add(row)
    return agencies


def _named(talk: Talk, text: str) -> list[str]:
    """Agencies whose name stands in the text; of names within each other the longest."""
    lower = text.lower()
    found = {
        name.lower(): row.code
        for row in talk.book.data.agencies
        for name in (row.short_th, row.name_th, row.name_en)
        if len(name) >= SHORTEST_NAME and name.lower() in lower
    }
    whole = [n for n in found if not any(n != other and n in other for other in found)]
    return list(dict.fromkeys(found[name] for name in whole))


def _case(talk: Talk, u: Understanding) -> Case | None:
    """The case named by its code, else her own that was finished of late and is about the same."""
    named = rows.look_up(talk.unit, find_code(u.text) or "")
    if named is not None:
        return named
    alike = {category for category, _ in u.top}
    for case in rows.of_person(talk.unit, talk.person.id):
        fresh = case.done_at is not None and talk.now - case.done_at <= RECENT
        if fresh and case.status in (Status.DONE, Status.CLOSED) and case.category in alike:
            return case
    return None


def _by_category(talk: Talk, u: Understanding) -> list[str]:
    if u.decision != "sure" or u.category == "other":
        return []
    return [talk.book.route(None, u.category, []).lead]


def tell(scene: Scene) -> int:
    """Praise that has waited long enough reaches the people it is for: one message each."""
    if scene.book.quiet(scene.now):
        return 0
    told = 0
    for agency, found in praise.due(scene.unit, scene.now - GATHER).items():
        for person in notify.officials_of(scene, agency):
            words = _message(scene, agency, found, person.language)
            once = f"praise-{found[-1].id}-{person.id}"
            scene.post.send(person, [Text(words)], Purpose.DIGEST, once=once)
        for row in found:
            row.told_at = scene.now
        told += len(found)
    return told


def _message(scene: Scene, agency: str, found: Sequence[Praise], lang: str) -> str:
    def line(row: Praise) -> str:
        about = f" ({row.case_code})" if row.case_code else ""
        return f"• “{shorten(row.text, 300)}”{about}"

    name = scene.book.agency_name(agency, lang)
    head = say(lang, "praise.told", lead=name, n=len(found))
    return "\n".join([head, *(line(row) for row in found[-MOST_TOLD:])])
