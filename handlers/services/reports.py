"""Cases, networks, mail and quota as plain data for operators, exports and other programs.

Times are ISO 8601 in UTC with ``Z``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.city import CityBook
from nlp import mask
from store import Unit
from store.city_data import NetworkRow
from store.models import Case, Inbox, Membership, Outbox
from store.queries import cases as rows
from store.queries import networks as member_rows
from store.queries import outbox
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
        "status": found.status,
        "category": found.category,
        "network": found.network,
        "text": found.text,
        "lead": found.lead,
        "helpers": [
            {"agency": h.agency, "task": h.task, "state": h.state, "since": iso(h.since)}
            for h in found.helpers
        ],
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
        "done": iso(found.done_at),
        "closed": iso(found.closed_at),
        "closed_how": found.closed_how,
        "photos": [{"role": p.role, "state": p.state, "token": p.token} for p in found.photos],
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
    return [case(found) for found in rows.listing(unit, status)]


def one_case(unit: Unit, code: str) -> Data | None:
    found = rows.look_up(unit, code)
    return case(found) if found else None


def open_case(found: Case) -> Data:
    """A case for open data: masked words, the area instead of the exact point, nothing said in private."""
    return {
        "code": found.code,
        "status": found.status,
        "category": found.category,
        "network": found.network,
        "text": mask(found.public_text),
        "lead": found.lead,
        "helpers": [helper.agency for helper in found.helpers],
        "area": found.area,
        "reporters": len(rows.reporters(found)),
        "followers": len(found.followers),
        "opened": iso(found.opened_at),
        "accepted": iso(found.accepted_at),
        "done": iso(found.done_at),
        "closed": iso(found.closed_at),
        "closed_how": found.closed_how,
        "rating": found.rating,
        "reopened": found.reopened,
    }


def open_data(unit: Unit) -> list[Data]:
    return [open_case(found) for found in rows.listing(unit)]


# --- networks


def networks(unit: Unit, book: CityBook, now: datetime) -> list[Data]:
    return [network(unit, row, now) for row in book.data.networks]


def network(unit: Unit, row: NetworkRow, now: datetime) -> Data:
    """One network: what it is for, its members with their steps (people as numbers), and how it is doing."""
    members = member_rows.members(unit, row.code)
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
        "metrics": _metrics(unit, row.code, members, now),
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


def quota(unit: Unit, allowed: int | None, used: int | None, month: float) -> Data:
    """LINE's messages of this month (``month``: machine seconds at which it began) and what they were for.

    ``used`` falls back to our own count where LINE does not tell.
    """
    ever, now = outbox.counted_by_purpose(unit), outbox.counted_by_purpose(unit, month)
    closed = rows.status_counts(unit).get(Status.CLOSED, 0)
    pushes = ever.get(Purpose.CASE, 0)
    return {
        "quota": allowed,
        "used": sum(now.values()) if used is None else used,
        "planned": outbox.planned(unit),
        "closed_cases": closed,
        "pushes_per_closed_case": round(pushes / closed, 3) if closed else None,
        "pushes": {purpose.value: ever.get(purpose, 0) for purpose in Purpose},
        "pushes_this_month": {purpose.value: now.get(purpose, 0) for purpose in Purpose},
    }
