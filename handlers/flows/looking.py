"""Looking at cases: a citizen's own, one with its story, the whole thread for those who act on it."""

from __future__ import annotations

from dataclasses import replace

from handlers.flows import citizen, sorting, teaching
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Cards, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import moment
from handlers.services import cards, next_steps, seeing, telling
from handlers.talk import Outcome, Talk
from nlp import mask
from store.models import Case, History
from store.queries import cases as rows
from store.queries import people
from store.words import Status


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
    code = talk.incoming.data.get("case") or talk.conversation.focus or ""
    case = rows.by_code(talk.unit, code)
    if case is not None and talk.acts_on(case):
        return thread(talk, case)
    typed = talk.incoming.kind == Kind.TEXT
    if case is None:
        return talk.answer("case.unknown" if typed else "stale.case")
    if citizen.mine(talk, code) is None:
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
    if case.status in (Status.DONE, Status.CLOSED) and citizen.may_reopen(talk, case):
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


def thread(talk: Talk, case: Case) -> Outcome:
    """Everything said and done, and the case's card."""
    original = talk.sees_original(case)
    if original:
        seeing.opened(talk, case, seeing.THREAD)
    card = cards.for_official(talk, case, talk.lang, original=original)
    card = replace(card, buttons=(*card.buttons, sorting.button(talk, case), *teaching.button(talk, case)))
    return Outcome([Text(story(talk, case, inner=original)), card], focus=case.code)
