"""A citizen and her cases: following them, answering officials, saying whether it is really fixed."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.flows import report
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Cards, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import moment
from handlers.rules import lifecycle
from handlers.services import cards, cases, notify
from handlers.services import photos as photo_rows
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.issues import issues
from store.models import Case
from store.queries import cases as rows
from store.words import Status

WORDS_AFTER_MINUTES = 30
"""How long her next words still belong to the question about the rating or the reopening."""


def me(talk: Talk) -> Actor:
    return Actor("citizen", talk.person)


def mine(talk: Talk, code: str | None) -> Case | None:
    """Her own case (reported or followed) of that code."""
    case = rows.by_code(talk.unit, code or "")
    if case is None:
        return None
    known = {*rows.reporters(case), *(f.person_id for f in case.followers)}
    return case if talk.person.id in known else None


def track(talk: Talk) -> Outcome:
    """Her cases, newest first."""
    found = rows.of_person(talk.unit, talk.person.id)
    if not found:
        return Outcome(
            [Text(talk.say("track.none"), quick=(tap(talk.say("button.report"), "report.start"),))]
        )
    shown = tuple(cards.for_citizen(talk, case, talk.lang) for case in found)
    return Outcome([Cards(shown, alt=talk.say("track.alt", n=len(shown)))])


def show(talk: Talk) -> Outcome:
    """One case with its story; an official sees the thread, a stranger nothing."""
    from handlers.flows import official  # each shows what the other does not

    code = talk.incoming.data.get("case") or talk.conversation.focus or ""
    case = rows.by_code(talk.unit, code)
    if case is not None and talk.acts_on(case):
        return official.thread(talk, case)
    case = mine(talk, code)
    if case is None:
        return talk.answer("stale.case")
    card = cards.for_citizen(talk, case, talk.lang, buttons=_buttons(talk, case))
    return Outcome([Text(story(talk, case)), card], focus=case.code)


def _buttons(talk: Talk, case: Case) -> tuple[Button, ...]:
    if case.status == Status.DONE and talk.person.id in rows.authors(case):
        return (
            tap(talk.say("button.fixed"), "case.fixed", style="main", case=case.code, ok="1"),
            tap(talk.say("button.half"), "case.fixed", case=case.code, ok="half"),
            tap(talk.say("button.not_fixed"), "case.fixed", case=case.code, ok="0"),
        )
    if case.status in (Status.DONE, Status.CLOSED) and may_reopen(talk, case):
        return (tap(talk.say("button.reopen"), "case.reopen", case=case.code),)
    if any(f.person_id == talk.person.id for f in case.followers):
        return (tap(talk.say("button.unfollow"), "case.unfollow", style="quiet", case=case.code),)
    return (tap(talk.say("button.track"), "case.track", style="quiet"),)


def story(talk: Talk, case: Case, inner: bool = False) -> str:
    """What happened so far, a line each; questions to the reporter are hers. ``inner``: as the agencies see it."""
    lines = []
    own = talk.person.id in rows.authors(case)
    for row in case.history:
        key = f"history.{row.kind}"
        if not (inner or row.public or (own and row.kind in ("asked", "answered"))):
            continue
        name = talk.book.agency_name(row.data.get("lead") or row.agency, talk.lang)
        when = moment(row.at, talk.now, talk.book.zone, talk.lang)
        words = shorten(row.text, 200) if row.text and row.kind != "reported" else ""
        line = talk.say(key, lead=name, codes=cards.codes_of(row))
        lines.append(f"• {when} {line}" + (f": {words}" if words else ""))
    return shorten("\n".join([talk.say("history.title", code=case.code), *lines[-20:]]), 3000)


# --- answering an official


def answer(talk: Talk, case: Case) -> Outcome:
    """Her next message after an official's question is the answer."""
    incoming = talk.incoming
    lang = talk.lang
    photo_id = _photo(talk, case)
    text = _said(talk)
    if incoming.kind == Kind.PLACE:
        cases.place_at(talk, case, incoming.lat or 0.0, incoming.lon or 0.0, incoming.place)
    cases.resume(talk, case, me(talk), "answered", text=text, message_id=incoming.message_id)
    words = talk.say("official.answered", code=case.code, text=shorten(text, 1500)) if text else ""
    notify.to_agency(talk, case, "headline.answered", photo_id=photo_id, words=words)
    lead = talk.book.agency_name(case.lead, lang)
    return Outcome([Text(talk.say("case.answer_sent", lead=lead, code=case.code))], focus=case.code)


def _photo(talk: Talk, case: Case) -> int | None:
    """The id of a photo that came with her words."""
    if talk.incoming.kind != Kind.PHOTO:
        return None
    return photo_rows.take(
        talk.unit, talk.person, talk.incoming.message_id or "", "before", case, talk.now
    ).id


def _said(talk: Talk) -> str:
    incoming = talk.incoming
    if incoming.kind == Kind.PHOTO:
        return talk.say("case.a_photo")
    if incoming.kind == Kind.PLACE:
        return incoming.place or f"{incoming.lat:.5f}, {incoming.lon:.5f}"
    return incoming.text


# --- is it really fixed?


def fixed(talk: Talk) -> Outcome:
    """Fixed → closed and rated; half or not → back to the same agency with her words."""
    data = talk.incoming.data
    case = rows.by_code(talk.unit, data.get("case", ""))
    if case is None or talk.person.id not in rows.authors(case) or data.get("ok") not in ("1", "half", "0"):
        return talk.answer("stale.case")
    if data["ok"] != "1":
        return _reopen(talk, case, data["ok"])
    if case.status != Status.DONE:
        return _already(talk, case)
    cases.close(talk, case, me(talk), "fixed")
    notify.closed(talk, case, talk.person)
    stars = tuple(
        tap("⭐" * n, "case.rate", case=case.code, stars=n, shown=talk.say("rate.shown", n=n))
        for n in range(1, 6)
    )
    return Outcome([Text(talk.say("rate.ask"), quick=stars)], focus=case.code)


def _already(talk: Talk, case: Case) -> Outcome:
    return talk.answer("stale.done", code=case.code, status=cards.status_name(case.status, talk.lang))


def may_reopen(talk: Talk, case: Case) -> bool:
    if case.status == Status.DONE:
        return True
    limit = timedelta(days=lifecycle.REOPEN_DAYS)
    return case.status == Status.CLOSED and case.closed_at is not None and talk.now - case.closed_at <= limit


def reopen(talk: Talk) -> Outcome:
    case = mine(talk, talk.incoming.data.get("case"))
    return talk.answer("stale.case") if case is None else _reopen(talk, case, "0")


def _reopen(talk: Talk, case: Case, ok: str) -> Outcome:
    if not may_reopen(talk, case):
        key = "stale.too_late" if case.status == Status.CLOSED else "stale.done"
        return talk.answer(key, code=case.code, status=cards.status_name(case.status, talk.lang))
    cases.reopen(talk, case, me(talk), "half" if ok == "half" else "not_fixed")
    headline = "headline.half" if ok == "half" else "headline.not_fixed"
    if case.unassigned:
        notify.offered(talk, case)
    else:
        notify.to_agency(talk, case, headline)
    notify.reopened(talk, case, talk.person)
    lead = talk.book.agency_name(case.lead, talk.lang)
    text = talk.say("case.reopened_center" if case.unassigned else "case.reopened", lead=lead, code=case.code)
    asked = {"do": "case.reopen", "case": case.code, "at": talk.now.isoformat()}
    return Outcome([Text(text)], asked=asked, focus=case.code)


def more_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """What is still wrong, in her words or as a photo; None when the words are about something else."""
    case = mine(talk, asked.get("case"))
    if case is None or _too_late(talk, asked) or _other_problem(talk, case):
        return None
    incoming = talk.incoming
    photo_id = _photo(talk, case)
    text = _said(talk)
    cases.note(talk, case, "words", me(talk), text=text, message_id=incoming.message_id)
    words = talk.say("official.words", code=case.code, text=shorten(text, 1500))
    notify.to_agency(talk, case, "headline.words", photo_id=photo_id, words=words)
    return Outcome(
        [Text(talk.say("case.words_sent", lead=talk.book.agency_name(case.lead, talk.lang)))], asked=None
    )


def _too_late(talk: Talk, asked: dict[str, str]) -> bool:
    return talk.now - datetime.fromisoformat(asked["at"]) > timedelta(minutes=WORDS_AFTER_MINUTES)


def _other_problem(talk: Talk, case: Case) -> bool:
    if talk.incoming.kind != Kind.TEXT:
        return False
    u = report.understand(talk, talk.incoming.text)
    return u.intent == "report" and u.decision == "sure" and case.category not in [c for c, _ in u.top]


def rate(talk: Talk) -> Outcome:
    """One to five stars, once per closing; one sentence more if she likes."""
    data = talk.incoming.data
    case = rows.by_code(talk.unit, data.get("case", ""))
    stars = data.get("stars", "")
    if case is None or talk.person.id not in rows.authors(case) or stars not in ("1", "2", "3", "4", "5"):
        return talk.answer("stale.case")
    if case.status != Status.CLOSED:
        return _already(talk, case)
    if case.rating is not None:
        return talk.answer("rate.already", n=case.rating)
    case.rating = int(stars)
    cases.note(talk, case, "rated", me(talk), public=True, data={"stars": int(stars)})
    asked = {"do": "case.rate", "case": case.code, "at": talk.now.isoformat()}
    return Outcome([Text(talk.say("rate.thanks", n=stars))], asked=asked)


def rating_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """A sentence with the stars; None when she speaks of something new."""
    case = mine(talk, asked.get("case"))
    if case is None or talk.incoming.kind != Kind.TEXT or _too_late(talk, asked):
        return None
    u = report.understand(talk, talk.incoming.text)
    if u.intent == "report" and u.decision == "sure":
        return None
    case.rating_text = talk.incoming.text[:1000]
    cases.note(
        talk,
        case,
        "rating_words",
        me(talk),
        text=talk.incoming.text[:1000],
        message_id=talk.incoming.message_id,
    )
    return Outcome([Text(talk.say("rate.words_kept"))], asked=None)


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
