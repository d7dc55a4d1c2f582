"""News that need no message of their own: they wait with the case and ride on the next message to each who waits for it.

What waits: that it was taken, handed on, promised earlier than thought, a note on the work, that it was closed in
silence or by somebody else, that work goes on. What does not wait is in ``notify``: a question, "done", a later date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from handlers.messages.neutral import Message, Text
from handlers.messages.shorten import shorten
from handlers.messages.texts import LANGUAGES, say
from handlers.messages.times import day, moment
from handlers.rules import deadlines, handover
from handlers.services.clocks import due_of
from handlers.talk import Scene
from nlp import mask
from store.models import Case, Person
from store.queries import cases as rows
from store.queries import people
from store.words import OPEN, CaseKind, Status

MOST_MESSAGES = 5
"""What LINE takes in one send."""
MOST_WORDS = 1500
ACCEPTED, PROGRESS, SILENT, FIXED, REOPENED = "accepted", "progress", "silent", "fixed", "reopened"
_WORKING = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
_ENDS = {SILENT: "told.closed_silent", FIXED: "told.closed_fixed", REOPENED: "told.reopened"}


# --- what waits


def hearers(case: Case) -> list[int]:
    """Ids of everybody who waits for the case: reporters, then followers."""
    return list(dict.fromkeys([*rows.reporters(case), *(f.person_id for f in case.followers)]))


def wait(scene: Scene, case: Case, kind: str, *, but: Iterable[int] = (), **more: Any) -> None:
    """Something to tell at the next occasion, to all but those who know. Of one kind only the newest waits."""
    kept = [item for item in case.untold or [] if item["kind"] != kind]
    if set(hearers(case)) <= set(but):
        return
    item = {"kind": kind, "told": list(but), **more}
    case.untold = [*kept, item]
    mark(scene, case)


def mark(scene: Scene, case: Case) -> None:
    """Whoever waits for the case has news, so that the next message to her looks for them."""
    people.have_news(scene.unit, hearers(case))


def promised(scene: Scene, case: Case) -> None:
    """A first or an earlier date was named: worth a sentence, not a message of its own."""
    wait(scene, case, handover.PROMISE)


def worked(scene: Scene, case: Case, text: str | Callable[[str], str]) -> None:
    """A note on the work. Its words stay in the history, where they can be taken back; ready ones are kept here."""
    ready = {} if isinstance(text, str) else {lang: text(lang) for lang in LANGUAGES}
    wait(scene, case, PROGRESS, said=ready)


def forget_promise(case: Case) -> None:
    """The work is done, or the date was told by itself: what led there need not be told any more."""
    over = (handover.PROMISE, ACCEPTED)
    case.untold = [item for item in case.untold or [] if item["kind"] not in over]


# --- how it is said


def news(scene: Scene, case: Case, lang: str, person: Person | None = None) -> str:
    """One sentence per kind of news that waits (for that person); empty when everything is known."""
    waiting = [item for item in case.untold or [] if not person or person.id not in item.get("told", ())]
    hops = [item["why"] for item in waiting if item["kind"] == handover.HOP]
    kinds = {item["kind"]: item for item in waiting}
    said = [hop_sentence(scene, case, lang, hops)] if hops else []
    working = case.status in _WORKING
    if handover.PROMISE in kinds and case.expected_at:
        said.append(promise_sentence(scene, case, lang))
    elif ACCEPTED in kinds and working:
        said.append(accepted_sentence(scene, case, lang))
    if PROGRESS in kinds:
        masked = person is not None and person.id not in rows.reporters(case)
        said.append(_progress_sentence(scene, case, lang, kinds[PROGRESS], masked))
    still = {
        SILENT: case.status == Status.CLOSED,
        FIXED: case.status == Status.CLOSED,
        REOPENED: case.status in OPEN,
    }
    said += [
        _sentence(scene, case, lang, key) for kind, key in _ENDS.items() if kind in kinds and still[kind]
    ]
    return "\n".join(sentence for sentence in said if sentence)


def _sentence(scene: Scene, case: Case, lang: str, key: str) -> str:
    return say(lang, key, code=case.code, lead=scene.book.agency_name(case.lead, lang))


def accepted_sentence(scene: Scene, case: Case, lang: str) -> str:
    """Taken, and until when it should be fixed."""
    due = due_of(case, deadlines.FINISH)
    until = moment(due.due_at, scene.now, scene.book.zone, lang) if due else ""
    key = "told.accepted" if case.kind == CaseKind.PROBLEM else f"told.accepted_{case.kind}"
    return say(lang, key, code=case.code, lead=scene.book.agency_name(case.lead, lang), until=until)


def _progress_sentence(scene: Scene, case: Case, lang: str, item: dict[str, Any], masked: bool) -> str:
    """The newest note that stands; empty when its words were taken back."""
    row = next((r for r in reversed(case.history) if r.kind == "progress" and r.public and r.text), None)
    if row is None:
        return ""
    words = item.get("said", {}).get(lang) or row.text
    said = shorten(mask(words) if masked else words, MOST_WORDS)
    return say(
        lang, "told.progress", code=case.code, lead=scene.book.agency_name(row.agency, lang), text=said
    )


def hop_sentence(scene: Scene, case: Case, lang: str, whys: list[str]) -> str:
    """Who has it now and why, without blame; several hand-overs are one sentence."""
    why = next((why for why in reversed(whys) if why in handover.REASONS), "")
    reason = say(lang, f"told.why_{why}") if why else ""
    lead = scene.book.agency_name(case.lead, lang)
    key = "told.to_center" if case.unassigned else "told.handed_on"
    return " ".join(say(lang, key, code=case.code, lead=lead, reason=reason).split(" ")).replace("  ", " ")


def promise_sentence(scene: Scene, case: Case, lang: str) -> str:
    """By when the lead expects to be done."""
    until = day(case.expected_at or scene.now, scene.now, scene.book.zone, lang)
    return say(
        lang, "told.promised", code=case.code, lead=scene.book.agency_name(case.lead, lang), until=until
    )


# --- riding along


def with_news(
    scene: Scene, case: Case, lang: str, messages: list[Message], person: Person | None = None
) -> list[Message]:
    """The same messages with what waits about this case said first."""
    said = news(scene, case, lang, person)
    if not said or not messages:
        return messages
    first = messages[0]
    if isinstance(first, Text):
        return [replace(first, text=f"{said}\n\n{first.text}"), *messages[1:]]
    return [Text(said), *messages]


def ride(scene: Scene, person: Person, messages: list[Message]) -> list[Message]:
    """The same messages with everything that waits for this person said first, once; free of LINE's counting."""
    if not person.news or not messages or len(messages) >= MOST_MESSAGES:
        return messages
    person.news = False
    hers = [case.id for case in rows.of_person(scene.unit, person.id, limit=30) if case.untold]
    said = []
    for case in rows.by_ids(scene.unit, hers) if hers else ():
        said.append(news(scene, case, person.language, person))
        told(scene, case, [person.id])
    found = "\n\n".join(sentence for sentence in said if sentence)
    return [Text(shorten(found, 4500)), *messages] if found else messages


def told(scene: Scene, case: Case, people_ids: Iterable[int]) -> None:
    """These people know now; when that is everybody who waits for the case, nothing waits any more."""
    if not case.untold:
        return
    now_known, everybody = set(people_ids), set(hearers(case))
    marked = [{**item, "told": sorted({*item.get("told", ()), *now_known})} for item in case.untold]
    case.untold = [item for item in marked if not everybody <= set(item["told"])]
    case.told_at = scene.now
    if not any(item["kind"] == handover.HOP for item in case.untold):
        case.untold_since = None
