"""What the law gives every person: taking words back, seeing her data, being forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.services import appointments, gatherings, photos, staff
from handlers.talk import Scene
from nlp import mask
from store import Unit
from store.models import Case, Person, Report
from store.queries import activities as activity_rows
from store.queries import appointments as appointment_rows
from store.queries import cases as rows
from store.queries import (
    charters,
    decisions,
    digests,
    doors,
    introductions,
    learning,
    news,
    people,
    praise,
    resources,
    traces,
)
from store.queries import lessons as lesson_rows
from store.queries import members as member_rows
from store.queries import networks as network_rows
from store.queries import privacy as erase
from store.words import OPEN311, Member

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
    said = _blank_reports(unit, reports, person.id)
    for row in histories:
        said.add(row.text)
        row.text = REMOVED
    photos.remove_message(unit, message_id)
    praise.forget(unit, person.id, message_id)
    decisions.take_back(unit, person.id, message_id)
    member_rows.blank_opinions(unit, person.id, message_id)
    digests.blank_inquiries(unit, person.id, message_id)
    erase.answers_to(unit, person.id)
    erase.drafted_message(unit, line_id or "", message_id)
    erase.parked_message(unit, message_id)
    cases = {report.case_id for report in reports} | {row.case_id for row in histories}
    _blank_mail(unit, cases, person.id, said)


def _blank_reports(unit: Unit, reports: list[Report], person_id: int) -> set[str]:
    """Her words vanish from her reports and from the cases that show them; gives what they were."""
    said = {report.text for report in reports}
    for report in reports:
        report.text = REMOVED
        _blank_case(unit, report.case, person_id)
        for row in report.case.history:
            if row.kind == "joined" and row.person_id == person_id:
                said.add(row.text)
                row.text = REMOVED
    return said


def _blank_mail(unit: Unit, case_ids: set[int], person_id: int, said: set[str]) -> None:
    """What was sent about these cases is blanked; news to others of a case she only joined still goes out."""
    opened = {case_id for case_id in case_ids if not rows.joined_only(unit, case_id, person_id)}
    erase.outbox_of_cases(unit, opened)
    erase.answers_showing(unit, case_ids)
    erase.outbox_quoting(unit, case_ids - opened, {words for words in said if words})


def _blank_case(unit: Unit, case: Case, person_id: int) -> None:
    """The case shows the words of the first reporter; they go with her message."""
    if case.reports and case.reports[0].person_id == person_id:
        case.text = case.public_text = REMOVED
        case.place_text = mask(case.place_text)
        traces.drop(unit, case.id, traces.WORDS)
        for row in case.history:
            if row.kind == "reported":
                row.text = REMOVED
        erase.corrections_of_case(unit, case.id)
        lesson_rows.forget_case(unit, case.code)


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
            {"case": cases[r.case_id], "text": r.text, "at": _iso(r.created_at), "joined": r.joined}
            for r in rows.reports_of(unit, person.id)
            if r.channel == "line"
        ],
        "follows": [case.code for case in rows.of_person(unit, person.id, 1000) if case.id not in cases],
        "said": [
            {"at": _iso(h.at), "what": h.kind, "text": h.text}
            for h in rows.history_of(unit, person.id)
            if h.text
        ],
        "corrections": [
            {"at": _iso(c.at), "guessed": c.guessed, "category": c.category, "as": c.role}
            for c in learning.made_by(unit, person.id)
        ],
        "photos": [
            {"at": _iso(p.created_at), "state": p.state, "role": p.role}
            for p in rows.photos_of(unit, person.id)
        ],
        **_in_networks(unit, person),
    }


def _in_networks(unit: Unit, person: Person) -> dict[str, Any]:
    """Her memberships with what she told there, and what she lends."""
    return {
        "networks": [
            {
                "network": m.network,
                "role": m.role,
                "term_until": _iso(m.term_ends_at),
                "named_on_page": m.named_public,
                "asked_to_lead": [
                    {"role": one.role, "at": _iso(one.asked_at), "state": one.state}
                    for one in appointment_rows.of_member(unit, m.id)
                ],
                "since": _iso(m.joined_at),
                "every": m.every,
                "directory": [m.shown_name, m.position, m.skills] if m.listed else None,
                "opinions": [
                    {"question": o.question, "answer": o.answer, "text": o.text, "shared": o.shared}
                    for o in member_rows.opinions_of(unit, m.id)
                ],
            }
            for m in network_rows.of_person(unit, person.id)
        ],
        "lends": [
            {"kind": r.kind, "quantity": r.quantity, "area": r.area, "words": r.words}
            for r in resources.of_person(unit, person.id)
        ],
        **_shared(unit, person),
    }


def _shared(unit: Unit, person: Person) -> dict[str, Any]:
    """What she said in decisions, activities, introductions she was asked about, and lessons she told."""
    return {
        "decisions": decisions.said_by(unit, person.id),
        "activities": [
            {"title": a.title, "state": s.state, "came": _iso(s.came_at)}
            for a, s in activity_rows.of_person(unit, person.id)
        ],
        "introductions": [
            {"network": i.network, "at": _iso(i.asked_at), "state": i.state}
            for i in introductions.of_person(unit, person.id)
        ],
        "asked_agencies": [
            {"at": _iso(i.asked_at), "text": i.text, "answer": i.answer}
            for i in digests.asked_by(unit, person.id)
        ],
        "mail": address.address if (address := digests.mail_of(unit, person.id)) else None,
        "lessons": [
            {"case": one.case_code, "state": one.state, "worked": one.worked, "cost": one.cost}
            for one in lesson_rows.taught_by(unit, person.id)
        ],
    }


def _iso(at: Any) -> str | None:
    return at.isoformat() if at else None


def forget(scene: Scene, person: Person) -> None:
    """Blank her words and pictures, end her roles and memberships, cut the tie to LINE. Cases stay, nameless."""
    unit = scene.unit
    # What she wrote down for somebody without LINE is not hers.
    reports = [report for report in rows.reports_of(unit, person.id) if report.channel == "line"]
    said = _blank_reports(unit, reports, person.id)
    for row in rows.history_of(unit, person.id):
        said.add(row.text)
        row.text = REMOVED
    for photo in rows.photos_of(unit, person.id):
        photos.remove(unit, photo)
    for role in person.roles:
        if role.ended_at is None:
            staff.end_role(scene, role)
    mine = [member.id for member in network_rows.ever_of(unit, person.id)]
    appointments.forget(scene, mine)
    for member_id in mine:
        appointment_rows.void_of(unit, member_id, scene.now)
    for member in network_rows.of_person(unit, person.id):
        member.state, member.left_at = Member.LEFT, scene.now
        network_rows.void_steps(unit, member.id)
        member_rows.void_tasks(unit, member.id)
    member_rows.blank_opinions(unit, person.id)
    member_rows.hide(unit, person.id)
    resources.withdraw_all(unit, person.id)
    charters.blank_proposals(unit, person.id)
    rows.void_check_ins(unit, person.id)
    praise.forget(unit, person.id)
    _leave_what_is_shared(scene, person)
    introductions.forget(unit, person.id, [f"person:{person.id}"])
    doors.forget(unit, person.id)
    _blank_mail(unit, {report.case_id for report in reports}, person.id, said)
    erase.outbox_of_person(unit, person.id)
    erase.everything_of(unit, person.id, person.line_id or "")
    news.take_out(unit, person.id)
    digests.drop_mail(unit, person.id)
    digests.blank_inquiries(unit, person.id)
    person.line_id, person.name, person.consent, person.forgotten_at = None, "", None, scene.now


def without_line(case: Case) -> list[Report]:
    """Reports of a case by people without LINE: by phone, at the counter, through others or another system."""
    return [report for report in case.reports if report.channel != "line"]


def export_without_line(unit: Unit, case: Case) -> dict[str, Any]:
    """What is kept about people without LINE who reported this case."""
    return {
        "case": case.code,
        "reports": [
            {
                "text": report.text,
                "at": _iso(report.created_at),
                "channel": report.channel,
                "name": report.contact_name,
                "phone": report.contact_phone,
            }
            for report in without_line(case)
        ],
        "sent_along": [{"email": one.email, **one.sent} for one in erase.sent_by_systems(unit, case.id)],
    }


def forget_without_line(unit: Unit, case: Case) -> None:
    """Blank words, pictures and contacts of people without LINE who reported this case; the case stays."""
    for report in without_line(case):
        said = _blank_reports(unit, [report], report.person_id)
        report.contact_name = report.contact_phone = REMOVED
        report.contact_consented_at = None
        _blank_mail(unit, {case.id}, report.person_id, said)
        if report.channel == OPEN311:
            for row in rows.history_of(unit, report.person_id):
                row.text = REMOVED
    for request in erase.sent_by_systems(unit, case.id):
        request.email, request.sent = REMOVED, {"system": request.sent.get("system", "")}
        photos.remove_message(unit, f"{OPEN311}-{request.id}")


def _leave_what_is_shared(scene: Scene, person: Person) -> None:
    """Her words in decisions and activities go; her place in an activity goes to whoever waits for it."""
    decisions.forget(scene.unit, person.id)
    activity_rows.forget(scene.unit, person.id)
    gatherings.leave_all(scene, person)


def drop_held(scene: Scene) -> int:
    """Messages that waited a day for consent are deleted."""
    return people.drop_held(scene.unit, scene.now - HELD_FOR)
