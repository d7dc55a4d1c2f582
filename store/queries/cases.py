"""Cases and what hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select, text, update
from sqlalchemy.orm import selectinload

from store.city_data import EVERYWHERE
from store.models import (
    ApiRequest,
    Case,
    CaseNumber,
    CheckIn,
    Deadline,
    Follower,
    Helper,
    History,
    Photo,
    Report,
    UsualTime,
)
from store.unit import Unit
from store.words import LEAD_CLOCKS, OPEN, Status

_OVER = (Status.CLOSED, Status.REJECTED, Status.MERGED)
MOST_OPEN = 50


def by_code(unit: Unit, code: str) -> Case | None:
    """One case, locked on engines that lock rows because it is read to be changed."""
    return unit.session.scalar(select(Case).where(Case.code == code).with_for_update())


def to_show(unit: Unit, ids: Iterable[int]) -> dict[int, Case]:
    """Cases by id, only to look at, with their reports and photos."""
    query = select(Case).where(Case.id.in_(list(ids)))
    query = query.options(selectinload(Case.reports), selectinload(Case.photos))
    return {case.id: case for case in unit.session.scalars(query)}


def to_change(unit: Unit, case_id: int) -> Case | None:
    """One case by its id, locked like ``by_code``."""
    return unit.session.scalar(select(Case).where(Case.id == case_id).with_for_update())


def by_id(unit: Unit, case_id: int) -> Case | None:
    return unit.get(Case, case_id)


def look_up(unit: Unit, code: str) -> Case | None:
    """One case, only to look at."""
    return unit.session.scalar(select(Case).where(Case.code == code))


_NEXT_NUMBER = text(
    "INSERT INTO case_number (year, last) VALUES (:year, :count)"
    " ON CONFLICT (year) DO UPDATE SET last = case_number.last + :count RETURNING last"
)
_GIVE_BACK = text("UPDATE case_number SET last = last - :count WHERE year = :year")


def next_number(unit: Unit, year: int) -> int:
    """The next case number of a Buddhist year; safe with several writers, also for the year's first case.

    A unit of several decisions takes one for each at once. Nobody can take later ones before it ends, so what is
    left goes back and no number is missing.
    """
    taken = unit.once(CaseNumber, str(year), lambda: _numbers(unit, year))
    if not taken:
        values = {"year": year, "count": unit.decisions}
        last = int(unit.session.connection().execute(_NEXT_NUMBER, values).scalar_one())
        taken.extend(range(last, last - unit.decisions, -1))
    return taken.pop()


def _numbers(unit: Unit, year: int) -> list[int]:
    """Room for numbers that the unit takes, the next one last; what is left in it at the unit's end goes back."""
    left: list[int] = []

    def give_back() -> None:
        if left:
            unit.session.connection().execute(_GIVE_BACK, {"year": year, "count": len(left)})

    unit.at_end(give_back)
    return left


def of_person(unit: Unit, person_id: int, limit: int = 10) -> list[Case]:
    """Cases she reported or follows, newest first."""
    reported = select(Report.case_id).where(Report.person_id == person_id)
    followed = select(Follower.case_id).where(Follower.person_id == person_id)
    query = select(Case).where(or_(Case.id.in_(reported), Case.id.in_(followed)))
    return list(unit.session.scalars(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(limit)))


def her_own(person_id: int | BindParameter[int]) -> Select[int]:
    """Ids of cases that she reported for herself, not for somebody without LINE."""
    return select(Report.case_id).where(Report.person_id == person_id, Report.channel == "line")


_NOT_CLOSED = (*OPEN, Status.DONE)
_OPEN_OF = (
    select(Case)
    .where(Case.id.in_(her_own(bindparam("person"))), Case.status.in_(_NOT_CLOSED))
    .order_by(Case.opened_at.desc(), Case.id.desc())
    .limit(MOST_OPEN)
)
_OPEN_OF_MANY = (
    select(Report.person_id, Case)
    .join(Case, Case.id == Report.case_id)
    .where(Report.person_id.in_(bindparam("people", expanding=True)), Report.channel == "line")
    .where(Case.status.in_(_NOT_CLOSED))
    .order_by(Case.opened_at.desc(), Case.id.desc())
)
# Put together once: these are asked with every message.
_USUAL = select(UsualTime).where(UsualTime.category == bindparam("category"))


def open_of(unit: Unit, person_id: int) -> list[Case]:
    """Her own cases that are not closed yet, the newest 50 first."""
    known: list[Case] | None = unit.seen.get((Case, f"of/{person_id}"))
    if known is not None:
        return [case for case in known if case.status in _NOT_CLOSED]
    return list(unit.session.scalars(_OPEN_OF, {"person": person_id}))


def look_up_open(unit: Unit, people: Collection[int]) -> None:
    """Read what ``open_of`` gives for several people of one unit at once."""
    found: dict[int, list[Case]] = {person: [] for person in people}
    for person, case in unit.session.execute(_OPEN_OF_MANY, {"people": list(people)}).unique():
        if len(found[person]) < MOST_OPEN:
            found[person].append(case)
    unit.seen.update({(Case, f"of/{person}"): cases for person, cases in found.items()})


def assigned_to(unit: Unit, person_id: int, agency: str) -> list[Case]:
    """Open cases of an agency that one of its officials has."""
    query = select(Case).where(Case.assignee_id == person_id, Case.lead == agency)
    return list(unit.session.scalars(query.where(Case.status.in_(OPEN)).order_by(Case.id).with_for_update()))


def near_in_time(
    unit: Unit, lead: str, statuses: Sequence[str], since: datetime, until: datetime, limit: int
) -> list[Case]:
    """Cases of one lead that were opened in that time, the oldest first."""
    query = select(Case).where(Case.lead == lead, Case.status.in_(statuses))
    query = query.where(Case.opened_at.between(since, until)).order_by(Case.opened_at, Case.id)
    return list(unit.session.scalars(query.limit(limit)))


def by_ids(unit: Unit, ids: Iterable[int]) -> list[Case]:
    """Cases locked in one order, because they are read to be changed together."""
    query = select(Case).where(Case.id.in_(list(ids))).order_by(Case.id)
    return list(unit.session.scalars(query.with_for_update()))


def reporters(case: Case) -> list[int]:
    """Ids of the people who reported it, each once, in order; those who joined later among them."""
    return list(dict.fromkeys(report.person_id for report in case.reports))


def authors(case: Case) -> list[int]:
    """Ids of the people whose report opened it: they are asked whether it is fixed; others joined later."""
    return list(dict.fromkeys(report.person_id for report in case.reports if not report.joined))


def _late(now: datetime) -> Select[int]:
    """Ids of cases of which the lead has let a promise pass; a late helper makes no case late."""
    return select(Deadline.case_id).where(
        Deadline.state == "running", Deadline.due_at < now, Deadline.kind.in_(LEAD_CLOCKS)
    )


def silent_since(unit: Unit, status: Status, before: datetime, limit: int = 200) -> list[Case]:
    """Cases that have stood in ``status`` since before then."""
    query = select(Case).where(Case.status == status, Case.changed_at < before)
    return list(
        unit.session.scalars(query.order_by(Case.changed_at).limit(limit).with_for_update(skip_locked=True))
    )


def due_deadlines(
    unit: Unit, now: datetime, limit: int = 500, *, emergencies: bool = False
) -> list[tuple[Deadline, Case]]:
    """Promises whose next rung is due, oldest first; only of dangers to life if told."""
    query = select(Deadline, Case).join(Case).where(Deadline.state == "running", Deadline.next_at <= now)
    if emergencies:
        query = query.where(Case.emergency.is_not(None))
    rows = unit.session.execute(
        query.order_by(Deadline.next_at).limit(limit).with_for_update(skip_locked=True)
    )
    return [(deadline, case) for deadline, case in rows]


def listing(unit: Unit, status: str | None = None) -> list[Case]:
    """All cases with what their JSON needs, oldest first."""
    query = select(Case).options(
        selectinload(Case.reports),
        selectinload(Case.helpers),
        selectinload(Case.history),
        selectinload(Case.followers),
        selectinload(Case.deadlines),
        selectinload(Case.photos),
    )
    if status:
        query = query.where(Case.status == status)
    return list(unit.session.scalars(query.order_by(Case.id)))


def in_network(unit: Unit, network: str, since: datetime, now: datetime) -> dict[str, list[Case]]:
    """A network's cases for a digest: opened since, overdue now, finished since."""
    base = select(Case).where(Case.network == network)
    late = _late(now)
    queries = {
        "new": base.where(Case.opened_at > since),
        "overdue": base.where(Case.status.in_(OPEN), Case.id.in_(late)),
        "done": base.where(Case.done_at > since),
    }
    return {
        name: list(unit.session.scalars(q.order_by(Case.opened_at.desc()))) for name, q in queries.items()
    }


def network_counts(unit: Unit, network: str) -> dict[str, int]:
    """Number of cases of a network by status."""
    query = select(Case.status, func.count()).where(Case.network == network).group_by(Case.status)
    return {status: n for status, n in unit.session.execute(query)}


def status_counts(unit: Unit) -> dict[str, int]:
    query = select(Case.status, func.count()).group_by(Case.status)
    return {status: n for status, n in unit.session.execute(query)}


def overdue_count(unit: Unit, now: datetime) -> int:
    """Open cases of which a promise has passed."""
    late = _late(now)
    query = select(func.count()).select_from(Case).where(Case.status.in_(OPEN), Case.id.in_(late))
    return unit.session.scalar(query) or 0


def said_in(unit: Unit, message_id: str) -> list[History]:
    """Rows of history that hold the words of one LINE message."""
    return list(unit.session.scalars(select(History).where(History.message_id == message_id)))


def reports_of(unit: Unit, person_id: int) -> list[Report]:
    return list(unit.session.scalars(select(Report).where(Report.person_id == person_id)))


def joined_only(unit: Unit, case_id: int, person_id: int) -> bool:
    """Whether she reported the case only after others had."""
    mine = select(Report.joined).where(Report.case_id == case_id, Report.person_id == person_id)
    found = list(unit.session.scalars(mine))
    return bool(found) and all(found)


def history_of(unit: Unit, person_id: int) -> list[History]:
    """What a person did or said, in any case."""
    return list(unit.session.scalars(select(History).where(History.person_id == person_id)))


def spoken_for(unit: Unit, person_id: int) -> list[Report]:
    """Reports of people without LINE for whom she is the one to be asked."""
    query = select(Report).where(Report.person_id == person_id, Report.channel.not_in(("line", "nobody")))
    return list(unit.session.scalars(query.order_by(Report.id)))


def forget_contacts(unit: Unit, closed_before: datetime) -> int:
    """Names and phones of people without LINE are not kept once their case has been closed for so long."""
    closed = select(Case.id).where(
        Case.status.in_(_OVER), func.coalesce(Case.closed_at, Case.changed_at) < closed_before
    )
    held = or_(Report.contact_name != "", Report.contact_phone != "")
    unit.change(
        update(ApiRequest).where(ApiRequest.email != "", ApiRequest.case_id.in_(closed)).values(email="")
    )
    query = update(Report).where(held, Report.case_id.in_(closed))
    return unit.change(query.values(contact_name="", contact_phone="", contact_consented_at=None))


def photos_of(unit: Unit, person_id: int) -> list[Photo]:
    return list(unit.session.scalars(select(Photo).where(Photo.person_id == person_id)))


def photo(unit: Unit, token: str) -> Photo | None:
    return unit.session.scalar(select(Photo).where(Photo.token == token))


def alike(unit: Unit, case: Case, limit: int) -> list[Case]:
    """Other open cases of the same kind in the same area (anywhere when it is unknown), newest first."""
    query = select(Case).where(
        Case.id != case.id, Case.category == case.category, Case.status.in_((*OPEN, Status.DONE))
    )
    if case.area:
        query = query.where(or_(Case.area == case.area, Case.area.is_(None)))
    return list(unit.session.scalars(query.order_by(Case.id.desc()).limit(limit)))


def usual_time(unit: Unit, category: str, area: str | None) -> UsualTime | None:
    """How long such cases took in that area, else in the whole city."""

    def everywhere() -> dict[str, UsualTime]:
        return {row.area: row for row in unit.session.scalars(_USUAL, {"category": category})}

    known = unit.once(UsualTime, category, everywhere)
    return known.get(area or EVERYWHERE) or known.get(EVERYWHERE)


def untold_since(unit: Unit, before: datetime, limit: int = 200) -> list[Case]:
    """Cases that were handed on before then without the reporters knowing."""
    query = select(Case).where(Case.untold_since <= before).order_by(Case.untold_since).limit(limit)
    return list(unit.session.scalars(query.with_for_update(skip_locked=True)))


def helper(case: Case, agencies: Iterable[str]) -> Helper | None:
    """The helping part that one of the agencies plays in a case."""
    mine = set(agencies)
    return next((h for h in case.helpers if h.agency in mine and h.state != "declined"), None)


def due_check_ins(unit: Unit, now: datetime, limit: int = 500) -> list[CheckIn]:
    query = select(CheckIn).where(CheckIn.state == "due", CheckIn.due_at <= now)
    return list(
        unit.session.scalars(query.order_by(CheckIn.due_at).limit(limit).with_for_update(skip_locked=True))
    )


def check_in(unit: Unit, ref: str) -> CheckIn | None:
    return unit.session.scalar(select(CheckIn).where(CheckIn.ref == ref))


def running_deadlines(case: Case, kind: str | None = None) -> list[Deadline]:
    return [d for d in case.deadlines if d.state in ("running", "paused") and kind in (None, d.kind)]


def void_check_ins(unit: Unit, person_id: int, network: str | None = None) -> None:
    """Nobody who left is asked."""
    query = update(CheckIn).where(CheckIn.person_id == person_id, CheckIn.state == "due")
    if network is not None:
        query = query.where(CheckIn.network == network)
    unit.session.execute(query.values(state="void"))
