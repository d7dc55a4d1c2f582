"""Is it really fixed? Asked once for each closing: closed and rated, or back to work with her words and her photo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from handlers.flows import citizen
from handlers.flows.citizen import may_answer, may_reopen, mine
from handlers.incoming import Kind
from handlers.messages.neutral import Text, tap
from handlers.messages.shorten import shorten
from handlers.services import cards, cases, notify, spoken
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import CaseKind, Status

WORDS_AFTER_MINUTES = 30
"""How long her next words still belong to the question about the rating or the reopening."""


def me(talk: Talk, case: Case) -> Actor:
    """The citizen; her answer may be written down by somebody else, and then the row says by whose agency."""
    if spoken.reports(case) and talk.person.id not in _own_authors(case):
        return Actor("citizen", talk.person, next(iter(talk.agencies), None))
    return Actor("citizen", talk.person)


def _own_authors(case: Case) -> set[int]:
    return {r.person_id for r in case.reports if r.channel == spoken.HERSELF}


def outcome(talk: Talk) -> Outcome:
    """The lead writes down by phone what somebody without LINE says: the same three answers."""
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not spoken.reports(case) or not may_answer(talk, case):
        return talk.answer("stale.case")
    if case.status != Status.DONE:
        return already(talk, case)
    quick = cards.closing_buttons(case, talk.lang)
    return Outcome([Text(talk.say("behalf.outcome", code=case.code), quick=quick)], focus=case.code)


def fixed(talk: Talk) -> Outcome:
    """Fixed → closed and rated; half or not → back to the same agency with her words."""
    data = talk.incoming.data
    case = rows.by_code(talk.unit, data.get("case", ""))
    if case is None or not may_answer(talk, case) or data.get("ok") not in ("1", "half", "0"):
        return talk.answer("stale.case")
    if data["ok"] != "1":
        return back_to_work(talk, case, data["ok"])
    if case.status != Status.DONE:
        return already(talk, case)
    cases.close(talk, case, me(talk, case), "fixed")
    notify.closed(talk, case, talk.person)
    stars = tuple(
        tap("⭐" * n, "case.rate", case=case.code, stars=n, shown=talk.say("rate.shown", n=n))
        for n in range(1, 6)
    )
    return Outcome([Text(talk.say("rate.ask"), quick=stars)], asked=None, focus=case.code)


def already(talk: Talk, case: Case) -> Outcome:
    return talk.answer("stale.done", code=case.code, status=cards.status_of(case, talk.lang))


def reopen(talk: Talk) -> Outcome:
    case = mine(talk, talk.incoming.data.get("case"))
    return talk.answer("stale.case") if case is None else back_to_work(talk, case, "0")


def back_to_work(talk: Talk, case: Case, ok: str) -> Outcome:
    """Once: the same agency goes on. Again: the integrator decides who."""
    if not may_reopen(talk, case):
        key = "stale.too_late" if case.status == Status.CLOSED else "stale.done"
        return talk.answer(key, code=case.code, status=cards.status_of(case, talk.lang))
    cases.reopen(talk, case, me(talk, case), "half" if ok == "half" else "not_fixed")
    headline = "headline.half" if ok == "half" else "headline.not_fixed"
    said = _said_before(talk, case)
    words = talk.say("official.words", code=case.code, text=shorten(said["text"], 1500)) if said else ""
    if case.kind != CaseKind.PROBLEM:
        headline = "headline.asked_again"
    if case.unassigned:
        notify.offered(talk, case, words=words)
    else:
        notify.to_agency(talk, case, headline, words=words)
    notify.reopened(talk, case, talk.person)
    lead = talk.book.agency_name(case.lead, talk.lang)
    key = "case.reopened_center" if case.unassigned else "case.reopened"
    if case.kind != CaseKind.PROBLEM:
        key = "case.asked_again"
    text = talk.say(key, lead=lead, code=case.code)
    asked = {"do": "case.reopen", "case": case.code, "at": talk.now.isoformat()}
    if said:
        asked["words"] = "1"
        if not case.unassigned:
            text = talk.say("case.reopened_words", lead=lead, code=case.code)
    return Outcome([Text(text)], asked=asked, focus=case.code)


def _said_before(talk: Talk, case: Case) -> dict[str, Any] | None:
    """What she wrote before the buttons were shown ("it is not repaired!"): it need not be said twice."""
    asked = talk.conversation.asked or {}
    return asked if asked.get("do") == "said" and asked.get("case") == case.code else None


def more_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """What is still wrong, in her words or as photos; None when the words are about something else."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if case is None or not (mine(talk, case.code) or may_answer(talk, case)):
        return None
    incoming = talk.incoming
    spent = asked.get("words") == "1" and incoming.kind != Kind.PHOTO
    if spent or _too_late(talk, asked) or _other_problem(talk, case):
        return None
    photo_id = citizen.photo_of(talk, case)
    said = citizen.said_more(talk, case, citizen.said(talk), incoming.message_id, photo_id)
    messages = [] if incoming.more_follow else said.messages
    return Outcome(messages, asked={**asked, "words": "1"}, focus=case.code)


def _too_late(talk: Talk, asked: dict[str, str]) -> bool:
    return talk.now - datetime.fromisoformat(asked["at"]) > timedelta(minutes=WORDS_AFTER_MINUTES)


def _other_problem(talk: Talk, case: Case) -> bool:
    if talk.incoming.kind != Kind.TEXT:
        return False
    u = talk.understand(talk.incoming.text)
    return u.intent == "report" and u.decision == "sure" and case.category not in [c for c, _ in u.top]


def rate(talk: Talk) -> Outcome:
    """One to five stars, once per closing; one sentence more if she likes."""
    data = talk.incoming.data
    case = rows.by_code(talk.unit, data.get("case", ""))
    stars = data.get("stars", "")
    if case is None or not may_answer(talk, case) or stars not in ("1", "2", "3", "4", "5"):
        return talk.answer("stale.case")
    if case.status != Status.CLOSED:
        return already(talk, case)
    if case.rating is not None:
        return talk.answer("rate.already", n=case.rating)
    case.rating = int(stars)
    cases.note(talk, case, "rated", me(talk, case), public=True, data={"stars": int(stars)})
    asked = {"do": "case.rate", "case": case.code, "at": talk.now.isoformat()}
    return Outcome([Text(talk.say("rate.thanks", n=stars))], asked=asked)


def rating_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """A sentence with the stars; None when she speaks of something new."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if (
        case is None
        or not may_answer(talk, case)
        or talk.incoming.kind != Kind.TEXT
        or _too_late(talk, asked)
    ):
        return None
    u = talk.understand(talk.incoming.text)
    if u.intent == "report" and u.decision == "sure" and u.category != "other":
        return None
    case.rating_text = talk.incoming.text[:1000]
    cases.note(
        talk,
        case,
        "rating_words",
        me(talk, case),
        text=talk.incoming.text[:1000],
        message_id=talk.incoming.message_id,
    )
    return Outcome([Text(talk.say("rate.words_kept"))], asked=None)
