"""A citizen and her cases: following them, answering officials, saying whether it is really fixed."""

from __future__ import annotations

from datetime import timedelta

from handlers.incoming import Kind
from handlers.messages.neutral import Text
from handlers.messages.shorten import shorten
from handlers.rules import lifecycle
from handlers.services import cases, notify, spoken
from handlers.services import photos as photo_rows
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.issues import issues
from store.models import Case
from store.queries import cases as rows
from store.words import Status


def me(talk: Talk) -> Actor:
    return Actor("citizen", talk.person)


def mine(talk: Talk, code: str | None) -> Case | None:
    """Her own case (reported or followed) of that code."""
    case = rows.by_code(talk.unit, code or "")
    if case is None:
        return None
    known = {*rows.reporters(case), *(f.person_id for f in case.followers)}
    return case if talk.person.id in known else None


# --- answering an official


def answer(talk: Talk, case: Case) -> Outcome:
    """Her next message after an official's question is the answer."""
    incoming = talk.incoming
    photo_id = photo_of(talk, case)
    text = said(talk)
    if incoming.kind == Kind.PLACE:
        cases.place_at(talk, case, incoming.lat or 0.0, incoming.lon or 0.0, incoming.place)
    cases.resume(talk, case, me(talk), "answered", text=text, message_id=incoming.message_id)
    return told_on(talk, case, text, photo_id, "answered")


def said_more(
    talk: Talk, case: Case, text: str, message_id: str | None, photo_id: int | None = None
) -> Outcome:
    """Her words about a case that goes on: kept with it and shown to who has it."""
    cases.note(talk, case, "words", me(talk), text=text, message_id=message_id)
    return told_on(talk, case, text, photo_id, "words")


def told_on(talk: Talk, case: Case, text: str, photo_id: int | None, what: str) -> Outcome:
    """``what``: "answered" or "words"."""
    lang = talk.lang
    words = talk.say(f"official.{what}", code=case.code, text=shorten(text, 1500)) if text else ""
    notify.to_agency(talk, case, f"headline.{what}", photo_id=photo_id, words=words)
    lead = talk.book.agency_name(case.lead, lang)
    key = "case.answer_sent" if what == "answered" else "case.words_sent"
    return Outcome([Text(talk.say(key, lead=lead, code=case.code))], focus=case.code)


def photo_of(talk: Talk, case: Case) -> int | None:
    """The id of a photo that came with her words."""
    if talk.incoming.kind != Kind.PHOTO:
        return None
    return photo_rows.take(
        talk.unit, talk.person, talk.incoming.message_id or "", "before", case, talk.now
    ).id


def said(talk: Talk) -> str:
    incoming = talk.incoming
    if incoming.kind == Kind.PHOTO:
        return talk.say("case.a_photo")
    if incoming.kind == Kind.PLACE:
        return incoming.place or f"{incoming.lat:.5f}, {incoming.lon:.5f}"
    return incoming.text


def may_answer(talk: Talk, case: Case) -> bool:
    """Whose report it is, who speaks for her, or (for somebody without LINE) the lead, which has her phone number."""
    return talk.person.id in rows.authors(case) or (bool(spoken.reports(case)) and talk.leads(case))


def may_reopen(talk: Talk, case: Case) -> bool:
    """While it is said to be done, and for thirty days after it was closed."""
    if case.status == Status.DONE:
        return True
    limit = timedelta(days=lifecycle.REOPEN_DAYS)
    return case.status == Status.CLOSED and case.closed_at is not None and talk.now - case.closed_at <= limit


# --- following


def follow(talk: Talk) -> Outcome:
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not _may_follow(talk, case):
        return talk.answer("stale.case")
    new = cases.follow(talk, case, talk.person)
    return talk.answer("report.joined" if new else "report.joined_already", code=case.code)


def _may_follow(talk: Talk, case: Case) -> bool:
    """Anybody may follow what anybody may know; a private problem only those who look after its network."""
    return (
        issues().public(case.category) or case.network in talk.represents or mine(talk, case.code) is not None
    )


def unfollow(talk: Talk) -> Outcome:
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    row = next((f for f in case.followers if f.person_id == talk.person.id), None) if case else None
    if case is None or row is None:
        return talk.answer("stale.case")
    case.followers.remove(row)
    talk.unit.delete(row)
    return talk.answer("case.unfollowed", code=case.code)
