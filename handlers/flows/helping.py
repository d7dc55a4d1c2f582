"""A helping agency in the chat: its own part is taken, given back or finished with the buttons of its card."""

from __future__ import annotations

from collections.abc import Callable

from handlers.flows import official
from handlers.incoming import Kind
from handlers.messages.neutral import Card, Text, tap
from handlers.rules import handover
from handlers.services import cards, helping, notify
from handlers.services import photos as photo_rows
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case, Helper
from store.queries import cases as rows
from store.words import OPEN

Flow = Callable[[Talk], Outcome]
Part = Callable[[Talk, Case, Helper], Outcome]
REASONS = ("area", "power", "other")


def part_of(talk: Talk, case: Case, named: str | None) -> Helper | None:
    """The part she acts for: the one the button names, else her agency's unless that leads the case."""
    if named is None and case.lead in talk.agencies:
        return None
    return rows.helper(case, [code for code in talk.agencies if named in (None, code)])


def either(own: Part, lead: Flow) -> Flow:
    """A button that helpers and the lead share: what a helper taps is about her part alone."""

    def run(talk: Talk) -> Outcome:
        named = talk.incoming.data.get("part")
        case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
        helper = part_of(talk, case, named) if case else None
        if case is None or (helper is None and named is None):
            return lead(talk)
        if helper is None:
            return talk.answer("stale.case")
        if case.status not in OPEN or helper.state == "done":
            return official.late(talk, case)
        return own(talk, case, helper)

    return run


def _actor(talk: Talk, helper: Helper) -> Actor:
    return Actor("official", talk.person, helper.agency)


def accept(talk: Talk, case: Case, helper: Helper) -> Outcome:
    if helper.state == "asked":
        helping.accept(talk, case, helper, _actor(talk, helper))
    return Outcome([cards.for_helper(talk, case, helper, talk.lang)], focus=case.code)


def decline(talk: Talk, case: Case, helper: Helper) -> Outcome:
    why = talk.incoming.data.get("why")
    if why == "other":
        asked = {"do": "part.decline", "case": case.code, "part": helper.agency}
        return Outcome([Text(talk.say("part.decline_words", code=case.code))], asked=asked, focus=case.code)
    if why in REASONS:
        return _declined(talk, case, helper, why, "")
    buttons = tuple(
        tap(talk.say(f"decline.{name}"), "case.decline", case=case.code, part=helper.agency, why=name)
        for name in REASONS
    )
    title = talk.say("decline.ask")
    return Outcome([Card(title=title, body=case.code, buttons=buttons, alt=title)], focus=case.code)


def _declined(talk: Talk, case: Case, helper: Helper, why: str, text: str) -> Outcome:
    helping.decline(talk, case, helper, _actor(talk, helper), why, text)
    name = talk.book.agency_name(helper.agency, talk.lang)
    notify.to_agency(talk, case, "headline.helper_declined", words=f"{name}: {text}" if text else "")
    return Outcome([Text(talk.say("part.declined", code=case.code))], asked=None)


def done(talk: Talk, case: Case, helper: Helper) -> Outcome:
    """Words or a photo show what was done."""
    from handlers.flows.drafts import photo_buttons

    asked = {"do": "part.done", "case": case.code, "part": helper.agency}
    quick = (*photo_buttons(talk), tap(talk.say("button.cancel"), "ask.cancel", style="quiet"))
    text = Text(talk.say("part.done_how", code=case.code, task=helper.task), quick=quick)
    return Outcome([text], asked=asked, focus=case.code)


def words(talk: Talk, asked: dict[str, str]) -> Outcome:
    """What she typed or photographed after a button of her part."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    helper = part_of(talk, case, asked.get("part")) if case else None
    if case is None or helper is None:
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    if talk.incoming.kind not in (Kind.TEXT, Kind.PHOTO):
        return talk.answer(f"odd.{talk.incoming.kind.value}")
    if case.status not in OPEN:
        return Outcome(official.late(talk, case).messages, asked=None)
    if asked["do"] == "part.decline":
        return _declined(talk, case, helper, handover.REASONS[-1], talk.incoming.text[:500])
    return _finished(talk, case, helper)


def _finished(talk: Talk, case: Case, helper: Helper) -> Outcome:
    incoming = talk.incoming
    helping.done(talk, case, helper, _actor(talk, helper), incoming.text[:1000], incoming.message_id)
    if incoming.kind == Kind.PHOTO:
        photo_rows.take(talk.unit, talk.person, incoming.message_id or "", "thread", case, talk.now)
    notify.to_agency(talk, case, "headline.helper_done")
    return Outcome([Text(talk.say("official.helper_finished", code=case.code))], asked=None)
