"""Writing down a problem for somebody without LINE: a caller, a visitor, a neighbour of a representative."""

from __future__ import annotations

import re
from typing import Any

from handlers.flows import citizen, drafts
from handlers.flows.citizen import may_answer
from handlers.flows.drafts import Draft
from handlers.incoming import Kind
from handlers.messages.neutral import Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.services import cases, spoken
from handlers.services.together import Behalf
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import OPEN, Status

CHANNELS = ("phone", "walk_in")
REPRESENTATIVE = "representative"
_PHONE = re.compile(r"\+?[0-9][0-9 -]{7,14}[0-9]", re.ASCII)
_THAI_DIGITS = {0x0E50 + number: str(number) for number in range(10)}


def start(talk: Talk) -> Outcome:
    """How she came; a representative's neighbour needs no such question."""
    if talk.conversation.draft:
        again = drafts.ask(talk, talk.conversation.draft, talk.say("behalf.first_finish"))
        return Outcome(again)
    if talk.agencies:
        buttons = tuple(tap(talk.say(f"button.behalf_{one}"), "behalf.who", channel=one) for one in CHANNELS)
        title = talk.say("behalf.how")
        return Outcome([Card(title=title, buttons=buttons, alt=title)])
    return _who(talk, REPRESENTATIVE) if talk.represents else talk.answer("stale.role")


def who(talk: Talk) -> Outcome:
    """Named or not: both are fine. Then the report begins."""
    channel, named = talk.incoming.data.get("channel", ""), talk.incoming.data.get("named")
    if not _may(talk, channel):
        return talk.answer("stale.role")
    if talk.conversation.draft:
        return Outcome(drafts.ask(talk, talk.conversation.draft, talk.say("behalf.first_finish")))
    if named == "1":
        cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
        asked = {"do": "behalf.name", "channel": channel}
        return Outcome([Text(talk.say("behalf.name"), quick=(cancel,))], asked=asked)
    return _begin(talk, channel, "", "") if named == "0" else _who(talk, channel)


def _may(talk: Talk, channel: str) -> bool:
    return bool(talk.agencies) if channel in CHANNELS else channel == REPRESENTATIVE and bool(talk.represents)


def _who(talk: Talk, channel: str) -> Outcome:
    buttons = (
        tap(talk.say("button.behalf_unnamed"), "behalf.who", style="main", channel=channel, named="0"),
        tap(talk.say("button.behalf_named"), "behalf.who", channel=channel, named="1"),
    )
    title = talk.say("behalf.who")
    return Outcome([Card(title=title, body=talk.say("behalf.why"), buttons=buttons, alt=title)])


def name(talk: Talk, asked: dict[str, Any]) -> Outcome:
    """Name and phone as they were told; kept only if she agrees."""
    channel = asked.get("channel", "")
    if not _may(talk, channel):
        return Outcome([Text(talk.say("stale.role"))], asked=None)
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("behalf.name")
    called, phone = read_contact(talk.incoming.text)
    asked = {"do": "behalf.agree", "channel": channel, "name": called, "phone": phone}
    asked["message"] = talk.incoming.message_id or ""
    buttons = (
        tap(talk.say("button.behalf_agrees"), "behalf.agree", style="main", ok="1"),
        tap(talk.say("button.behalf_disagrees"), "behalf.agree", ok="0"),
    )
    title = talk.say("behalf.agree")
    body = " ".join(part for part in (called, phone) if part)
    return Outcome([Card(title=title, body=body, buttons=buttons, alt=title)], asked=asked)


def read_contact(text: str) -> tuple[str, str]:
    """(name, phone) from one line; either may be missing."""
    folded = " ".join(text.translate(_THAI_DIGITS).split())
    found = _PHONE.search(folded)
    phone = found[0] if found else ""
    return shorten(folded.replace(phone, "").strip(" ,:-") if phone else folded, 80), phone


def agree(talk: Talk) -> Outcome:
    """She lets her name be kept, or not: then nothing of it is."""
    asked, ok = talk.conversation.asked or {}, talk.incoming.data.get("ok")
    if asked.get("do") != "behalf.agree" or ok not in ("0", "1") or not _may(talk, asked.get("channel", "")):
        return talk.answer("stale.button")
    kept = ok == "1"
    return _begin(talk, asked["channel"], asked["name"] if kept else "", asked["phone"] if kept else "")


def _begin(talk: Talk, channel: str, called: str, phone: str) -> Outcome:
    draft = drafts.new_draft(talk)
    draft["behalf"] = {"channel": channel, "name": called, "phone": phone}
    return Outcome(drafts.ask(talk, draft, talk.say("behalf.begin")), draft=draft, asked=None)


def of_draft(talk: Talk, draft: Draft) -> Behalf | None:
    """For whom the draft is; a role that ended meanwhile speaks for nobody."""
    told = draft.get("behalf")
    return Behalf(**told) if told and _may(talk, told["channel"]) else None


def receipt(talk: Talk, case: Case, card: Card) -> list[Any]:
    """What to tell her before she hangs up, and how she will hear more."""
    report = spoken.of_speaker(case, talk.person)
    phone = report.contact_phone if report else ""
    key = "behalf.tell_her_phone" if phone else "behalf.tell_her"
    return [Text(talk.say(key, code=case.code, phone=phone)), card]


# --- what she answers


def answer(talk: Talk) -> Outcome:
    """To write down what she says, by phone or in person."""
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not spoken.reports(case) or not may_answer(talk, case) or case.status not in OPEN:
        return talk.answer("stale.case")
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    words = talk.say("behalf.answer_what", code=case.code)
    return Outcome(
        [Text(words, quick=(cancel,))], asked={"do": "behalf.answer", "case": case.code}, focus=case.code
    )


def answered(talk: Talk, asked: dict[str, Any]) -> Outcome:
    """Her answer goes the way of every answer; the row says who wrote it down."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if case is None or not may_answer(talk, case) or case.status not in OPEN:
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    photo_id, text = citizen.photo_of(talk, case), citizen.said(talk)
    if case.status != Status.WAITING:
        said = citizen.said_more(talk, case, text, talk.incoming.message_id, photo_id)
        return Outcome(said.messages, asked=None, focus=case.code)
    cases.resume(talk, case, citizen.me(talk), "answered", text=text, message_id=talk.incoming.message_id)
    told = citizen.told_on(talk, case, text, photo_id, "answered")
    return Outcome(told.messages, asked=None, focus=case.code)
