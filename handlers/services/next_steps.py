"""Where a case stands and what happens next, in one sentence for the citizen."""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import deadlines, lifecycle
from handlers.services.clocks import due_of
from handlers.talk import Scene
from store.models import Case
from store.words import CaseKind, Status

_WORKING = (Status.ACCEPTED, Status.IN_PROGRESS)
_ENDED = {Status.CLOSED: "closed", Status.REJECTED: "rejected", Status.MERGED: "merged"}


def sentence(scene: Scene, case: Case, lang: str, *, own: bool = True) -> str:
    """The sentence. ``own``: to a reporter, who can answer and confirm."""
    lead = scene.book.agency_name(case.lead, lang)
    return say(lang, f"next.{_key(scene, case, own)}", lead=lead, until=_until(scene, case, lang))


def _key(scene: Scene, case: Case, own: bool) -> str:
    status = Status(case.status)
    if status in _ENDED:
        return _ended(scene, case, own)
    if status == Status.WAITING:
        return "waiting_you" if own and case.waiting_for is not None else "waiting"
    if status == Status.DONE:
        kind = "done" if case.kind == CaseKind.PROBLEM else "answered"
        return f"{kind}_you" if own else kind
    if case.kind == CaseKind.SUGGESTION:
        return "suggestion_kept" if status in _WORKING else "suggestion"
    late = "_late" if _late(scene, case) else ""
    if case.kind == CaseKind.QUESTION:
        return f"question{late}"
    if status in _WORKING:
        return f"{status.value}{late}"
    return "center" if case.unassigned else f"offered{late}"


def _ended(scene: Scene, case: Case, own: bool) -> str:
    fresh = case.closed_at is not None and scene.now - case.closed_at <= _REOPEN
    name = _ENDED[Status(case.status)]
    return "closed_you" if own and fresh and name == "closed" else name


_REOPEN = timedelta(days=lifecycle.REOPEN_DAYS)


def _late(scene: Scene, case: Case) -> bool:
    return any(d.due_at < scene.now for d in case.deadlines if d.state == "running")


def _until(scene: Scene, case: Case, lang: str) -> str:
    """The time that the sentence speaks of: of the running promise, else the last day to reopen."""
    found = due_of(case, deadlines.ACK) or due_of(case, deadlines.FINISH)
    at = found.due_at if found else (case.closed_at or scene.now) + _REOPEN
    return moment(at, scene.now, scene.book.zone, lang)
