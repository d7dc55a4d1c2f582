"""A citizen with an open case writes: it is for the case, a new problem, or she says in one tap which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.flows import citizen, closing, report, thoughts
from handlers.flows.remarks import (
    FIXED,
    MOST_LETTERS,
    NOT_FIXED,
    SEND,
    THANKS,
    TWO,
    WAIT,
    WRONG,
    remark,
    remarks,
)
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import moment
from handlers.rules import deadlines, speaking
from handlers.rules.codes import find_code
from handlers.rules.speaking import Open, Said
from handlers.services import cards, cases, knowledge, notify, nudges
from handlers.services import photos as photo_rows
from handlers.services.clocks import due_of
from handlers.talk import Outcome, Talk
from nlp import Understanding, aside
from store.issues import issues
from store.models import Case
from store.queries import cases as rows
from store.queries import members as member_rows
from store.words import OPEN, Status

MOST_ASKED = 5
"""Cases that one question offers."""
HEARD = ("progress", "asked", "accepted", "done")
"""Kinds of history after which she has just heard from somebody."""


def words(talk: Talk, case: Case | None = None) -> Outcome | None:
    """Her text, where she has open cases; None when it is a new thought. ``case``: an official waits for an answer."""
    text = talk.incoming.text
    u = talk.understand(text)
    said = _said(text, u)
    plain = _about_done(talk) or _of_number(talk, said)
    if plain is not None:
        return plain
    if case is not None:
        return _to_question(talk, case, u)
    if u.intent == "question" and said.reply != "nudge" and knowledge.find(talk, text):
        return None  # an answer is ready, whatever she has open
    known = _her_open(talk)[:MOST_ASKED]
    if said.reply == "nudge" and not said.emergency:
        known = known or _her_closed(talk)
    facts = [_facts(talk, one) for one in known]
    if any(one.age and one.age <= speaking.JUST_SENT for one in facts) and _asked_by_a_network(talk):
        facts = [replace(one, age=None) for one in facts]
    verdict = speaking.whose(said, facts)
    if verdict.kind == speaking.THANKS:
        return Outcome([Text(talk.say("chat.welcome"), quick=thoughts.menu_quick(talk))])
    if verdict.kind == speaking.NEW:
        return None
    found = [one for one in known if one.code in verdict.codes]
    if verdict.kind == speaking.ASK:
        return _which(talk, found, text, talk.incoming.message_id or "", [])
    return into(talk, found[0], text, talk.incoming.message_id or "", nudge=said.reply == "nudge")


def _asked_by_a_network(talk: Talk) -> bool:
    """A network waits for an answer of hers: unclear words may be meant for it."""
    return member_rows.open_question(talk.unit, talk.person.id, talk.now - speaking.FRESH) is not None


def _about_done(talk: Talk) -> Outcome | None:
    """ "It is fixed" or "not yet", typed where one case of hers waits for just that answer."""
    answer = remark(talk.incoming.text, FIXED, NOT_FIXED)
    if answer is None:
        return None
    done = [c for c in _her_open(talk) if c.status == Status.DONE and talk.person.id in rows.authors(c)]
    if len(done) != 1:
        return None
    talk.incoming.data.update(case=done[0].code, ok="1" if answer == FIXED else "0")
    return closing.fixed(talk)


def _of_number(talk: Talk, said: Said) -> Outcome | None:
    """Words with the number of a case of hers belong to it; a danger to life never disappears in one."""
    code = find_code(talk.incoming.text)
    case = None if code is None or said.emergency else citizen.mine(talk, code)
    if case is None or talk.acts_on(case) or talk.person.id not in rows.reporters(case):
        return None
    if said.intent in ("status", "question") and said.reply != "nudge":
        return None  # how it stands is told, with the whole story
    message = talk.incoming.message_id or ""
    return into(talk, case, talk.incoming.text, message, nudge=said.reply == "nudge")


def _her_closed(talk: Talk) -> list[Case]:
    """Her own cases that were closed and may be opened again, the newest first."""
    mine = rows.of_person(talk.unit, talk.person.id)
    return [case for case in mine if _may_go_on(talk, case)][:MOST_ASKED]


def _may_go_on(talk: Talk, case: Case) -> bool:
    own = talk.person.id in rows.authors(case)
    return own and case.status == Status.CLOSED and citizen.may_reopen(talk, case)


def to_question(talk: Talk) -> Outcome | None:
    """What she sends while an official waits for her answer; None when it is about something else."""
    waiting = [case for case in _her_open(talk) if case.waiting_for == talk.person.id and case.waiting_since]
    if not waiting:
        return None
    waiting.sort(key=_asked_at, reverse=True)
    return words(talk, waiting[0]) if talk.incoming.kind == Kind.TEXT else citizen.answer(talk, waiting[0])


def _her_open(talk: Talk) -> list[Case]:
    """Her own open cases, the newest first; asked of the database once in a decision."""
    if talk.own_open is None:
        talk.own_open = rows.open_of(talk.unit, talk.person.id)
    return talk.own_open


def _asked_at(case: Case) -> datetime:
    assert case.waiting_since is not None  # those without one were left out
    return case.waiting_since


def _said(text: str, u: Understanding) -> Said:
    return Said(
        reply=aside(text),
        intent=u.intent,
        sure=u.decision == "sure",
        category=u.category,
        emergency=bool(u.emergency),
        letters=len(text),
        place=u.place is not None,
    )


def _facts(talk: Talk, case: Case) -> Open:
    group = issues().group(case.category)
    alike = issues().confused.get(group, (case.category,))
    last = next((row for row in reversed(case.history) if row.kind in HEARD and row.agency), None)
    return Open(
        case.code,
        frozenset({case.category, *alike}),
        talk.now - last.at if last else None,
        asked=last is not None and last.kind == "asked",
        age=talk.now - case.opened_at,
    )


def _to_question(talk: Talk, case: Case, u: Understanding) -> Outcome | None:
    """An official asked: her words are the answer, unless they surely tell of another problem, or of danger."""
    other = u.intent == "report" and u.decision == "sure" and u.category not in ("other", case.category)
    akin = issues().akin(u.category, case.category) or case.category in [c for c, _ in u.top]
    if u.emergency:
        return None
    if other and not akin and aside(talk.incoming.text) != "answer":
        return _which(talk, [case], talk.incoming.text, talk.incoming.message_id or "", [])
    return citizen.answer(talk, case)


# --- asking which


def _which(
    talk: Talk, found: list[Case], text: str, message: str, photos: list[str], later: Sequence[str] = ()
) -> Outcome:
    """One tap; until then nothing of it is lost."""
    buttons = tuple(_of_case(talk, case) for case in found[:MOST_ASKED])
    new = tap(talk.say("button.new_problem"), "said.new")
    body = talk.say("speaking.which", text=shorten(text, 200)) if text else ""
    title = talk.say("speaking.title")
    asked = {"do": "which", "text": text, "message": message, "photos": photos, "more": [*later]}
    return Outcome([Card(title=title, body=body, buttons=(*buttons, new), alt=title)], asked=asked)


def _of_case(talk: Talk, case: Case) -> Button:
    name = talk.book.plain_name(case.category, talk.lang)
    label = talk.say("button.of_case", code=case.code, category=name)
    return tap(shorten(label, 40), "said.case", case=case.code)


def chosen(talk: Talk) -> Outcome:
    """ "It is about this case": her words (and photos) go there."""
    asked = _kept(talk)
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    own = case is not None and talk.person.id in rows.reporters(case)
    if asked is None or case is None or not own:
        return talk.answer("stale.button")
    for message_id in asked["photos"]:
        photo_rows.take(talk.unit, talk.person, message_id, "before", case, talk.now)
    return into(talk, case, asked["text"], asked["message"], nudge=aside(asked["text"]) == "nudge")


def new(talk: Talk) -> Outcome:
    """ "It is a new problem": understood as if it had just been written."""
    asked = _kept(talk)
    if asked is None:
        return talk.answer("stale.button")
    return _as_new(talk, asked["text"], asked["message"], asked["photos"])


def _as_new(talk: Talk, text: str, message: str, photos: list[str]) -> Outcome:
    """Understood as if it had just been written."""
    outcome = report.begin(talk, text, [message], photos or None)
    return Outcome(outcome.messages, draft=outcome.draft, asked=None, focus=None)


def _kept(talk: Talk) -> dict[str, Any] | None:
    asked = talk.conversation.asked or {}
    return asked if asked.get("do") == "which" else None


def more(talk: Talk, asked: dict[str, Any]) -> Outcome:
    """She writes on instead of tapping: it is all one thought, and the question stays."""
    incoming = talk.incoming
    answered = _tapped_in_words(talk) if incoming.kind == Kind.TEXT else None
    if answered is not None:
        return answered
    if remark(incoming.text, THANKS, WAIT):
        return _which(talk, _her_open(talk), asked["text"], asked["message"], asked["photos"])
    text, photos, later = asked["text"], list(asked["photos"]), list(asked.get("more", []))
    if incoming.kind == Kind.TEXT:
        text = f"{text}\n{incoming.text}"[:5000]
        later.append(incoming.message_id or "")
    elif incoming.kind == Kind.PHOTO:
        message = incoming.message_id or ""
        photo_rows.take(talk.unit, talk.person, message, "before", None, talk.now)
        photos.append(message)
    else:
        return talk.answer(f"odd.{incoming.kind.value}")
    found = _her_open(talk) or _her_closed(talk)
    if not found or talk.understand(incoming.text).emergency:
        return _as_new(talk, text, asked["message"], photos)
    return _which(talk, found, text, asked["message"], photos, later)


def _tapped_in_words(talk: Talk) -> Outcome | None:
    """The number of the case, "yes" to the only one, or "it is new", typed instead of tapped."""
    text = talk.incoming.text
    found = _her_open(talk) or _her_closed(talk)
    digits = text.strip() if text.strip().isdigit() and len(text.strip()) == 4 else "-"
    code = find_code(text) or next((case.code for case in found if case.code.endswith(digits)), None)
    if remark(text, TWO, WRONG):
        return new(talk)
    only = found[0].code if remark(text, SEND) and len(found) == 1 else None
    if not (code or only) or len(text) > MOST_LETTERS:
        return None
    if not (code in [case.code for case in found] or only):
        return None
    if code and remarks(text) == () and len(text) > len(code):
        asked = talk.conversation.asked or {}
        talk.conversation.asked = {**asked, "text": f"{asked['text']}\n{text}"}
    talk.incoming.data["case"] = code or only or ""
    return chosen(talk)


# --- into the case


def into(talk: Talk, case: Case, text: str, message: str, *, nudge: bool) -> Outcome:
    """Her words go to the case as it stands: an answer, a reminder, more about it, or "it is not fixed"."""
    if case.status == Status.DONE:
        return _not_fixed(talk, case, text, message)
    if _may_go_on(talk, case):
        return _closed(talk, case, text, message)
    if case.status not in OPEN:
        return Outcome(closing.already(talk, case).messages, asked=None)
    if case.status == Status.WAITING and case.waiting_for == talk.person.id:
        cases.resume(talk, case, citizen.me(talk), "answered", text=text, message_id=message or None)
        told = citizen.told_on(talk, case, text, None, "answered")
        return Outcome(told.messages, asked=None, focus=case.code)
    if nudge:
        return _nudged(talk, case, text, message)
    told = citizen.said_more(talk, case, text, message or None)
    return Outcome(told.messages, asked=None, focus=case.code)


def _not_fixed(talk: Talk, case: Case, text: str, message: str) -> Outcome:
    """The agency says that it is done; she says what she sees, and her words go with the answer."""
    cases.note(talk, case, "words", citizen.me(talk), text=text, message_id=message or None)
    asked = {"do": "said", "case": case.code, "text": text, "message": message}
    lead = notify.lead_name(talk, case, talk.lang)
    title = talk.say("told.done_title")
    body = talk.say("speaking.said_done", lead=lead, code=case.code)
    card = Card(title=title, body=body, buttons=cards.closing_buttons(case, talk.lang), alt=title)
    return Outcome([card], asked=asked, focus=case.code)


def _closed(talk: Talk, case: Case, text: str, message: str) -> Outcome:
    """Closed, and she still sees something: one tap opens it again, and her words go with it."""
    cases.note(talk, case, "words", citizen.me(talk), text=text, message_id=message or None)
    asked = {"do": "said", "case": case.code, "text": text, "message": message}
    body = talk.say("speaking.closed", lead=notify.lead_name(talk, case, talk.lang), code=case.code)
    again = (tap(talk.say("button.reopen"), "case.reopen", case=case.code),)
    return Outcome([Text(body, quick=again)], asked=asked, focus=case.code)


def _nudged(talk: Talk, case: Case, text: str, message: str) -> Outcome:
    """The first time who has it is asked; the second time the head hears of it, once; never a new case."""
    times = nudges.nudge(talk, case, citizen.me(talk), text, message or None)
    return Outcome([Text(_human(talk, case, times))], asked=None, focus=case.code)


def _human(talk: Talk, case: Case, times: int) -> str:
    """Who has it, until when it is promised, and what happens now."""
    due = due_of(case, deadlines.FINISH) or due_of(case, deadlines.ACK)
    lead = notify.lead_name(talk, case, talk.lang)
    until = moment(due.due_at, talk.now, talk.book.zone, talk.lang) if due else ""
    late = due is not None and due.due_at < talk.now
    stands = "nudge.no_day" if due is None else "nudge.late" if late else "nudge.until"
    if case.status == Status.OFFERED and not late:
        stands = "nudge.offered"
    first = talk.say(stands, lead=lead, code=case.code, until=until)
    return f"{first}\n{talk.say('nudge.first' if times == 1 else 'nudge.again', lead=lead)}"
