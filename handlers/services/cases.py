"""The one writer of cases: opens them, moves them along the lifecycle, keeps the history and the clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.rules import codes, deadlines, duplicates
from handlers.services import photos as photo_rows
from handlers.services import similar
from handlers.services.handing import add_photo as add_photo
from handlers.services.handing import assign as assign
from handlers.services.handing import let_go as let_go
from handlers.services.handing import note_inside as note_inside

# Other modules know the writer by this one name.
from handlers.services.history import SYSTEM as SYSTEM
from handlers.services.history import Actor as Actor
from handlers.services.history import move as move
from handlers.services.history import note as note
from handlers.services.together import NewReport as NewReport
from handlers.services.together import follow as follow
from handlers.services.together import join as join
from handlers.services.together import merge as merge
from handlers.services.together import report_of as report_of
from handlers.talk import Scene
from store.models import Case, CheckIn, Deadline, Helper, Person
from store.queries import cases as rows
from store.words import Status

CHECK_IN_AFTER = timedelta(hours=48)
"""Conant's third step: follow up quickly."""


def open_case(scene: Scene, person: Person, new: NewReport, actor: Actor | None = None) -> Case:
    """A new case from one report: coded, placed in its network, routed and offered. ``actor``: who wrote it down."""
    book = scene.book
    year = codes.buddhist_year(scene.now, book.zone)
    case = Case(
        code=codes.case_code(book.data.city.prefix, year, rows.next_number(scene.unit, year)),
        status=Status.NEW,
        category=new.category,
        network=book.network_for(new.area, new.category),
        text=new.text,
        public_text=new.masked,
        urgent=new.urgent,
        emergency=new.emergency,
        place_text=new.place_text,
        area=new.area,
        lat=new.lat,
        lon=new.lon,
        opened_at=scene.now,
        changed_at=scene.now,
        # Known to be empty, so that nobody asks the database for them.
        helpers=[],
        history=[],
        followers=[],
        deadlines=[],
        **({} if new.photos else {"photos": []}),
        declined_by=[],
        reopened=0,
        rating_text="",
    )
    case.reports.append(report_of(scene, person, new))
    scene.unit.add(case)
    note(scene, case, "reported", actor or Actor("citizen", person), text=new.masked, public=True)
    scene.unit.flush()  # photos and the index of similar cases need the case's id
    for message_id in new.photos:
        photo_rows.take(scene.unit, person, message_id, "before", case, scene.now)
    _mark_chronic(scene, case)
    similar.lay(scene, case)
    offer(scene, case, SYSTEM)
    return case


def _mark_chronic(scene: Scene, case: Case) -> None:
    """The same problem at the same spot as a case closed in the last half year: linked both ways."""
    found = similar.came_back(scene, case)
    if not found:
        return
    case.earlier = list(duplicates.times_reported(found))
    case.recurrence = len(case.earlier) + 1
    note(scene, case, "chronic", SYSTEM, data={"cases": case.earlier, "times": case.recurrence})
    for known in found:
        earlier = rows.by_id(scene.unit, known.case_id)
        if earlier is not None:
            note(scene, earlier, "recurred", SYSTEM, data={"cases": [case.code]})


def place_at(scene: Scene, case: Case, lat: float, lon: float, words: str) -> None:
    """The reporter said more exactly where: from now on the case is found there."""
    case.lat, case.lon, case.place_text = lat, lon, words or case.place_text
    similar.lay(scene, case)


def offer(scene: Scene, case: Case, actor: Actor, *, to: str | None = None, why: str = "") -> None:
    """Offer the case to the agency ``to``, or to the next by rule; its answer is due from now."""
    book = scene.book
    route = book.route(case.area, case.category, case.declined_by)
    lead = to or route.lead
    if lead != case.lead:
        case.assignee_id = None
    case.lead = lead
    case.unassigned = to is None and route.rule is None
    by_rule = to is None and route.rule is not None
    case.routing_reason = {
        "rule": route.rule if by_rule else None,
        "th": route.reason_th if by_rule else "",
        "en": route.reason_en if by_rule else "",
    }
    move(scene, case, Status.OFFERED, actor, "offered", why=why, data={"lead": lead, **case.routing_reason})
    end_deadlines(scene, case, "void")
    start_deadline(scene, case, deadlines.ACK)
    if by_rule:
        ask_helpers(scene, case, route.helpers)


def ask_helpers(scene: Scene, case: Case, helpers: Sequence[tuple[str, str]]) -> list[Helper]:
    """Give other agencies a part of the work; those that already have one are left alone."""
    known = {helper.agency for helper in case.helpers} | {case.lead}
    fresh = [
        Helper(agency=code, task=task, state="asked", since=scene.now)
        for code, task in helpers
        if code not in known
    ]
    case.helpers.extend(fresh)
    return fresh


def accept(scene: Scene, case: Case, actor: Actor) -> None:
    """The agency takes the case: the answer is given, the fix is promised."""
    move(scene, case, Status.ACCEPTED, actor, "accepted")
    case.accepted_at, case.unassigned = scene.now, False
    if actor.person is not None and case.assignee_id is None:
        case.assignee_id = actor.person.id
    end_deadlines(scene, case, "kept", deadlines.ACK)
    start_deadline(scene, case, deadlines.FINISH)


def decline(scene: Scene, case: Case, actor: Actor, why: str, text: str = "") -> None:
    """Not this agency: on to the next by rule. ``why``: area, power, first, duplicate, not_problem or other."""
    note(scene, case, "declined", actor, why=why, text=text, public=True)
    if case.lead and case.lead not in case.declined_by:
        case.declined_by = [*case.declined_by, case.lead]
    to = scene.book.data.city.integrator if why in ("duplicate", "not_problem") else None
    moved_by = actor if case.status != Status.OFFERED else SYSTEM
    offer(scene, case, moved_by, to=to, why=why)
    if to:
        case.unassigned = True


def ask_citizen(
    scene: Scene, case: Case, actor: Actor, question: str, person_id: int, message_id: str | None
) -> None:
    """Wait for an answer of the reporter; the clocks stand still meanwhile."""
    case.before_waiting = case.status
    move(scene, case, Status.WAITING, actor, "asked", text=question, message_id=message_id, public=False)
    case.waiting_since, case.waiting_for = scene.now, person_id
    for deadline in rows.running_deadlines(case):
        deadline.state, deadline.paused_at = "paused", scene.now


def resume(
    scene: Scene, case: Case, actor: Actor, kind: str, text: str = "", message_id: str | None = None
) -> None:
    """Work goes on after an answer (or after a week without one); the promised time starts to run again."""
    back = Status(case.before_waiting or Status.IN_PROGRESS)
    move(scene, case, back, actor, kind, text=text, message_id=message_id, public=False)
    case.waiting_since = case.waiting_for = case.before_waiting = None
    _run_deadlines_again(scene, case)


def progress(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None) -> None:
    """A note that the citizen sees; the first one shows that work has begun."""
    if case.status == Status.ACCEPTED:
        move(scene, case, Status.IN_PROGRESS, actor, "progress", text=text, message_id=message_id)
    else:
        note(scene, case, "progress", actor, text=text, public=True, message_id=message_id)


def finish(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None, photo: bool) -> None:
    """Done, with an after-photo or a written reason."""
    move(scene, case, Status.DONE, actor, "done", text=text, message_id=message_id, data={"photo": photo})
    case.done_at = scene.now
    case.waiting_since = case.waiting_for = case.before_waiting = None
    late = any(d.kind == deadlines.FINISH and d.due_at < scene.now for d in rows.running_deadlines(case))
    end_deadlines(scene, case, "broken" if late else "kept")


def close(scene: Scene, case: Case, actor: Actor, how: str) -> None:
    """The end: ``how`` is "fixed" or "unconfirmed"."""
    move(scene, case, Status.CLOSED, actor, "closed", why=how)
    case.closed_at, case.closed_how = scene.now, how


def reopen(scene: Scene, case: Case, actor: Actor, why: str) -> None:
    """Half fixed or not fixed. Once: the same lead has it at once. Again: the integrator decides."""
    move(scene, case, Status.REOPENED, actor, "reopened", why=why)
    case.reopened += 1
    case.closed_at = case.closed_how = case.done_at = None
    case.nudges, case.rating, case.rating_text = 0, None, ""  # the next closing is rated anew
    lead = case.lead if case.reopened == 1 else scene.book.data.city.integrator
    offer(scene, case, SYSTEM, to=lead, why="reopened")
    if case.reopened == 1:
        accept(scene, case, SYSTEM)
    else:
        case.unassigned = True


def start_deadline(scene: Scene, case: Case, kind: str) -> None:
    """Promise an answer or the fix, in the working hours of the lead."""
    targets = scene.book.targets(case.category, case.urgent)
    hours = targets.ack if kind == deadlines.ACK else targets.finish
    due = deadlines.due(scene.now, hours, scene.book.calendar(case.lead or ""))
    case.deadlines.append(
        Deadline(agency=case.lead or "", kind=kind, due_at=due, next_at=due, state="running")
    )


def end_deadlines(scene: Scene, case: Case, how: str, kind: str | None = None) -> None:
    """Running promises end: kept, broken, or void because the case went elsewhere. Late ones are never "kept"."""
    for deadline in rows.running_deadlines(case, kind):
        late = how == "kept" and deadline.due_at < scene.now
        deadline.state, deadline.ended_at = ("broken" if late else how), scene.now


def due_of(case: Case, kind: str) -> Deadline | None:
    """The running (or paused) promise of that kind."""
    return next(iter(rows.running_deadlines(case, kind)), None)


def plan_check_in(scene: Scene, case: Case, person_id: int) -> None:
    """Ask this member two days after the case was taken whether somebody has been in touch."""
    ref = f"case-{case.id}-{person_id}"
    if rows.check_in(scene.unit, ref) is None:
        scene.unit.add(
            CheckIn(
                ref=ref,
                person_id=person_id,
                case_id=case.id,
                network=case.network,
                state="due",
                due_at=scene.now + CHECK_IN_AFTER,
            )
        )


def _run_deadlines_again(scene: Scene, case: Case) -> None:
    for deadline in rows.running_deadlines(case):
        if deadline.state == "paused" and deadline.paused_at:
            calendar = scene.book.calendar(deadline.agency)
            deadline.due_at = deadlines.shifted(deadline.due_at, deadline.paused_at, scene.now, calendar)
            deadline.next_at = (
                deadlines.rung_at(deadline.kind, deadline.rung, deadline.due_at, calendar) or deadline.due_at
            )
            deadline.state, deadline.paused_at = "running", None
