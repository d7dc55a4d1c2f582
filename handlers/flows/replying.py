"""An official answers a question or a suggestion in her own words."""

from __future__ import annotations

from handlers.flows import official
from handlers.incoming import Kind
from handlers.messages.neutral import Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import lifecycle
from handlers.services import cases, notify
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import OPEN, CaseKind


def _begin(talk: Talk, case: Case) -> Outcome:
    if case.kind == CaseKind.PROBLEM or case.status not in OPEN:
        return official.late(talk, case)
    asked = {"do": "case.answer", "case": case.code}
    words = talk.say("official.answer_what", code=case.code, text=shorten(case.public_text, 200))
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    return Outcome([Text(words, quick=(cancel,))], asked=asked, focus=case.code)


begin = official.guarded(_begin)


def words(talk: Talk, asked: dict[str, str]) -> Outcome:
    """The words after the button go to the citizen."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if case is None or not talk.acts_on(case):
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("official.answer_words", code=case.code)
    try:
        return send(talk, case, talk.incoming.text, talk.incoming.message_id)
    except lifecycle.ForbiddenChange:
        return Outcome(official.late(talk, case).messages, asked=None)


def send(talk: Talk, case: Case, text: str, message_id: str | None) -> Outcome:
    """Answer now. Raises ``ForbiddenChange`` when it is answered already."""
    cases.answer(talk, case, official.me(talk, case), text[:1000], message_id)
    notify.replied(talk, case, text[:1000])
    return Outcome([Text(talk.say("official.replied", code=case.code))], asked=None)
