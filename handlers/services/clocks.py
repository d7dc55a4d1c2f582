"""The promises of a case: started, paused, moved and ended; the lead's and each helper's apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.rules import deadlines
from handlers.talk import Scene
from store.models import Case, Deadline, Helper
from store.queries import cases as rows


def start_deadline(scene: Scene, case: Case, kind: str) -> None:
    """Promise an answer, a date or the fix, in the working hours of the lead."""
    targets = scene.book.targets(case.category, case.urgent)
    hours = {deadlines.ACK: targets.ack, deadlines.PLAN: targets.plan, deadlines.FINISH: targets.finish}[kind]
    start(scene, case, case.lead or "", kind, hours)


def start(scene: Scene, case: Case, agency: str, kind: str, hours: float) -> None:
    """A promise of ``agency`` that is due in so many of its working hours."""
    due = deadlines.due(scene.now, hours, scene.book.calendar(agency))
    _add(case, agency, kind, due)


def _add(case: Case, agency: str, kind: str, due: datetime) -> None:
    case.deadlines.append(
        Deadline(agency=agency, kind=kind, due_at=due, next_at=due, rung=0, state="running")
    )


def end_deadlines(scene: Scene, case: Case, how: str, *kinds: str) -> None:
    """Running promises of those kinds (default: all of the lead) end: kept, or void because the case went elsewhere.

    Late ones are never "kept" or "moved": they are broken.
    """
    for deadline in _running(case, kinds or deadlines.LEAD_KINDS):
        _end(deadline, how, scene.now)


def _end(deadline: Deadline, how: str, now: datetime) -> None:
    reached = deadline.paused_at or now
    late = how in ("kept", "moved") and deadline.due_at < reached
    deadline.state, deadline.ended_at = ("broken" if late else how), now


def end_all(scene: Scene, case: Case) -> None:
    """Nothing is promised any more: the case was merged, rejected or forgotten."""
    end_deadlines(scene, case, "void", *deadlines.LEAD_KINDS, *deadlines.HELP_KINDS)


def _running(case: Case, kinds: Sequence[str]) -> list[Deadline]:
    return [deadline for deadline in rows.running_deadlines(case) if deadline.kind in kinds]


def due_of(case: Case, kind: str) -> Deadline | None:
    """The running (or paused) promise of that kind; a helper's kinds need ``helper_due``."""
    return next(iter(rows.running_deadlines(case, kind)), None)


def shown(case: Case) -> Deadline | None:
    """The promise that is told: the answer, then the lead's own date, then the city's target."""
    return next((found for kind in deadlines.SHOWN_KINDS if (found := due_of(case, kind))), None)


def helper_due(case: Case, agency: str) -> Deadline | None:
    """The running promise of a helping agency."""
    return next((d for d in _running(case, deadlines.HELP_KINDS) if d.agency == agency), None)


# --- waiting for the citizen


def pause(scene: Scene, case: Case) -> None:
    """The lead's clocks stand still; helpers go on with their part."""
    for deadline in _running(case, deadlines.LEAD_KINDS):
        deadline.state, deadline.paused_at = "paused", scene.now


def run_again(scene: Scene, case: Case) -> None:
    """The time that was left is left still, from now on."""
    for deadline in rows.running_deadlines(case):
        if deadline.state == "paused" and deadline.paused_at:
            calendar = scene.book.calendar(deadline.agency)
            deadline.due_at = deadlines.shifted(deadline.due_at, deadline.paused_at, scene.now, calendar)
            following = deadlines.rung_at(deadline.kind, deadline.rung, deadline.due_at, calendar)
            deadline.next_at = following or deadline.due_at
            deadline.state, deadline.paused_at = "running", None
            if deadline.kind == deadlines.PROMISE:
                case.expected_at = deadline.due_at


# --- the lead's own date


def promise(scene: Scene, case: Case, at: datetime) -> None:
    """The lead says by when: the wish for a date is met, an earlier date is replaced."""
    end_deadlines(scene, case, "kept", deadlines.PLAN)
    end_deadlines(scene, case, "moved", deadlines.PROMISE)
    case.expected_at = at
    _add(case, case.lead or "", deadlines.PROMISE, at)


# --- helpers


def helper_asked(scene: Scene, case: Case, helper: Helper) -> None:
    """Its answer is due."""
    hours = scene.book.targets(case.category, case.urgent).ack
    start(scene, case, helper.agency, deadlines.HELP_ACK, hours)


def helper_accepted(scene: Scene, case: Case, helper: Helper) -> None:
    """It has answered; its part is due."""
    _end_helper(scene, case, helper, "kept")
    hours = scene.book.targets(case.category, case.urgent).finish
    start(scene, case, helper.agency, deadlines.HELP_FINISH, hours)


def helper_ended(scene: Scene, case: Case, helper: Helper, how: str) -> None:
    """Its part is over: "kept" when done, "void" when it declined or leads now."""
    _end_helper(scene, case, helper, how)


def _end_helper(scene: Scene, case: Case, helper: Helper, how: str) -> None:
    for deadline in _running(case, deadlines.HELP_KINDS):
        if deadline.agency == helper.agency:
            _end(deadline, how, scene.now)
