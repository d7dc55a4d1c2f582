"""What people say that is no problem: a greeting, thanks, a question, an idea, "how far is my case?"."""

from __future__ import annotations

from collections.abc import Callable

from handlers.flows import drafts, looking
from handlers.flows.drafts import Draft
from handlers.flows.remarks import HELLO, POLITE, SEND, THANKS, WRONG, remark, says
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules.codes import find_code
from handlers.services import cases, knowledge, notify, thanks
from handlers.services.cases import NewReport
from handlers.services.knowledge import Answer
from handlers.talk import Outcome, Talk
from nlp import Understanding, mask, normalise
from store.models import Case
from store.words import CaseKind

SERVICE = "service"
"""The category of a question that tells none itself."""


def other(talk: Talk, u: Understanding, text: str, messages: list[str]) -> Outcome | None:
    """The answer to what is no report; None for a report."""
    code = find_code(text)
    if code and u.intent in ("status", "question", "none"):
        return _one_case(talk, code)
    if u.intent == "none" and (u.category == "other" or u.decision != "sure"):
        return hello(talk, text)
    answer = _ANSWERS.get(u.intent)
    return answer(talk, u, text, messages) if answer else None


def hello(talk: Talk, text: str) -> Outcome:
    """A greeting is returned; anything else that says nothing is answered with what one can write."""
    if talk.agencies:
        return Outcome([Text(talk.say("chat.hello_office"), quick=office_quick(talk))], draft=None)
    key = "chat.hello" if remark(text, HELLO) or says(text, HELLO) else "chat.tell"
    return Outcome([Text(talk.say(key), quick=menu_quick(talk))], draft=None)


def office_quick(talk: Talk) -> tuple[Button, ...]:
    return (tap(talk.say("button.inbox"), "inbox"), tap(talk.say("button.report"), "report.start"))


def menu_quick(talk: Talk) -> tuple[Button, ...]:
    return (tap(talk.say("button.report"), "report.start"), tap(talk.say("button.track"), "case.track"))


def _one_case(talk: Talk, code: str) -> Outcome:
    talk.incoming.data["case"] = code
    return looking.show(talk)


def _status(talk: Talk, u: Understanding, text: str, messages: list[str]) -> Outcome:
    return looking.track(talk)


def _praise(talk: Talk, u: Understanding, text: str, messages: list[str]) -> Outcome:
    agencies = thanks.keep(talk, u)
    names = ", ".join(talk.book.agency_name(code, talk.lang) for code in agencies)
    said = talk.say("chat.thanks_to", lead=names) if names else talk.say("chat.thanks")
    return Outcome([Text(said, quick=menu_quick(talk))], draft=None)


# --- questions


def _question(talk: Talk, u: Understanding, text: str, messages: list[str]) -> Outcome:
    found = knowledge.find(talk, text)
    if found is None:
        draft = _draft(talk, u, text, messages, CaseKind.QUESTION)
        lead = talk.book.agency_name(_lead(talk, draft), talk.lang)
        return Outcome(drafts.ask(talk, draft, talk.say("question.unknown", lead=lead)), draft=draft)
    asked = {
        "do": "faq",
        "text": text[: drafts.MOST_TEXT],
        "messages": messages,
        "category": _category(u, CaseKind.QUESTION),
        "code": found.code,
    }
    return Outcome([_answer(talk, found)], draft=None, asked=asked)


def _answer(talk: Talk, found: Answer) -> Card:
    buttons = [
        tap(talk.say("button.answer_yes"), "faq.yes", style="main", code=found.code),
        tap(talk.say("button.answer_no"), "faq.ask", code=found.code),
    ]
    if found.link:
        buttons.append(Button(talk.say("button.read_on"), "link", uri=found.link, style="quiet"))
    words = found.words(talk.lang)
    return Card(
        title=talk.say("question.answer"),
        body=f"{words}\n\n{talk.say('question.helped')}",
        buttons=tuple(buttons),
        alt=shorten(words, 200),
    )


def helped(talk: Talk) -> Outcome:
    """The written answer was the right one."""
    if _open_question(talk) is None:
        return talk.answer("stale.button")
    return Outcome([Text(talk.say("question.glad"), quick=menu_quick(talk))], asked=None)


def ask_official(talk: Talk) -> Outcome:
    """The written answer did not help: her question goes to people, with this one tap."""
    asked = _open_question(talk)
    if asked is None:
        return talk.answer("stale.button")
    known = knowledge.by_code(talk, asked["code"])
    new = NewReport(
        text=asked["text"],
        masked=mask(normalise(asked["text"])),
        category=asked["category"],
        messages=[one for one in asked["messages"] if one],
        kind=CaseKind.QUESTION,
        to=known.agency or None if known else None,
    )
    case = cases.open_case(talk, talk.person, new)
    notify.offered(talk, case)
    return Outcome([receipt(talk, case)], asked=None, focus=case.code)


def replied(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """ "Yes", "thanks" or "that's not it", typed instead of tapped; None for a new thought."""
    said = remark(talk.incoming.text, WRONG, SEND, POLITE, THANKS)
    if said is None:
        return None
    talk.incoming.data["code"] = asked["code"]
    return ask_official(talk) if said == WRONG else helped(talk)


def _open_question(talk: Talk) -> dict[str, str] | None:
    """The question that the tapped answer belongs to; None when another or none is open."""
    asked = talk.conversation.asked or {}
    fits = asked.get("do") == "faq" and asked.get("code") == talk.incoming.data.get("code")
    return asked if fits else None


# --- suggestions, and what both kinds share


def _suggestion(talk: Talk, u: Understanding, text: str, messages: list[str]) -> Outcome:
    draft = _draft(talk, u, text, messages, CaseKind.SUGGESTION)
    return Outcome(drafts.ask(talk, draft, talk.say("suggestion.thanks")), draft=draft)


def _draft(talk: Talk, u: Understanding, text: str, messages: list[str], kind: CaseKind) -> Draft:
    """A draft that asks nothing more: one tap sends it."""
    draft = drafts.new_draft(talk, text, messages)
    drafts.read_into(draft, u)
    category = _category(u, kind)
    draft |= {"kind": kind.value, "category": category, "guess": category, "no_place": True}
    if draft["place"]:
        draft["place"]["choices"] = []
    return draft


def _category(u: Understanding, kind: CaseKind) -> str:
    if u.category != "other" and (
        u.decision == "sure" or (kind == CaseKind.SUGGESTION and u.decision == "ask")
    ):
        return u.category
    return SERVICE if kind == CaseKind.QUESTION else "other"


def _lead(talk: Talk, draft: Draft) -> str:
    area = (draft["place"] or {}).get("area")
    return talk.book.route(area if area in talk.book.areas else None, draft["category"], []).lead


def problem(talk: Talk, draft: Draft) -> Outcome:
    """ "It is a problem, please fix it": the question or idea becomes an ordinary report."""
    draft = {**draft, "kind": CaseKind.PROBLEM.value, "no_place": False, "intent": "report"}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def receipt(talk: Talk, case: Case) -> Card:
    """Sent: who has the question or idea, and what happens next."""
    lead = notify.lead_name(talk, case, talk.lang)
    title = talk.say(f"sent.{case.kind}", code=case.code)
    body = talk.say(f"receipt.{case.kind}", lead=lead)
    return Card(
        title=title,
        body=body,
        buttons=(tap(talk.say("button.show"), "case.show", case=case.code),),
        badge=talk.say("report.receipt_badge"),
        tone="good",
        alt=title,
    )


_ANSWERS: dict[str, Callable[[Talk, Understanding, str, list[str]], Outcome]] = {
    "status": _status,
    "praise": _praise,
    "question": _question,
    "suggestion": _suggestion,
}
