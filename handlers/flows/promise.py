"""By when? The lead names a date with one tap; another date needs a reason, which the citizen hears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

from handlers.flows.official import guarded, late, me
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Text, tap, with_quick
from handlers.messages.texts import sentences
from handlers.messages.texts import words as words_of
from handlers.messages.times import day
from handlers.rules import deadlines, lifecycle
from handlers.rules.dates import read_day
from handlers.services import cases, notify, telling
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import Status

SPANS = {"today": 0, "3d": 3, "1w": 7, "2w": 14}
REASONS = ("material", "weather", "budget", "other_agency", "other")
_OPEN = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)


def buttons(talk: Talk, case: Case) -> tuple[Button, ...]:
    """The usual spans and a date of one's own."""
    spans = tuple(tap(talk.say(f"plan.{when}"), "case.plan", case=case.code, when=when) for when in SPANS)
    return (*spans, tap(talk.say("plan.other"), "case.plan", case=case.code, when="other"))


def after(accept: Callable[[Talk], Outcome]) -> Callable[[Talk], Outcome]:
    """Whoever has just taken a case may say by when, one tap away."""

    def run(talk: Talk) -> Outcome:
        outcome = accept(talk)
        case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
        fresh = case is not None and case.status == Status.ACCEPTED and case.accepted_at == talk.now
        if case is None or not fresh:
            return outcome
        return replace(outcome, messages=with_quick(outcome.messages, buttons(talk, case)))

    return run


def _plan(talk: Talk, case: Case) -> Outcome:
    """A tap with a span, a typed date (``on``), or the question which."""
    data = talk.incoming.data
    if case.status not in _OPEN or (case.lead not in talk.agencies and not talk.integrates(case)):
        return late(talk, case)
    if data.get("when") == "other":
        asked = {"do": "case.plan", "case": case.code}
        return Outcome([Text(talk.say("plan.words", code=case.code))], asked=asked, focus=case.code)
    at = _at(talk, case, data)
    if at is None:
        title = talk.say("plan.ask", code=case.code)
        return Outcome([Text(title, quick=buttons(talk, case))], focus=case.code)
    return _promise(talk, case, at, data.get("why", ""))


def _at(talk: Talk, case: Case, data: dict[str, str]) -> datetime | None:
    if data.get("when") in SPANS:
        return deadlines.end_of_day(talk.now, SPANS[data["when"]], talk.book.calendar(case.lead or ""))
    return _on(talk, case, data.get("on", ""))


def _on(talk: Talk, case: Case, iso: str) -> datetime | None:
    """The end of the working day of an ISO date, today or later; None for anything else."""
    try:
        found = datetime.combine(datetime.fromisoformat(iso).date(), time(0), talk.book.zone)
        days = (found.date() - talk.now.astimezone(talk.book.zone).date()).days
        if not 0 <= days <= 366:
            return None
        start = talk.now if days == 0 else found
        return deadlines.end_of_day(start, 0, talk.book.calendar(case.lead or ""))
    except ValueError:
        return None


def _promise(talk: Talk, case: Case, at: datetime, why: str, text: str = "") -> Outcome:
    before = case.expected_at
    if before is not None and _day(talk, before) == _day(talk, at):
        return talk.answer("plan.same", until=_words(talk, at))
    if before is not None and at > before:
        if why == "other" and not text:
            asked = {"do": "case.plan.why", "case": case.code, "on": _day(talk, at)}
            return Outcome([Text(talk.say("plan.why_words"))], asked=asked, focus=case.code)
        if why not in REASONS:
            return _ask_why(talk, case, at)
    reason = text or (talk.say(f"plan.why_{why}") if before is not None and why in REASONS else "")
    cases.promise(
        talk, case, me(talk, case), at, _words(talk, at), why=why if before is not None else "", reason=reason
    )
    if before is None or at <= before:
        telling.promised(talk, case)
        return Outcome([Text(talk.say("plan.kept", code=case.code, until=_words(talk, at)))], asked=None)
    notify.promise_moved(talk, case, why, text)
    return Outcome([Text(talk.say("plan.moved", code=case.code, until=_words(talk, at)))], asked=None)


def _ask_why(talk: Talk, case: Case, at: datetime) -> Outcome:
    keys = {"case": case.code, "on": _day(talk, at)}
    shown = tuple(tap(talk.say(f"plan.why_{why}"), "case.plan", why=why, **keys) for why in REASONS)
    title = talk.say("plan.why")
    return Outcome([Card(title=title, body=case.code, buttons=shown, alt=title)], focus=case.code)


def _day(talk: Talk, at: datetime) -> str:
    return at.astimezone(talk.book.zone).date().isoformat()


def _words(talk: Talk, at: datetime) -> str:
    return day(at, talk.now, talk.book.zone, talk.lang)


plan = guarded(_plan)


def words(talk: Talk, asked: dict[str, str]) -> Outcome:
    """A typed date, or the typed reason of another date."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if case is None or not talk.acts_on(case):
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("plan.words", code=case.code)
    try:
        return _typed(talk, case, asked)
    except lifecycle.ForbiddenChange:
        return Outcome(late(talk, case).messages, asked=None)


def _typed(talk: Talk, case: Case, asked: dict[str, str]) -> Outcome:
    if case.status not in _OPEN:
        return Outcome(late(talk, case).messages, asked=None)
    reason = talk.incoming.text[:300] if asked["do"] == "case.plan.why" else ""
    at = _on(talk, case, asked["on"]) if reason else _read(talk, case)
    if at is None:
        return talk.answer("plan.not_read")
    outcome = _promise(talk, case, at, "other" if reason else "", reason)
    return outcome if isinstance(outcome.asked, dict) else replace(outcome, asked=None)


def _read(talk: Talk, case: Case) -> datetime | None:
    today = talk.now.astimezone(talk.book.zone).date()
    for lang in dict.fromkeys((talk.lang, "th", "en")):
        months = sentences(lang)["time.months"].split("|")
        found = read_day(talk.incoming.text, today, words_of("word.days"), months)
        if found:
            return _on(talk, case, found.isoformat())
    return None
