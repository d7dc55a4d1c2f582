"""How a network stands: size class, the six conditions, the ten guidelines, the five-step score, promises, retention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from handlers.city import CityBook
from handlers.rules import network_figures as figures
from handlers.rules import participation
from handlers.rules.conditions import may_decide, six_conditions
from handlers.rules.guidelines import BOTH, Facts, ten_guidelines
from handlers.rules.network_figures import Stay, Taken
from store import Unit
from store.city_data import EVERYWHERE, NetworkRow
from store.models import Membership, Step
from store.queries import activities, charters, decisions, people
from store.queries import members as member_rows
from store.queries import resources as resource_rows
from store.queries.networks import members as all_members
from store.words import LEADS, Member, RoleName

MEDIUM_FROM, LARGE_FROM = 30, 150
"""Members from which a network counts as medium, and as large; 150 is about how many people one can know (Dunbar)."""

Data = dict[str, Any]


def facts(unit: Unit, book: CityBook, row: NetworkRow) -> Facts:
    """Everything the checklists look at, counted now."""
    active = [m for m in all_members(unit, row.code) if m.state == Member.ACTIVE]
    integrator = book.agencies.get(row.integrator)
    sectors = {m.sector for m in active} | ({integrator.sector} if integrator else set())
    charter = charters.charter(unit, row.code)
    version = charter.version if charter else 0
    things, loans = resource_rows.counts(unit, row.code)
    told = {o.membership_id for o in member_rows.opinions(unit, row.code)}
    led = [m for m in active if m.role in LEADS]
    return Facts(
        goal=row.goal_th,
        level=row.level,
        integration=row.integration,
        integrator_known=integrator is not None,
        founded=row.founded,
        members=len(active),
        sectors=frozenset(sectors),
        representatives=len(people.with_role(unit, (RoleName.REPRESENTATIVE,), network=row.code)),
        terms_set=sum(m.term_ends_at is not None for m in led),
        charter_version=version,
        agreed=charters.answered(unit, row.code, version, "yes") if version else 0,
        refused=charters.answered(unit, row.code, version, "no") if version else 0,
        conditions=bool(row.conditions_th),
        officials=_officials_inside(unit, book, row.code, active),
        consensus=row.consensus,
        links=len(charters.links(unit, row.code)),
        answered=len(told & {m.id for m in active}),
        tasks_done=sum(member_rows.task_counts(unit, row.code)),
        resources=things,
        loans=loans,
        digests=charters.digests(unit, row.code),
        areas=0 if EVERYWHERE in row.areas else len(row.areas),
    )


def _officials_inside(unit: Unit, book: CityBook, network: str, active: Sequence[Membership]) -> bool:
    """An official among the members, or an agency of the state with people that leads cases of the network."""
    staff = people.staff(unit, activities.agencies_at_work(unit, network))
    at_work = [code for code, found in staff.items() if found and code in book.agencies]
    return any(book.agencies[code].sector in BOTH for code in at_work) or _member_official(unit, active)


def _member_official(unit: Unit, active: Sequence[Membership]) -> bool:
    return any(
        role.ended_at is None and role.agency
        for person in people.by_ids(unit, {member.person_id for member in active})
        for role in person.roles
    )


def size_class(members: int) -> str:
    return figures.size_class(members, MEDIUM_FROM, LARGE_FROM)


def score(members: Sequence[Membership], now: datetime) -> dict[str, float | None]:
    """See ``rules.network_figures.score``; everybody counts who is or was a member."""
    return figures.score(
        (taken(step) for member in members if member.joined_at for step in member.steps), now
    )


def taken(step: Step) -> Taken:
    first = step.evidence.get("first_due")
    return Taken(
        number=step.number,
        state=step.state,
        first_due=datetime.fromisoformat(first) if first else step.due_at,
        done_at=step.done_at,
        times=step.evidence.get("times", 0),
        answered=step.evidence.get("answered", 0),
    )


def retention(book: CityBook, members: Sequence[Membership], now: datetime) -> list[dict[str, object]]:
    """See ``rules.network_figures.retention``."""
    stays = [
        Stay(m.joined_at, m.left_at if m.state == Member.LEFT else m.dormant_at)
        for m in members
        if m.joined_at is not None
    ]
    return figures.retention(stays, now, book.zone)


def commitments(unit: Unit, network: str) -> Data:
    """The compact's promises kept and broken: agencies' deadlines, representatives' tasks, things given back."""
    kept, broken = charters.promises(unit, network)
    done, late = member_rows.task_counts(unit, network)
    returned, overdue = resource_rows.returned_in_time(unit, network)
    return {
        "kept": kept + done + returned,
        "broken": broken + late + overdue,
        "agencies": {"kept": kept, "broken": broken},
        "representatives": {"kept": done, "broken": late},
        "loans": {"kept": returned, "broken": overdue},
    }


def levels(unit: Unit, row: NetworkRow) -> list[str]:
    """The level of everything the network has decided or done together, or has begun to."""
    asked = [poll.level or participation.of_poll(row.level) for poll in decisions.of_network(unit, row.code)]
    done = [one.level or participation.of_activity(one.kind) for one in activities.of_network(unit, row.code)]
    return asked + done


def report(unit: Unit, book: CityBook, row: NetworkRow, now: datetime) -> Data:
    """All of it as plain data, without a person."""
    found, members = facts(unit, book, row), all_members(unit, row.code)
    conditions = six_conditions(found)
    charter = charters.charter(unit, row.code)
    return {
        "size_class": size_class(found.members),
        "structure": row.structure,
        "integration": row.integration,
        "founded": row.founded,
        "links": charters.links(unit, row.code),
        "charter": {"version": charter.version, "agreed": found.agreed, "text": charter.text_th}
        if charter
        else None,
        "conditions": asdict(conditions),
        "may_decide": may_decide(conditions),
        "guidelines": [
            {"name": point.name, "met": point.met, "evidence": point.evidence}
            for point in ten_guidelines(found)
        ],
        "steps": score(members, now),
        "commitments": commitments(unit, row.code),
        "retention": retention(book, members, now),
        "resources": found.resources,
        "participation": participation.shares(levels(unit, row)),
        "non_state": len(found.sectors - BOTH),
    }
