"""The one writer of cases: opens them, moves them along the lifecycle, keeps the history and the clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.messages.texts import LANGUAGES, say
from handlers.rules import codes, deadlines, duplicates, handover
from handlers.rules.routing import Route
from handlers.services import clocks, similar
from handlers.services import photos as photo_rows
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
from store.models import Case, CaseNetwork, CheckIn, Helper, Person
from store.queries import cases as rows
from store.words import CaseKind, Status

CHECK_IN_AFTER = timedelta(hours=48)
"""Conant's third step: follow up quickly."""


def open_case(scene: Scene, person: Person, new: NewReport, actor: Actor | None = None) -> Case:
    """A new case from one report: coded, placed in its network, routed and offered. ``actor``: who wrote it down."""
    book = scene.book
    year = codes.buddhist_year(scene.now, book.zone)
    case = Case(
        code=codes.case_code(book.data.city.prefix, year, rows.next_number(scene.unit, year)),
        status=Status.NEW,
        kind=new.kind.value,
        category=new.category,
        network=None if new.outside else book.network_for(new.area, new.category),
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
        untold=[],
        reopened=0,
        rating_text="",
    )
    case.reports.append(report_of(scene, person, new))
    scene.unit.add(case)
    for code in () if new.outside else book.further_networks(new.area, new.category, case.network):
        scene.unit.add(CaseNetwork(case=case, network=code))
    note(scene, case, "reported", actor or Actor("citizen", person), text=new.masked, public=True)
    if new.photos:
        scene.unit.flush()  # their rows need the case's id
    for message_id in new.photos:
        photo_rows.take(scene.unit, person, message_id, "before", case, scene.now)
    _mark_chronic(scene, case)
    similar.lay(scene, case)
    if new.outside:
        _pass_on(scene, case)
    else:
        offer(scene, case, SYSTEM, to=new.to)
    return case


def _pass_on(scene: Scene, case: Case) -> None:
    """Not ours to fix, but not left alone: the integrator finds out whose it is."""
    offer(scene, case, SYSTEM, to=scene.book.data.city.integrator, why="outside")
    case.unassigned = True
    case.routing_reason = {
        "rule": None,
        "outside": True,
        **{lang: say(lang, "case.outside") for lang in LANGUAGES},
    }


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
    route = scene.book.route(case.area, case.category, case.declined_by)
    by_rule = to is None and (route.rule is not None or route.prime)
    before, case.lead = case.lead, to or route.lead
    if before != case.lead:
        case.assignee_id = None
    case.unassigned = to is None and not by_rule
    case.routing_reason = _reason(scene, route) if by_rule else {"rule": None, "th": "", "en": ""}
    move(
        scene,
        case,
        Status.OFFERED,
        actor,
        "offered",
        why=why,
        data={"lead": case.lead, **case.routing_reason},
    )
    clocks.end_deadlines(scene, case, "void")
    clocks.start_deadline(scene, case, deadlines.ACK)
    case.expected_at = None
    if before and before != case.lead and why != "reopened":
        handover.remember(case, scene.now, why)
    _leads_now(scene, case)
    if by_rule and case.kind == CaseKind.PROBLEM:
        ask_helpers(scene, case, route.helpers)


def _reason(scene: Scene, route: Route) -> dict[str, object]:
    """Why this agency: the row as it read then."""
    return {
        "rule": route.rule,
        "prime": route.prime,
        "version": scene.book.data.routing_version,
        "th": route.reason_th,
        "en": route.reason_en,
    }


def _leads_now(scene: Scene, case: Case) -> None:
    """Who leads does not help itself."""
    for helper in [h for h in case.helpers if h.agency == case.lead]:
        clocks.helper_ended(scene, case, helper, "void")
        scene.unit.flush()  # a row must have been written before it can be taken away
        case.helpers.remove(helper)
        scene.unit.delete(helper)


def ask_helpers(scene: Scene, case: Case, helpers: Sequence[tuple[str, str]]) -> list[Helper]:
    """Give other agencies a part of the work, each with its own clock; those that already have one are left alone."""
    known = {helper.agency for helper in case.helpers} | {case.lead}
    fresh = [
        Helper(agency=code, task=task, state="asked", since=scene.now)
        for code, task in helpers
        if code not in known
    ]
    case.helpers.extend(fresh)
    for helper in fresh:
        clocks.helper_asked(scene, case, helper)
    return fresh


def accept(scene: Scene, case: Case, actor: Actor) -> None:
    """The agency takes the case: the answer is given, the fix is promised, a date is wished for."""
    move(scene, case, Status.ACCEPTED, actor, "accepted")
    case.accepted_at, case.unassigned, case.overdue_at = scene.now, False, None
    if actor.person is not None and case.assignee_id is None:
        case.assignee_id = actor.person.id
    clocks.end_deadlines(scene, case, "kept", deadlines.ACK)
    if case.kind != CaseKind.SUGGESTION:
        clocks.start_deadline(scene, case, deadlines.FINISH)
    if case.kind == CaseKind.PROBLEM:
        clocks.start_deadline(scene, case, deadlines.PLAN)


def decline(
    scene: Scene,
    case: Case,
    actor: Actor,
    why: str,
    text: str = "",
    *,
    agency: str | None = None,
    same_as: str | None = None,
) -> None:
    """Not this agency: on to the one it names, or to the next by rule.

    ``why``: area, power, first, duplicate, not_problem or other. ``agency``: whom it suggests, which must be able to
    lead (``handover.suggestion_fault``). ``same_as``: code of the case that this one repeats. The last two reasons
    go to the coordinator, who decides.
    """
    data: dict[str, object] = {"lead": case.lead, "agency": agency, "same_as": same_as}
    note(scene, case, "declined", actor, why=why, text=text, public=True, data=data)
    if case.lead and case.lead not in case.declined_by:
        case.declined_by = [*case.declined_by, case.lead]
    to = scene.book.data.city.integrator if why in handover.FOR_COORDINATOR else agency
    moved_by = actor if case.status != Status.OFFERED else SYSTEM
    offer(scene, case, moved_by, to=to, why=why)
    if why in handover.FOR_COORDINATOR:
        case.unassigned = True


def promise(
    scene: Scene, case: Case, actor: Actor, at: datetime, shown: str, *, why: str = "", reason: str = ""
) -> None:
    """The lead says by when it will be done (``shown``: the day in words), or names another day with a reason."""
    before = case.expected_at
    clocks.promise(scene, case, at)
    data: dict[str, object] = {"lead": case.lead, "at": at.isoformat(), "was": before and before.isoformat()}
    text = f"{shown} ({reason})" if reason else shown
    note(scene, case, "promised", actor, text=text, why=why, public=True, data=data)


def ask_citizen(
    scene: Scene, case: Case, actor: Actor, question: str, person_id: int, message_id: str | None
) -> None:
    """Wait for an answer of the reporter; the clocks stand still meanwhile."""
    before = case.status
    move(scene, case, Status.WAITING, actor, "asked", text=question, message_id=message_id, public=False)
    case.before_waiting = before  # after the move: a refused second question must not change what is kept
    case.waiting_since, case.waiting_for = scene.now, person_id
    clocks.pause(scene, case)


def resume(
    scene: Scene, case: Case, actor: Actor, kind: str, text: str = "", message_id: str | None = None
) -> None:
    """Work goes on after an answer (or after a week without one); the promised time starts to run again."""
    back = Status(case.before_waiting or Status.IN_PROGRESS)
    move(scene, case, back, actor, kind, text=text, message_id=message_id, public=False)
    case.waiting_since = case.waiting_for = case.before_waiting = None
    clocks.run_again(scene, case)


def progress(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None) -> None:
    """A note that the citizen sees; the first one shows that work has begun."""
    if case.status == Status.ACCEPTED:
        move(scene, case, Status.IN_PROGRESS, actor, "progress", text=text, message_id=message_id)
    else:
        note(scene, case, "progress", actor, text=text, public=True, message_id=message_id)


def finish(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None, photo: bool) -> None:
    """Done, with an after-photo or a written reason."""
    move(scene, case, Status.DONE, actor, "done", text=text, message_id=message_id, data={"photo": photo})
    _finished(scene, case)


def _finished(scene: Scene, case: Case) -> None:
    case.done_at = scene.now
    case.waiting_since = case.waiting_for = case.before_waiting = None
    case.overdue_at = None
    clocks.end_deadlines(scene, case, "kept")
    clocks.end_deadlines(scene, case, "void", *deadlines.HELP_KINDS)


def answer(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None) -> None:
    """A question or suggestion is answered in words; an offered one is taken with that."""
    if case.status == Status.OFFERED:
        accept(scene, case, actor)
    move(scene, case, Status.DONE, actor, "replied", text=text, message_id=message_id)
    _finished(scene, case)


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


def plan_check_in(scene: Scene, case: Case, person_id: int) -> None:
    """Ask this member two days after the case was taken whether somebody has been in touch."""
    ref = f"case-{case.code}-{person_id}"
    if rows.check_in(scene.unit, ref) is None:
        scene.unit.add(
            CheckIn(
                ref=ref,
                person_id=person_id,
                case=case,
                network=case.network,
                state="due",
                due_at=scene.now + CHECK_IN_AFTER,
            )
        )
