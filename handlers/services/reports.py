"""Cases, networks, mail and quota as plain data for operators, exports and other programs.

Times are ISO 8601 in UTC with ``Z``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.city import CityBook
from handlers.rules import quota as quota_rules
from handlers.services import activities, decisions, network_life, weaving
from handlers.services.weaving import View
from store import Unit
from store.city_data import NetworkRow
from store.models import Case, Helper, Inbox, Membership, Outbox
from store.queries import activities as activity_rows
from store.queries import audit, charters, outbox
from store.queries import cases as rows
from store.queries import decisions as poll_rows
from store.queries import networks as member_rows
from store.queries import weaving as weaving_rows
from store.words import OPEN, Member, Purpose, RowState, Status

Data = dict[str, Any]


def iso(at: datetime | float | None) -> str | None:
    """An instant (aware, or machine seconds) as ``2026-11-21T03:00:00Z``; None for none (and for zero seconds)."""
    if at is None or at == 0:
        return None
    moment = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else at.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def case(found: Case) -> Data:
    """One case with everything but who the people are."""
    return {
        "code": found.code,
        "kind": found.kind,
        "status": found.status,
        "category": found.category,
        "network": found.network,
        "text": found.text,
        "lead": found.lead,
        "helpers": [_helper(row) for row in found.helpers],
        "routing": {
            "row": found.routing_reason.get("rule"),
            "version": found.routing_reason.get("version"),
            "reason": found.routing_reason.get("th", ""),
            "reason_en": found.routing_reason.get("en", ""),
            "declined_by": list(found.declined_by),
            "unassigned": found.unassigned,
        },
        "reporters": len(rows.reporters(found)),
        "followers": len(found.followers),
        "place": {"text": found.place_text, "area": found.area, "lat": found.lat, "lon": found.lon},
        "deadlines": [
            {"agency": d.agency, "kind": d.kind, "due": iso(d.due_at), "state": d.state, "rung": d.rung}
            for d in found.deadlines
        ],
        "history": [_happened(row) for row in found.history],
        "rating": found.rating,
        "reopened": found.reopened,
        "chronic": found.recurrence > 0,
        "recurrence": found.recurrence,
        "related": related(found),
        "merged_into": found.merged_into,
        "reports": [
            {"at": iso(r.created_at), "text": r.text, "joined": r.joined, "channel": r.channel}
            for r in found.reports
        ],
        "assignee": found.assignee_id,
        "nudges": found.nudges,
        "urgent": found.urgent,
        "opened": iso(found.opened_at),
        "changed": iso(found.changed_at),
        "expected": iso(found.expected_at),
        "overdue": iso(found.overdue_at),
        "done": iso(found.done_at),
        "closed": iso(found.closed_at),
        "closed_how": found.closed_how,
        "photos": [{"role": p.role, "state": p.state, "token": p.token} for p in found.photos],
    }


def _helper(row: Helper) -> Data:
    return {
        "agency": row.agency,
        "task": row.task,
        "state": row.state,
        "since": iso(row.since),
        "accepted": iso(row.accepted_at),
        "done": iso(row.done_at),
        "why": row.why,
    }


def related(found: Case) -> list[str]:
    """Codes of other cases of the same problem: what it came back from or as, and what was merged with it."""
    return list(dict.fromkeys(code for row in found.history for code in row.data.get("cases", [])))


def _happened(row: Any) -> Data:
    return {
        "at": iso(row.at),
        "kind": row.kind,
        "from": row.status_from,
        "to": row.status_to,
        "role": row.role,
        "agency": row.agency,
        "why": row.why,
        "text": row.text,
        "public": row.public,
    }


def cases(unit: Unit, status: str | None = None) -> list[Data]:
    """All cases, or those of one status, oldest first."""
    further = charters.further_by_case(unit)
    return [
        {**case(found), "further_networks": further.get(found.id, [])} for found in rows.listing(unit, status)
    ]


def one_case(unit: Unit, code: str) -> Data | None:
    found = rows.look_up(unit, code)
    return {**case(found), "further_networks": charters.further_networks(unit, found.id)} if found else None


def readings(unit: Unit, code: str | None, person_id: int | None) -> list[Data]:
    """Who saw unmasked words, newest first; of one case or by one person if told."""
    return [
        {"at": iso(r.at), "actor": r.actor, "person": r.person_id, "what": r.what, "case": r.case_code}
        for r in audit.listing(unit, case_code=code, person_id=person_id)
    ]


# --- networks


def networks(unit: Unit, book: CityBook, now: datetime) -> list[Data]:
    return [network(unit, book, row, now) for row in book.data.networks]


def network_seen(unit: Unit, book: CityBook, row: NetworkRow, now: datetime) -> Data:
    """One network with its graph in figures, the six causes of failure and the months before."""
    view = View(unit, book, row.code, now)
    found = network(unit, book, row, now)
    found["metrics"] |= weaving.figures(view)
    last = weaving_rows.last_month(unit, row.code)
    before = {"month": last.month, **last.figures} if last else None
    return {**found, "health": weaving.health(view), "last_month": before}


def network(unit: Unit, book: CityBook, row: NetworkRow, now: datetime) -> Data:
    """One network: what it is for, its members with their steps (people as numbers), and how it is doing."""
    members = member_rows.members(unit, row.code)
    standing = _standing(unit, book, row, now)
    return {
        "code": row.code,
        "name": row.name_th,
        "name_en": row.name_en,
        "goal": row.goal_th,
        "categories": list(row.categories),
        "areas": list(row.areas),
        "integrator": row.integrator,
        "level": row.level,
        "kind": row.kind,
        "members": [_member(member) for member in members],
        "metrics": {**_metrics(unit, row.code, members, now), **standing.pop("metrics")},
        **standing,
        "decisions": [decisions.as_data(unit, poll) for poll in poll_rows.of_network(unit, row.code)],
        "activities": [activities.as_data(unit, one) for one in activity_rows.of_network(unit, row.code)],
        "promises": poll_rows.promise_counts(unit, row.code),
    }


def _standing(unit: Unit, book: CityBook, row: NetworkRow, now: datetime) -> Data:
    """The checklists and the five-step score; figures go to the metrics."""
    found = network_life.report(unit, book, row, now)
    figures = ("size_class", "retention", "commitments", "resources")
    return {
        **{key: value for key, value in found.items() if key not in figures},
        "metrics": {**{key: found[key] for key in figures}, "five_steps": found["steps"]["score"]},
    }


def _member(member: Membership) -> Data:
    return {
        "person": member.person_id,
        "kind": member.kind,
        "sector": member.sector,
        "role": member.role,
        "state": member.state,
        "every": member.every,
        "joined": iso(member.joined_at),
        "left": iso(member.left_at),
        "steps": [
            {
                "number": step.number,
                "state": step.state,
                "due": iso(step.due_at),
                "sent": iso(step.sent_at),
                "done": iso(step.done_at),
                "outcome": step.outcome,
            }
            for step in member.steps
        ],
    }


def _metrics(unit: Unit, code: str, members: Iterable[Membership], now: datetime) -> Data:
    by_status = rows.network_counts(unit, code)
    month = rows.in_network(unit, code, now - timedelta(days=30), now)
    states = [member.state for member in members]
    return {
        "members": states.count(Member.ACTIVE),
        "invited": states.count(Member.INVITED),
        "declined": states.count(Member.DECLINED),
        "left": states.count(Member.LEFT),
        "open": sum(by_status.get(status, 0) for status in OPEN),
        "overdue": len(month["overdue"]),
        "closed": by_status.get(Status.CLOSED, 0),
        "new_30_days": len(month["new"]),
        "done_30_days": len(month["done"]),
        "cases": by_status,
    }


# --- mail and quota


def sent(row: Outbox) -> Data:
    """One message without its words: they belong to their reader."""
    return {
        "id": row.id,
        "to": row.to,
        "channel": row.channel,
        "agency": row.agency,
        "purpose": row.purpose,
        "state": row.state,
        "how": row.how,
        "attempts": row.attempts,
        "messages": len(row.messages),
        "counted": row.counted,
        "created": iso(row.created_at),
        "due": iso(row.due_at),
        "sent": iso(row.sent_at),
        "next_try": iso(row.next_at) if row.state == RowState.WAITING else None,
        "reason": row.reason,
    }


def came(row: Inbox) -> Data:
    """One event without its body."""
    return {
        "id": row.id,
        "event": row.event_id,
        "conversation": row.conversation,
        "kind": row.kind,
        "at": iso(row.at_ms / 1000),
        "received": iso(row.received_at),
        "state": row.state,
        "attempts": row.attempts,
        "done": iso(row.done_at),
        "reason": row.reason,
    }


def _room(
    unit: Unit, allowed: int | None, used: int | None, spent: dict[str, int], passed: float | None
) -> int | None:
    """How many digests the month still has room for; None where no limit is known."""
    if allowed is None or passed is None:
        return None
    ours = sum(spent.values())
    others = ours - spent.get(Purpose.DIGEST, 0)
    month = quota_rules.Month(allowed, ours if used is None else used, others, outbox.planned(unit), passed)
    return quota_rules.room_for_digests(month)


def quota(
    unit: Unit, allowed: int | None, used: int | None, month: float, passed: float | None = None
) -> Data:
    """LINE's messages of this month (``month``: machine seconds at which it began) and what they were for.

    ``used`` falls back to our own count where LINE does not tell; ``passed``: share of the month that is over.
    """
    ever, now = outbox.counted_by_purpose(unit), outbox.counted_by_purpose(unit, month)
    closed = rows.status_counts(unit).get(Status.CLOSED, 0)
    pushes = ever.get(Purpose.CASE, 0)
    return {
        "quota": allowed,
        "used": sum(now.values()) if used is None else used,
        "planned": outbox.planned(unit),
        "room_for_digests": _room(unit, allowed, used, now, passed),
        "closed_cases": closed,
        "pushes_per_closed_case": round(pushes / closed, 3) if closed else None,
        "pushes": {purpose.value: ever.get(purpose, 0) for purpose in Purpose},
        "pushes_this_month": {purpose.value: now.get(purpose, 0) for purpose in Purpose},
    }
