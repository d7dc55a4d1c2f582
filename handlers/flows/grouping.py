"""Several cases of one event, done with in one go ("these seven are one flood")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.flows.guard import led
from handlers.flows.official import plan_check_ins
from handlers.incoming import Kind
from handlers.messages.neutral import Card, Line, Text, tap
from handlers.messages.shorten import shorten
from handlers.services import groups
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import Status

DEEDS = ("merge", "accept", "answer", "done")
MOST_LINES = 8


def _group(talk: Talk, case: Case) -> Outcome:
    """What is probably the same event, and what can be done with all of it."""
    found = groups.cluster(talk, case)
    if len(found) < 2:
        return talk.answer("several.alone", code=case.code)
    keys = ".".join(str(one.id) for one in found)
    deeds = [deed for deed in DEEDS if _fits(talk, deed, found)]
    buttons = tuple(
        tap(
            talk.say(f"button.group_{deed}"),
            "group.do",
            style="main" if index == 0 else "plain",
            how=deed,
            cases=keys,
        )
        for index, deed in enumerate(deeds)
    )
    title = talk.say("several.title", n=len(found))
    lines = tuple(Line(one.code, shorten(one.text, 60)) for one in found[:MOST_LINES])
    body = talk.say("several.body")
    return Outcome([Card(title=title, body=body, lines=lines, buttons=buttons, alt=title)], focus=case.code)


def _fits(talk: Talk, deed: str, found: Sequence[Case]) -> bool:
    """Only what waits can be taken, and only the lead can say that something is done."""
    if deed == "accept":
        return any(case.status == Status.OFFERED for case in found)
    return deed != "done" or found[0].lead in talk.agencies


def act(talk: Talk) -> Outcome:
    """One of the deeds, for all cases that the button names and the speaker decides about."""
    how, keys = talk.incoming.data.get("how", ""), talk.incoming.data.get("cases", "")
    found = _mine(talk, keys)
    if how not in DEEDS or not found or (how == "done" and found[0].lead not in talk.agencies):
        return talk.answer("stale.case")
    if how in ("answer", "done"):
        cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
        words = talk.say(f"several.{how}_what", n=len(found))
        asked = {"do": f"group.{how}", "cases": keys}
        return Outcome([Text(words, quick=(cancel,))], asked=asked)
    if how == "accept":
        done = groups.accept(talk, found, _actor(talk, found))
        for case in done:
            plan_check_ins(talk, case)
        return talk.answer("several.accepted", n=len(done), codes=groups.codes(done) or "-")
    return _merged(talk, found)


def _merged(talk: Talk, found: Sequence[Case]) -> Outcome:
    into, merged = groups.merge(talk, found, _actor(talk, found))
    if not merged:
        return talk.answer("several.nothing")
    words = talk.say("several.merged", n=len(merged), into=into.code, people=into.people)
    return Outcome([Text(words)], focus=into.code)


def words(talk: Talk, asked: dict[str, str]) -> Outcome:
    """The words for all of them."""
    found = _mine(talk, asked.get("cases", ""))
    if not found:
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    if talk.incoming.kind != Kind.TEXT or not talk.incoming.text.strip():
        return talk.answer("several.words_only")
    deed = _WORDS[asked["do"]]
    done = deed(talk, found, _actor(talk, found), talk.incoming.text[:1000], talk.incoming.message_id)
    key = "several.answered" if asked["do"] == "group.answer" else "several.finished"
    return Outcome([Text(talk.say(key, n=len(done)))], asked=None)


_WORDS: dict[str, Callable[..., list[Case]]] = {"group.answer": groups.answer, "group.done": groups.finish}


def _mine(talk: Talk, keys: str) -> list[Case]:
    """The named cases that are still open and that the speaker's agency leads; all of one lead."""
    ids = [
        int(part)
        for part in keys.split(".")[: groups.MOST]
        if part.isascii() and part.isdigit() and len(part) < 18
    ]
    found = [case for case in rows.by_ids(talk.unit, ids) if talk.leads(case)]
    return [case for case in found if case.status in groups.OPEN_FOR_IT and case.lead == found[0].lead]


def _actor(talk: Talk, found: Sequence[Case]) -> Actor:
    lead = found[0].lead
    role = "official" if lead in talk.agencies else "coordinator"
    return Actor(role, talk.person, lead)


group = led(_group)
