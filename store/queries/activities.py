"""Activities and who comes to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from store.models import Activity, Case, Membership, Signup
from store.unit import Unit
from store.words import Member


def activity(unit: Unit, activity_id: int) -> Activity | None:
    """One activity, locked on engines that lock rows: places are given one after the other."""
    query = select(Activity).where(Activity.id == activity_id).with_for_update()
    return unit.session.scalar(query.execution_options(populate_existing=True))


def of_network(unit: Unit, network: str) -> list[Activity]:
    """The network's activities, the newest first; drafts are nobody's business."""
    query = select(Activity).where(Activity.network == network, Activity.state != "draft")
    return list(unit.session.scalars(query.order_by(Activity.starts_at.desc(), Activity.id.desc())))


def coming(unit: Unit, network: str, now: datetime) -> list[Activity]:
    """Open activities that have not begun, the next one first."""
    query = select(Activity).where(
        Activity.network == network, Activity.state == "open", Activity.starts_at > now
    )
    return list(unit.session.scalars(query.order_by(Activity.starts_at)))


def all_open(unit: Unit) -> list[Activity]:
    query = select(Activity).where(Activity.state == "open").order_by(Activity.starts_at)
    return list(unit.session.scalars(query.with_for_update(skip_locked=True)))


def of_person_between(unit: Unit, person_id: int, start: datetime, end: datetime) -> list[Activity]:
    """Open activities of her networks that begin in that time."""
    networks = select(Membership.network).where(
        Membership.person_id == person_id, Membership.state == Member.ACTIVE
    )
    query = select(Activity).where(
        Activity.state == "open",
        Activity.network.in_(networks),
        Activity.starts_at >= start,
        Activity.starts_at <= end,
    )
    return list(unit.session.scalars(query.order_by(Activity.starts_at)))


def drop_drafts(unit: Unit, network: str, person_id: int) -> None:
    mine = Activity.network == network, Activity.person_id == person_id, Activity.state == "draft"
    unit.change(delete(Activity).where(*mine))


def drop_old_drafts(unit: Unit, before: datetime) -> int:
    return unit.change(delete(Activity).where(Activity.state == "draft", Activity.created_at < before))


def signup(unit: Unit, activity_id: int, person_id: int) -> Signup | None:
    query = select(Signup).where(Signup.activity_id == activity_id, Signup.person_id == person_id)
    return unit.session.scalar(query)


def signups(unit: Unit, activity_id: int, states: Sequence[str]) -> list[Signup]:
    """Those in one of the states, in the order in which they signed up."""
    query = select(Signup).where(Signup.activity_id == activity_id, Signup.state.in_(states))
    return list(unit.session.scalars(query.order_by(Signup.at, Signup.id)))


def number(unit: Unit, activity_id: int, state: str) -> int:
    query = select(func.count()).select_from(Signup)
    return unit.session.scalar(query.where(Signup.activity_id == activity_id, Signup.state == state)) or 0


def came(unit: Unit, activity_id: int) -> int:
    query = select(func.count()).select_from(Signup)
    return (
        unit.session.scalar(query.where(Signup.activity_id == activity_id, Signup.came_at.is_not(None))) or 0
    )


def last_start(unit: Unit, network: str) -> datetime | None:
    """When the network last did something together (or will)."""
    query = select(func.max(Activity.starts_at)).where(
        Activity.network == network, Activity.state.in_(("open", "done"))
    )
    return unit.session.scalar(query)


def hosted(unit: Unit, network: str) -> list[tuple[str | None, int | None, datetime]]:
    """(agency, person, when) of everybody who ever hosted an activity of the network."""
    query = (
        select(Activity.host_agency, Activity.host_id, func.max(Activity.starts_at))
        .where(Activity.network == network, Activity.state.in_(("open", "done")))
        .group_by(Activity.host_agency, Activity.host_id)
    )
    return [(agency, person, when) for agency, person, when in unit.session.execute(query) if when]


def agencies_at_work(unit: Unit, network: str) -> list[str]:
    """Agencies that led cases of the network, the busiest first."""
    query = select(Case.lead, func.count()).where(Case.network == network, Case.lead.is_not(None))
    rows = unit.session.execute(query.group_by(Case.lead).order_by(func.count().desc(), Case.lead))
    return [lead for lead, _ in rows if lead]


def forget(unit: Unit, person_id: int) -> None:
    """What she wrote about activities goes; that somebody came stays as a number."""
    mine = update(Activity).where(Activity.person_id == person_id)
    unit.change(mine.values(minutes=""))


def of_person(unit: Unit, person_id: int) -> list[tuple[Activity, Signup]]:
    """What she signed up for."""
    query = select(Activity, Signup).join(Signup).where(Signup.person_id == person_id)
    return [(a, s) for a, s in unit.session.execute(query.order_by(Signup.id))]
