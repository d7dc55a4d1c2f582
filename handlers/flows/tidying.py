"""Putting cases in order: two that are one, one that is two."""

from __future__ import annotations

from typing import Any

from handlers.flows.guard import late, led, me
from handlers.incoming import Kind
from handlers.messages.neutral import Card, Cards, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import lifecycle
from handlers.rules.codes import find_code
from handlers.services import cards, cases, notify, parts, similar
from handlers.services.cases import NewReport
from handlers.talk import Outcome, Talk
from nlp import mask, normalise
from store.models import Case
from store.queries import cases as rows
from store.words import OPEN, Status

MOST_SHOWN = 5


# --- the same problem twice


def _merge(talk: Talk, case: Case) -> Outcome:
    """Which one it is the same as: picked or typed; shown side by side; merged by a second tap."""
    if not lifecycle.may(case.status, Status.MERGED, me(talk, case).role):
        return late(talk, case)
    told = talk.incoming.data.get("into", "")
    if not told:
        return _with_which(talk, case)
    into = _goal(talk, case, told)
    if into is None:
        return talk.answer("tidy.not_there", code=told[:20])
    if talk.incoming.data.get("sure") != "1":
        return _side_by_side(talk, case, into)
    cases.merge(talk, case, into, me(talk, case))
    return Outcome(
        [Text(talk.say("tidy.merged", code=case.code, into=into.code))], asked=None, focus=into.code
    )


def _goal(talk: Talk, case: Case, code: str) -> Case | None:
    """An open case the speaker decides about too, and another one."""
    into = rows.by_code(talk.unit, code)
    if into is None or into.id == case.id or into.status not in OPEN or not talk.leads(into):
        return None
    return into


def _with_which(talk: Talk, case: Case) -> Outcome:
    problem = similar.problem(
        talk, case.category, case.public_text, case.place_text, case.area, case.lat, case.lon
    )
    known = [
        rows.by_id(talk.unit, match.known.case_id) for match in similar.probable(talk, problem, (case.code,))
    ]
    found = [one for one in known if one is not None and one.status in OPEN and talk.leads(one)]
    words = talk.say("tidy.merge_which", code=case.code)
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    asked = {"do": "case.merge", "case": case.code}
    if not found:
        return Outcome([Text(words, quick=(cancel,))], asked=asked, focus=case.code)
    shown = tuple(_candidate(talk, case, one) for one in found[:MOST_SHOWN])
    return Outcome([Text(words), Cards(shown, alt=words, quick=(cancel,))], asked=asked, focus=case.code)


def _candidate(talk: Talk, case: Case, one: Case) -> Card:
    button = tap(talk.say("button.merge_into"), "case.merge", style="main", case=case.code, into=one.code)
    return Card(
        title=talk.book.category_name(one.category, talk.lang),
        body=shorten(one.text, 120),
        lines=(
            Line(talk.say("case.code"), one.code),
            Line(talk.say("case.where"), shorten(cards.place_of(talk, one, talk.lang, inner=True), 100)),
        ),
        buttons=(button,),
        badge=cards.status_name(one.status, talk.lang),
    )


def _side_by_side(talk: Talk, case: Case, into: Case) -> Outcome:
    sure = tap(
        talk.say("button.merge_sure"), "case.merge", style="main", case=case.code, into=into.code, sure="1"
    )
    title = talk.say("tidy.merge_sure", code=case.code, into=into.code)
    lines = tuple(Line(one.code, shorten(one.text, 150)) for one in (case, into))
    keep = tap(talk.say("button.apart"), "case.show", style="quiet", case=case.code)
    return Outcome([Card(title=title, lines=lines, buttons=(sure, keep), alt=title)], asked=None)


def _merge_words(talk: Talk, case: Case) -> Outcome:
    """A typed code after "which one?"."""
    code = find_code(talk.incoming.text) if talk.incoming.kind == Kind.TEXT else None
    into = _goal(talk, case, code or "")
    if into is None:
        cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
        words = talk.say("tidy.not_there", code=code or shorten(talk.incoming.text, 20))
        return Outcome([Text(words, quick=(cancel,))])
    return _side_by_side(talk, case, into)


# --- two problems in one report


def _split(talk: Talk, case: Case) -> Outcome:
    """The part that is a problem of its own, in the official's words; then its kind; then it is a case."""
    if case.status not in lifecycle.BEFORE_DONE:
        return late(talk, case)
    asked: dict[str, Any] = talk.conversation.asked or {}
    category = talk.incoming.data.get("category", "")
    if asked.get("do") == "case.split" and asked.get("case") == case.code and asked.get("text"):
        if category in talk.book.categories:
            return _split_now(talk, case, asked["text"], category)
        return _which_kind(talk, case, asked["text"])
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    words = talk.say("tidy.split_what", code=case.code, text=shorten(case.text, 600))
    asked = {"do": "case.split", "case": case.code}
    return Outcome([Text(words, quick=(cancel,))], asked=asked, focus=case.code)


def _split_words(talk: Talk, case: Case) -> Outcome:
    if talk.incoming.kind != Kind.TEXT or not talk.incoming.text.strip():
        return talk.answer("tidy.split_what", code=case.code, text=shorten(case.text, 600))
    return _which_kind(talk, case, talk.incoming.text[:2000])


def _which_kind(talk: Talk, case: Case, text: str) -> Outcome:
    """The kinds of problem it may be, the likeliest first; the choice opens the new case."""
    top = [category for category, _ in talk.understand(text).top[:3]]
    buttons = tuple(
        tap(
            shorten(talk.book.category_name(category, talk.lang), 40),
            "case.split",
            style="main" if index == 0 else "plain",
            case=case.code,
            category=category,
        )
        for index, category in enumerate(top)
    )
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    title = talk.say("tidy.split_kind")
    card = Card(title=title, body=f"“{shorten(text, 300)}”", buttons=(*buttons, cancel), alt=title)
    return Outcome([card], asked={"do": "case.split", "case": case.code, "text": text})


def _split_now(talk: Talk, case: Case, text: str, category: str) -> Outcome:
    new = NewReport(
        text=text,
        masked=mask(normalise(text)),
        category=category,
        urgent=talk.understand(text).urgent,
        place_text=case.place_text,
        area=case.area,
        lat=case.lat,
        lon=case.lon,
    )
    made = parts.split(talk, case, me(talk, case), new)
    notify.offered(talk, made, speaker=talk.person)
    parts.told(talk, case, made)
    lead = notify.lead_name(talk, made, talk.lang)
    words = talk.say("tidy.split_done", code=case.code, new=made.code, lead=lead)
    mine: list[Message] = [cards.for_official(talk, made, talk.lang, most=200)] if talk.leads(made) else []
    return Outcome([Text(words), *mine], asked=None, focus=case.code)


merge, split = led(_merge), led(_split)
WORDS = {"case.merge": _merge_words, "case.split": _split_words}
"""What the words after a button are for."""
