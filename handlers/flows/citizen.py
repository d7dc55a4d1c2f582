"""A citizen and her cases: following them, answering officials, saying whether it is really fixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.incoming import Kind
from handlers.messages.neutral import Button, Cards, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import moment
from handlers.rules import lifecycle
from handlers.services import cards, cases, next_steps, notify, spoken, telling
from handlers.services import photos as photo_rows
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from nlp import mask
from store.issues import issues
from store.models import Case, History
from store.queries import cases as rows
from store.queries import people
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


def track(talk: Talk) -> Outcome:
    """Her cases, newest first."""
    found = rows.of_person(talk.unit, talk.person.id)
    if not found:
        return Outcome(
            [Text(talk.say("track.none"), quick=(tap(talk.say("button.report"), "report.start"),))]
        )
    shown = tuple(cards.for_citizen(talk, case, talk.lang, body=_standing(talk, case)) for case in found)
    return Outcome([Cards(shown, alt=talk.say("track.alt", n=len(shown)))])


def _standing(talk: Talk, case: Case) -> str:
    """What happens next, and what it was about."""
    own = talk.person.id in rows.reporters(case)
    following = next_steps.sentence(talk, case, talk.lang, own=own)
    return f"{following}\n“{shorten(case.public_text, 80)}”" if case.public_text else following


def show(talk: Talk) -> Outcome:
    """One case with its story; an official sees the thread, a stranger what everybody may see."""
    from handlers.flows import official  # each shows what the other does not

    code = talk.incoming.data.get("case") or talk.conversation.focus or ""
    case = rows.by_code(talk.unit, code)
    if case is not None and talk.acts_on(case):
        return official.thread(talk, case)
    typed = talk.incoming.kind == Kind.TEXT
    if case is None:
        return talk.answer("case.unknown" if typed else "stale.case")
    if mine(talk, code) is None:
        # A code she typed is known to her; a button of somebody else's case is not hers.
        return _public(talk, case) if typed else talk.answer("stale.case")
    card = cards.for_citizen(
        talk, case, talk.lang, body=_standing(talk, case), buttons=_buttons(talk, case), whole=True, why=True
    )
    messages = telling.with_news(talk, case, talk.lang, [Text(story(talk, case)), card], talk.person)
    telling.told(talk, case, [talk.person.id])
    return Outcome(messages, focus=case.code)


def _public(talk: Talk, case: Case) -> Outcome:
    """Somebody else's case: how it stands, its public page, and one tap to follow it."""
    buttons = [tap(talk.say("button.follow"), "case.follow", case=case.code)]
    if talk.house.base_url.startswith("https://"):
        page = f"{talk.house.base_url}/cases/{case.code}"
        buttons.append(Button(talk.say("button.public_page"), "link", uri=page, style="quiet"))
    standing = next_steps.sentence(talk, case, talk.lang, own=False)
    card = cards.for_citizen(talk, case, talk.lang, body=standing, buttons=tuple(buttons))
    return Outcome([replace(card, image=None)])


def _buttons(talk: Talk, case: Case) -> tuple[Button, ...]:
    if case.status == Status.DONE and talk.person.id in rows.authors(case):
        return cards.closing_buttons(case, talk.lang)
    if case.status in (Status.DONE, Status.CLOSED) and may_reopen(talk, case):
        return (tap(talk.say("button.reopen"), "case.reopen", case=case.code),)
    if any(f.person_id == talk.person.id for f in case.followers):
        return (tap(talk.say("button.unfollow"), "case.unfollow", style="quiet", case=case.code),)
    return (tap(talk.say("button.track"), "case.track", style="quiet"),)


def story(talk: Talk, case: Case, inner: bool = False) -> str:
    """What happened so far, a line each; questions to the reporter are hers.

    ``inner``: as the agencies see it; followers see masked words.
    """
    lines = []
    own = talk.person.id in rows.authors(case)
    for row in case.history:
        key = f"history.{row.kind}"
        if not (inner or row.public or _hers(talk, row, own)):
            continue
        name = talk.book.agency_name(row.data.get("lead") or row.agency, talk.lang)
        when = moment(row.at, talk.now, talk.book.zone, talk.lang)
        text = row.text if own or inner or row.person_id == talk.person.id else mask(row.text)
        words = shorten(text, 200) if row.text and row.kind != "reported" else ""
        kind = talk.book.plain_name(str(row.data.get("category", "")), talk.lang)
        who = _who(talk, row) if inner else ""
        line = talk.say(key, lead=name, category=kind, codes=cards.codes_of(row), who=who)
        if row.data.get("undone"):
            line = talk.say("history.taken_back", line=line)
        lines.append(f"• {when} {line}" + (f": {words}" if words else ""))
    return shorten("\n".join([talk.say("history.title", code=case.code), *lines[-20:]]), 3000)


def _hers(talk: Talk, row: History, own: bool) -> bool:
    """What passed between her and the agency: what she was asked, what she said herself."""
    if row.kind in ("words", "nudged"):
        return row.person_id == talk.person.id
    return own and row.kind in ("asked", "answered")


def _who(talk: Talk, row: History) -> str:
    """The colleague that a row is about, for the eyes of the agencies."""
    found = people.by_ids(talk.unit, [row.data["to"]]) if row.data.get("to") else []
    return found[0].name if found else ""


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
