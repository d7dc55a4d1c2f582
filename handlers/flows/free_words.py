"""Free words of an official with a case in view: one tap says whom they are for."""

from __future__ import annotations

from dataclasses import replace

from handlers.flows import replying, report, work
from handlers.flows.guard import late, me
from handlers.flows.official import ask_now, taken
from handlers.messages.neutral import Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import lifecycle
from handlers.services import cases, notify
from handlers.talk import KEEP, Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import CaseKind


def offer_to_send(talk: Talk, case: Case) -> Outcome:
    """Free words with a case in view: one tap says whom they are for."""
    text = talk.incoming.text
    asked = {"do": "free", "case": case.code, "text": text[:2000], "message": talk.incoming.message_id or ""}
    body = talk.say("official.free", code=case.code, text=shorten(text, 200))
    first = "button.free_answer" if case.kind == CaseKind.PROBLEM else "button.free_reply"
    buttons = (
        tap(talk.say(first), "ask.send", style="main", how="answer"),
        tap(talk.say("button.free_question"), "ask.send", how="question"),
        tap(talk.say("button.free_inside"), "ask.send", how="inside"),
        tap(talk.say("button.free_report"), "ask.send", style="quiet", how="report"),
    )
    return Outcome([Card(title=talk.say("official.free_title"), body=body, buttons=buttons)], asked=asked)


def send_free(talk: Talk, asked: dict[str, str]) -> Outcome:
    """The tap after ``offer_to_send``: an answer to the citizen, a question to her, or a report of one's own."""
    how = talk.incoming.data.get("how")
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if how == "report":
        outcome = report.begin(talk, asked["text"], [asked["message"]])
        return replace(outcome, asked=None) if outcome.asked is KEEP else outcome
    if case is None or not talk.acts_on(case) or how not in ("answer", "question", "inside"):
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    try:
        return _send_now(talk, case, asked, how)
    except lifecycle.ForbiddenChange:
        return Outcome(late(talk, case).messages, asked=None)


def _send_now(talk: Talk, case: Case, asked: dict[str, str], how: str) -> Outcome:
    if how == "question":
        return ask_now(talk, case, asked["text"], asked["message"])
    if how == "inside":
        return work.noted(talk, case, asked["text"], asked["message"])
    if case.kind != CaseKind.PROBLEM:
        return replying.send(talk, case, asked["text"], asked["message"])
    taken(talk, case)
    actor = me(talk, case)
    cases.progress(talk, case, actor, asked["text"], asked["message"])
    notify.progressed(talk, case, asked["text"])
    return Outcome([Text(talk.say("official.noted", code=case.code))], asked=None)
