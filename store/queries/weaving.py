"""What a network's members and agencies did, as plain rows for its graph and its health."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from store.models import (
    Activity,
    Case,
    CheckIn,
    Deadline,
    Follower,
    Helper,
    History,
    Introduction,
    Loan,
    Membership,
    NetworkMonth,
    Poll,
    Praise,
    Report,
    Resource,
    Signup,
    Vote,
)
from store.unit import Unit

Rows = Sequence[Any]


def cases(unit: Unit, network: str, since: datetime) -> Rows:
    """Cases opened since then, a row each with what health and indicators count."""
    columns = (
        Case.id,
        Case.code,
        Case.category,
        Case.area,
        Case.lead,
        Case.status,
        Case.opened_at,
        Case.accepted_at,
        Case.done_at,
        Case.closed_how,
        Case.reopened,
        Case.declined_by,
    )
    query = select(*columns).where(Case.network == network, Case.opened_at > since)
    return unit.session.execute(query.order_by(Case.id)).all()


def helped(unit: Unit, network: str, since: datetime) -> Rows:
    """(case, lead, agency, state, since) of every helping part that was not declined."""
    query = select(Helper.case_id, Case.lead, Helper.agency, Helper.state, Helper.since)
    query = query.join(Case, Case.id == Helper.case_id)
    query = query.where(Case.network == network, Case.opened_at > since, Helper.state != "declined")
    return unit.session.execute(query.order_by(Helper.id)).all()


def reported(unit: Unit, network: str, since: datetime) -> Rows:
    """(case, lead, person, at, category, area) of every report."""
    columns = (Report.case_id, Case.lead, Report.person_id, Report.created_at, Case.category, Case.area)
    query = select(*columns).join(Case, Case.id == Report.case_id)
    query = query.where(Case.network == network, Case.opened_at > since)
    return unit.session.execute(query.order_by(Report.id)).all()


def followed(unit: Unit, network: str, since: datetime) -> Rows:
    """(case, person, since) of everybody who follows a case."""
    query = select(Follower.case_id, Follower.person_id, Follower.since)
    query = query.join(Case, Case.id == Follower.case_id)
    query = query.where(Case.network == network, Case.opened_at > since)
    return unit.session.execute(query.order_by(Follower.id)).all()


def offers(unit: Unit, network: str, since: datetime) -> Rows:
    """(case, at, data) of every offer of a case to an agency, in order."""
    query = select(History.case_id, History.at, History.data).join(Case, Case.id == History.case_id)
    query = query.where(Case.network == network, Case.opened_at > since, History.kind == "offered")
    return unit.session.execute(query.order_by(History.id)).all()


def praised(unit: Unit, network: str, since: datetime) -> Rows:
    """(person, agency, at) of thanks that named a case of the network."""
    query = select(Praise.person_id, Praise.agency, Praise.at).join(Case, Case.code == Praise.case_code)
    return unit.session.execute(query.where(Case.network == network, Praise.at > since)).all()


def met(unit: Unit, network: str, since: datetime) -> Rows:
    """(a, b, at) of pairs that were introduced to each other."""
    query = select(Introduction.a, Introduction.b, Introduction.ended_at)
    query = query.where(Introduction.network == network, Introduction.state == "met")
    return unit.session.execute(query.where(Introduction.ended_at > since)).all()


def came(unit: Unit, network: str, since: datetime) -> Rows:
    """(activity, host agency, host, person, at) of everybody who checked in at an activity."""
    columns = (Activity.id, Activity.host_agency, Activity.host_id, Signup.person_id, Signup.came_at)
    query = select(*columns).join(Signup, Signup.activity_id == Activity.id)
    query = query.where(Activity.network == network, Signup.came_at > since)
    return unit.session.execute(query.order_by(Signup.id)).all()


def lent(unit: Unit, network: str, since: datetime) -> Rows:
    """(owner, who asked, at) of everything lent for a case of the network."""
    query = select(Resource.person_id, Loan.asker_id, Loan.answered_at)
    query = query.join(Loan, Loan.resource_id == Resource.id).join(Case, Case.code == Loan.case_code)
    query = query.where(
        Case.network == network, Loan.state.in_(("lent", "returned")), Loan.answered_at > since
    )
    return unit.session.execute(query.order_by(Loan.id)).all()


def voted(unit: Unit, network: str, since: datetime) -> Rows:
    """(decision, who opened it, person, newest answer) of everybody who answered in a joint decision."""
    query = select(Poll.id, Poll.person_id, Vote.person_id, func.max(Vote.at))
    query = query.join(Vote, Vote.poll_id == Poll.id).where(Poll.network == network, Vote.at > since)
    return unit.session.execute(
        query.group_by(Poll.id, Poll.person_id, Vote.person_id).order_by(Poll.id)
    ).all()


def promises(unit: Unit, network: str, since: datetime, now: datetime) -> dict[str, int]:
    """Promises by how they ended since then ("kept", "broken"), and those that are "late" now."""
    query = select(Deadline.state, func.count()).join(Case, Case.id == Deadline.case_id)
    ended = query.where(Case.network == network, Deadline.ended_at > since).group_by(Deadline.state)
    found = {state: n for state, n in unit.session.execute(ended) if state in ("kept", "broken")}
    late = select(func.count(func.distinct(Deadline.case_id))).join(Case, Case.id == Deadline.case_id)
    late = late.where(Case.network == network, Deadline.state == "running", Deadline.due_at < now)
    return {"kept": 0, "broken": 0, **found, "late": unit.session.scalar(late) or 0}


def check_ins(unit: Unit, network: str, since: datetime) -> Rows:
    """(answer, sent, answered) of every follow-up question sent since then."""
    query = select(CheckIn.answer, CheckIn.sent_at, CheckIn.answered_at)
    return unit.session.execute(query.where(CheckIn.network == network, CheckIn.sent_at > since)).all()


def members(unit: Unit, network: str) -> Rows:
    """(person, sector, role, joined) of everybody who belongs to it now."""
    query = select(Membership.person_id, Membership.sector, Membership.role, Membership.joined_at)
    return unit.session.execute(
        query.where(Membership.network == network, Membership.state == "active").order_by(Membership.id)
    ).all()


def month(unit: Unit, network: str, name: str) -> NetworkMonth | None:
    return unit.session.scalar(
        select(NetworkMonth).where(NetworkMonth.network == network, NetworkMonth.month == name)
    )


def last_month(unit: Unit, network: str, before: str = "9999") -> NetworkMonth | None:
    """The newest month that was written down before that one."""
    query = select(NetworkMonth).where(NetworkMonth.network == network, NetworkMonth.month < before)
    return unit.session.scalar(query.order_by(NetworkMonth.month.desc()).limit(1))
