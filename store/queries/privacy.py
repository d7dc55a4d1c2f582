"""Erasing personal words wherever they were kept beside cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, delete, or_, select, update

from store.models import ApiRequest, Case, Conversation, Correction, Follower, Inbox, InviteTry, Outbox
from store.unit import Unit

GONE = "gone"
"""Stands where the LINE id of a forgotten person stood."""
_QUOTED = 40
"""Letters by which a quotation is known: longer ones may have been shortened."""


def corrections_of_case(unit: Unit, case_id: int) -> None:
    unit.session.execute(delete(Correction).where(Correction.case_id == case_id))


def drafted_message(unit: Unit, line_id: str, message_id: str) -> None:
    """Drop a message that waits for consent, and an open draft that holds its words or its picture."""
    row = unit.get(Conversation, line_id)
    if row is None:
        return
    row.held = [item for item in row.held or [] if item.get("message") != message_id] or None
    asked = row.asked or {}
    if message_id in (asked.get("message"), *asked.get("more", []), *asked.get("photos", [])):
        row.asked = None
    draft = _without_thought(row.draft or {}, message_id)
    if row.draft and draft != row.draft:
        row.draft = draft
    if message_id in draft.get("messages", []):
        row.draft = None
    elif message_id in draft.get("photos", []):
        row.draft = {**draft, "photos": [photo for photo in draft["photos"] if photo != message_id]}


def _without_thought(draft: dict[str, Any], message_id: str) -> dict[str, Any]:
    """Without a second problem that waits, where the message is a part of it."""

    def held(later: dict[str, Any] | None) -> bool:
        return later is not None and message_id in (later["message"], *later.get("more", []))

    return {**draft, **{key: None for key in ("next", "then") if held(draft.get(key))}}


def parked_message(unit: Unit, message_id: str) -> None:
    """Blank an event that could not be decided and still holds the words."""
    parked = update(Inbox).where(
        Inbox.state == "parked", Inbox.raw.contains(f'"{message_id}"', autoescape=True)
    )
    unit.session.execute(parked.values(raw=None).execution_options(synchronize_session=False))


def outbox_of_cases(unit: Unit, case_ids: Iterable[int]) -> None:
    """Blank what was or would be sent about cases whose words are gone; unsent messages are not sent."""
    ids = set(case_ids)
    if ids:
        _blank(unit, Outbox.case_id.in_(ids))


def answers_showing(unit: Unit, case_ids: Iterable[int]) -> None:
    """Blank the bot's answers to anybody that showed these cases: they quote them without belonging to them."""
    found = select(Case.code, Case.opened_at).where(Case.id.in_(set(case_ids)))
    for code, opened in unit.session.execute(found).all():
        shows = cast(Outbox.messages, Text).contains(code, autoescape=True)
        _blank(unit, and_(Outbox.purpose == "answer", Outbox.created_at >= opened, shows))


def outbox_quoting(unit: Unit, case_ids: Iterable[int], texts: Iterable[str]) -> None:
    """Blank what was sent about these cases, and of what is still to be sent only what quotes one of the texts."""
    ids, heads = set(case_ids), [text[:_QUOTED] for text in texts]
    if not ids:
        return
    _blank(unit, and_(Outbox.case_id.in_(ids), Outbox.state == "done"))
    unsent = select(Outbox.id, Outbox.messages).where(Outbox.case_id.in_(ids), Outbox.state != "done")
    quoting = [
        row_id
        for row_id, messages in unit.session.execute(unsent)
        if any(h in _words(messages) for h in heads)
    ]
    _blank(unit, Outbox.id.in_(quoting))


def _words(value: Any) -> str:
    """All words of a message, one after the other."""
    if isinstance(value, dict | list):
        return "\n".join(_words(part) for part in (value.values() if isinstance(value, dict) else value))
    return value if isinstance(value, str) else ""


def outbox_of_person(unit: Unit, person_id: int) -> None:
    """Blank what was or would be sent to a person."""
    _blank(unit, Outbox.person_id == person_id)


def answers_to(unit: Unit, person_id: int) -> None:
    """Blank the bot's answers to a person, which quote her words; news of her other cases stays to be sent."""
    answered = or_(Outbox.purpose == "answer", Outbox.state == "done")
    _blank(unit, and_(Outbox.person_id == person_id, answered))


def _blank(unit: Unit, which: ColumnElement[bool]) -> None:
    """What is on its way at this moment is removed too, lest a second try send an empty message."""
    unsent = case((Outbox.state != "done", "removed"), else_=Outbox.state)
    query = update(Outbox).where(which).values(messages=[], state=unsent)
    unit.session.execute(query.execution_options(synchronize_session=False))


def everything_of(unit: Unit, person_id: int, line_id: str) -> None:
    """Follows, wrong tries, corrections, conversation and her LINE id beside events and messages.

    Events that still wait are left alone: what comes after being forgotten is a first contact.
    """
    session = unit.session
    session.execute(delete(Follower).where(Follower.person_id == person_id))
    session.execute(delete(InviteTry).where(InviteTry.person_id == person_id))
    session.execute(delete(Correction).where(Correction.person_id == person_id))
    session.execute(
        update(Case)
        .where(Case.waiting_for == person_id)
        .values(waiting_for=None)
        .execution_options(synchronize_session=False)
    )
    for key in (line_id, f"web:{person_id}"):
        if (chat := unit.get(Conversation, key)) is not None:
            session.delete(chat)
    hers = and_(Inbox.conversation == line_id, Inbox.state != "waiting")
    session.execute(update(Inbox).where(hers).values(conversation=f"{GONE}:{person_id}"))
    session.execute(
        update(Inbox)
        .where(Inbox.conversation == f"{GONE}:{person_id}", Inbox.state != "claimed")
        .values(raw=None)
    )
    session.execute(
        update(Outbox)
        .where(or_(Outbox.person_id == person_id, Outbox.to == line_id))
        .values(to=GONE)
        .execution_options(synchronize_session=False)
    )


def sent_by_systems(unit: Unit, case_id: int) -> list[ApiRequest]:
    """What another system sent along with its request, of which the case came."""
    return list(unit.session.scalars(select(ApiRequest).where(ApiRequest.case_id == case_id)))
