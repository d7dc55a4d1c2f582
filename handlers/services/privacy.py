"""What the law gives every person: taking words back, seeing her data, being forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.services import photos, staff
from handlers.talk import Scene
from nlp import mask
from store import Unit
from store.models import Case, Person
from store.queries import cases as rows
from store.queries import networks as network_rows
from store.queries import people
from store.queries import privacy as erase
from store.words import Member

REMOVED = ""
HELD_FOR = timedelta(hours=24)
"""How long a message waits for consent before it is deleted."""


def unsend(unit: Unit, message_id: str, line_id: str | None) -> None:
    """She took a message back in LINE: its words and picture vanish everywhere, the rows stay."""
    person = people.by_line_id(unit, line_id) if line_id else None
    if not message_id or person is None:
        return
    reports = [report for report in rows.reports_of(unit, person.id) if message_id in report.message_ids]
    histories = [row for row in rows.said_in(unit, message_id) if row.person_id == person.id]
    for report in reports:
        report.text = REMOVED
        _blank_case(unit, report.case, person.id)
    for row in histories:
        row.text = REMOVED
    photos.remove_message(unit, message_id)
    erase.answers_to(unit, person.id)
    erase.drafted_message(unit, line_id or "", message_id)
    erase.parked_message(unit, message_id)
    erase.outbox_of_cases(unit, {report.case_id for report in reports} | {row.case_id for row in histories})


def _blank_case(unit: Unit, case: Case, person_id: int) -> None:
    """The case shows the words of the first reporter; they go with her message."""
    if case.reports and case.reports[0].person_id == person_id:
        case.text = case.public_text = REMOVED
        case.place_text = mask(case.place_text)
        for row in case.history:
            if row.kind == "reported":
                row.text = REMOVED
        erase.corrections_of_case(unit, case.id)


def export(unit: Unit, person: Person) -> dict[str, Any]:
    """Everything kept about a person, as plain data."""
    cases = {report.case_id: report.case.code for report in rows.reports_of(unit, person.id)}
    return {
        "line_user_id": person.line_id,
        "name": person.name,
        "language": person.language,
        "consent": person.consent,
        "consented_at": _iso(person.consented_at),
        "first_seen": _iso(person.created_at),
        "last_seen": _iso(person.seen_at),
        "roles": [
            {
                "role": r.name,
                "agency": r.agency,
                "network": r.network,
                "since": _iso(r.since),
                "ended": _iso(r.ended_at),
            }
            for r in person.roles
        ],
        "reports": [
            {"case": cases[r.case_id], "text": r.text, "at": _iso(r.created_at)}
            for r in rows.reports_of(unit, person.id)
            if r.channel == "line"
        ],
        "follows": [case.code for case in rows.of_person(unit, person.id, 1000) if case.id not in cases],
        "said": [
            {"at": _iso(h.at), "what": h.kind, "text": h.text}
            for h in rows.history_of(unit, person.id)
            if h.text
        ],
        "photos": [
            {"at": _iso(p.created_at), "state": p.state, "role": p.role}
            for p in rows.photos_of(unit, person.id)
        ],
        "networks": [
            {"network": m.network, "role": m.role, "since": _iso(m.joined_at), "every": m.every}
            for m in network_rows.of_person(unit, person.id)
        ],
    }


def _iso(at: Any) -> str | None:
    return at.isoformat() if at else None


def forget(scene: Scene, person: Person) -> None:
    """Blank her words and pictures, end her roles and memberships, cut the tie to LINE. Cases stay, nameless."""
    unit = scene.unit
    # What she wrote down for somebody without LINE is not hers.
    reports = [report for report in rows.reports_of(unit, person.id) if report.channel == "line"]
    for report in reports:
        report.text = REMOVED
        _blank_case(unit, report.case, person.id)
    for row in rows.history_of(unit, person.id):
        row.text = REMOVED
    for photo in rows.photos_of(unit, person.id):
        photos.remove(unit, photo)
    for role in person.roles:
        if role.ended_at is None:
            staff.end_role(scene, role)
    for member in network_rows.of_person(unit, person.id):
        member.state, member.left_at = Member.LEFT, scene.now
        network_rows.void_steps(unit, member.id)
    rows.void_check_ins(unit, person.id)
    erase.everything_of(unit, person.id, person.line_id or "")
    erase.outbox_of_cases(unit, {report.case_id for report in reports})
    erase.outbox_of_person(unit, person.id)
    person.line_id, person.name, person.consent, person.forgotten_at = None, "", None, scene.now


def drop_held(scene: Scene) -> int:
    """Messages that waited a day for consent are deleted."""
    return people.drop_held(scene.unit, scene.now - HELD_FOR)
