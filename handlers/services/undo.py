"""Taking back, within a minute, what has not reached the citizen.

What a case was before stands in the row of history that the act wrote. Messages that still wait are withdrawn; once one
was sent nothing is taken back, for then somebody knows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.rules import deadlines, lifecycle
from handlers.services import photos as photo_rows
from handlers.services.history import Actor, move, note
from handlers.talk import Scene
from store.models import Case, Deadline, History, Outbox, Person
from store.queries import cases as rows
from store.queries import outbox, people
from store.words import Purpose, RowState, Status

WINDOW = timedelta(seconds=60)
_TO_CITIZENS = (Purpose.CASE, Purpose.FOLLOWER)
_FIELDS = ("lead", "assignee_id", "unassigned", "declined_by", "routing_reason", "untold")


class TooLate(ValueError):
    """It can't be taken back: "late", "reached" (a citizen knows) or "went_on" (something else happened since)."""


def before(case: Case) -> dict[str, Any]:
    """What must be known to undo the act that comes next."""
    running = [deadline.id for deadline in rows.running_deadlines(case)]
    fields = {name: getattr(case, name) for name in _FIELDS}
    return {"status": case.status, "rows": len(case.history), "running": running, **fields}


def remember(case: Case, actor: Actor, was: dict[str, Any]) -> History:
    """Keep it with the last thing that the act did."""
    row = case.history[-1]
    by = {"by": actor.person.id if actor.person else None, "role": actor.role, "agency": actor.agency}
    row.data = {**row.data, "undo": {**was, **by}}
    return row


def possible(scene: Scene, case: Case, row: History) -> bool:
    """Whether the act may be offered to be undone: nothing of it leaves for a citizen at once."""
    scene.unit.flush()
    held = [m for m in _messages(scene, case, row) if m.purpose in _TO_CITIZENS]
    return all(m.state == RowState.HELD or (m.due_at is not None and m.due_at > scene.now) for m in held)


def did(case: Case, person: Person, row_id: int) -> bool:
    """Whether that row is an act of hers that could ever be undone."""
    return any(r.id == row_id and r.data.get("undo", {}).get("by") == person.id for r in case.history)


def take_back(scene: Scene, case: Case, person: Person, row_id: int) -> list[Person]:
    """Undo her act that ended in that row of history; gives colleagues who have seen it already.

    Raises ``TooLate``; then nothing has changed.
    """
    row = case.history[-1]
    if row.id != row_id:
        raise TooLate("went_on")
    was = row.data["undo"]
    actor = Actor(was["role"], person, was["agency"])
    if scene.now - row.at > WINDOW:
        raise TooLate("late")
    if case.told_at is not None and case.told_at > row.at:
        raise TooLate("reached")  # somebody has read it with another message
    known = _withdraw(scene, case, row)
    for done in case.history[was["rows"] :]:
        _forget(scene, done)
    _restore(scene, case, actor, row, was)
    return people.by_ids(scene.unit, known)


def _messages(scene: Scene, case: Case, row: History) -> list[Outbox]:
    return outbox.of_case_since(scene.unit, case.id, row.at)


def _withdraw(scene: Scene, case: Case, row: History) -> list[int]:
    """Take back what still waits; gives the ids of people whose card has been sent."""
    written = _messages(scene, case, row)
    if any(m.purpose in _TO_CITIZENS and not _waits(m) for m in written):
        raise TooLate("reached")
    for message in written:
        if message.purpose in (*_TO_CITIZENS, Purpose.CARD) and _waits(message):
            message.state, message.messages, message.once = RowState.REMOVED, [], None
    seen = [m.person_id for m in written if m.purpose == Purpose.CARD and m.state != RowState.REMOVED]
    return [person_id for person_id in seen if person_id is not None]


def _waits(message: Outbox) -> bool:
    return message.state in (RowState.WAITING, RowState.HELD, RowState.REMOVED) and message.attempts == 0


def _forget(scene: Scene, row: History) -> None:
    """The row stays; its words and its picture go."""
    row.text, row.public = "", False
    row.data = {**row.data, "undone": True}
    if row.message_id:
        photo_rows.remove_message(scene.unit, row.message_id)


def _restore(scene: Scene, case: Case, actor: Actor, row: History, was: dict[str, Any]) -> None:
    back = Status(was["status"])
    if back == Status.WAITING:  # the question is over: whoever was asked need not answer any more
        back = Status.IN_PROGRESS
    if case.status != back or was["lead"] != case.lead:
        move(scene, case, back, actor, "undone", public=False)
        _rewind(scene, case, row, was["running"])
    else:
        note(scene, case, "undone", actor)
    for name in _FIELDS:
        setattr(case, name, was[name])
    if not case.untold:
        case.untold_since = None


def _rewind(scene: Scene, case: Case, row: History, running: list[int]) -> None:
    """Promises that the act ended run again, those it made are void, helpers it asked are free."""
    for deadline in case.deadlines:
        _turn_back(scene, deadline, running)
    for helper in [h for h in case.helpers if h.since >= row.at and h.state == "asked"]:
        case.helpers.remove(helper)
        scene.unit.delete(helper)
    promised = next(iter(rows.running_deadlines(case, deadlines.PROMISE)), None)
    case.expected_at = promised.due_at if promised else None
    if case.status in lifecycle.BEFORE_DONE:
        case.done_at = None
    if case.status == Status.OFFERED:
        case.accepted_at = None


def _turn_back(scene: Scene, deadline: Deadline, running: list[int]) -> None:
    over = deadline.state not in ("running", "paused")
    if deadline.id in running and over:
        deadline.state, deadline.ended_at = "running", None
    elif deadline.id not in running and not over:
        deadline.state, deadline.ended_at = "void", scene.now
