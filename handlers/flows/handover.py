"""Handing a case on in the chat: one-tap reasons, whom the official suggests, and the coordinator's choice."""

from __future__ import annotations

from handlers.flows import undoing
from handlers.flows.guard import guarded, late, me
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Cards, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import handover, lifecycle
from handlers.services import cards, cases, notify, undo
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case, History
from store.queries import cases as rows
from store.words import Status

WITH_WORDS = ("first", "other")
MOST_AGENCIES, MOST_SUGGESTED, MOST_SIMILAR = 6, 4, 5


def _decline(talk: Talk, case: Case) -> Outcome:
    """Which reason; for two of them which agency or which case; then it goes on."""
    if case.status not in (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS):
        return late(talk, case)
    if case.unassigned:
        return choose_lead(talk, case, "official.last_stop")
    data = talk.incoming.data
    why = data.get("why")
    if why not in handover.REASONS:
        return _ask_reason(talk, case)
    if why == "other" or data.get("how") == "words":
        return _ask_words(talk, case, why)
    if why == "first":
        return _first(talk, case, data.get("agency"))
    if why == "duplicate" and "of" not in data:
        return _ask_which(talk, case)
    return decline_now(talk, case, why, same_as=_known(talk, data.get("of")))


def _ask_reason(talk: Talk, case: Case) -> Outcome:
    buttons = tuple(
        tap(talk.say(f"decline.{name}"), "case.decline", case=case.code, why=name)
        for name in handover.REASONS
    )
    title = talk.say("decline.ask")
    return Outcome([Card(title=title, body=case.code, buttons=buttons, alt=title)], focus=case.code)


def _ask_words(talk: Talk, case: Case, why: str) -> Outcome:
    asked = {"do": "case.decline", "case": case.code, "why": why if why in WITH_WORDS else "other"}
    return Outcome([Text(talk.say("decline.words", code=case.code))], asked=asked, focus=case.code)


def _first(talk: Talk, case: Case, agency: str | None) -> Outcome:
    """Somebody else must act first: the agencies that may lead such cases, or in words."""
    if agency is not None:
        fault = suggestion_fault(talk, case, agency)
        return Outcome([fault]) if fault else decline_now(talk, case, "first", agency=agency)
    likely = _likely(talk, case)[:MOST_AGENCIES]
    if not likely:
        return decline_now(talk, case, "first")
    keys = {"case": case.code, "why": "first"}
    buttons = tuple(_agency_button(talk, code, "case.decline", keys) for code in likely)
    words = tap(talk.say("decline.in_words"), "case.decline", style="quiet", how="words", **keys)
    title = talk.say("decline.who_first")
    return Outcome([Card(title=title, body=case.code, buttons=(*buttons, words), alt=title)])


def _agency_button(talk: Talk, code: str, do: str, keys: dict[str, str]) -> Button:
    name = shorten(talk.book.agency_name(code, talk.lang), 40)
    return tap(name, do, **keys, agency=code)


def _likely(talk: Talk, case: Case) -> list[str]:
    return talk.book.likely(case.area, case.category, [case.lead or "", *case.declined_by])


def suggestion_fault(talk: Talk, case: Case, agency: str) -> Text | None:
    """Why the case can't go to the suggested agency, in words; None when it can."""
    if agency not in talk.book.agencies or agency == case.lead:
        return Text(talk.say("stale.button"))
    name = talk.book.agency_name(agency, talk.lang)
    if agency in case.declined_by:
        return Text(talk.say("assign.declined_before", name=name))
    return mandate_words(talk, case, agency)


def mandate_words(talk: Talk, case: Case, agency: str) -> Text | None:
    """Why the law keeps the agency from leading this case; None when it may."""
    fault = talk.book.lead_fault(agency, case.category)
    if fault is None:
        return None
    name = talk.book.agency_name(agency, talk.lang)
    category = talk.book.plain_name(case.category, talk.lang)
    return Text(talk.say(f"assign.{fault.removeprefix('city.')}", name=name, category=category))


def _ask_which(talk: Talk, case: Case) -> Outcome:
    """The open cases of the same kind around there; one tap says which."""
    alike = rows.alike(talk.unit, case, MOST_SIMILAR)
    if not alike:
        return decline_now(talk, case, "duplicate")
    keys = {"case": case.code, "why": "duplicate"}
    shown = tuple(
        tap(
            shorten(f"{other.code} {cards.place_of(talk, other, talk.lang)}", 40),
            "case.decline",
            of=other.code,
            **keys,
        )
        for other in alike
    )
    unsure = tap(talk.say("decline.not_sure"), "case.decline", style="quiet", of="", **keys)
    title = talk.say("decline.which_one")
    return Outcome([Card(title=title, body=case.code, buttons=(*shown, unsure), alt=title)], focus=case.code)


def _known(talk: Talk, code: str | None) -> str | None:
    other = rows.look_up(talk.unit, code) if code else None
    return other.code if other else None


def decline_now(
    talk: Talk, case: Case, why: str, text: str = "", *, agency: str | None = None, same_as: str | None = None
) -> Outcome:
    """On it goes; the official may still say who would be the right one."""
    actor, was = me(talk, case), undo.before(case)
    cases.decline(talk, case, actor, why, text, agency=agency, same_as=same_as)
    notify.offered(talk, case, headline="headline.handed_on")
    notify.handed_on(talk, case)
    key = "official.declined_center" if case.unassigned else "official.declined"
    said = talk.say(key, code=case.code, lead=notify.lead_name(talk, case, talk.lang))
    quick = () if agency or why in handover.FOR_COORDINATOR else _suggestions(talk, case)
    words = f"{said}\n{talk.say('official.suggest')}" if quick else said
    back = undoing.button(talk, case, actor, was)
    return Outcome([Text(words, quick=(*quick, *back))], asked=None)


def _suggestions(talk: Talk, case: Case) -> tuple[Button, ...]:
    likely = _likely(talk, case)[:MOST_SUGGESTED]
    return tuple(
        tap(shorten(talk.book.agency_name(code, talk.lang), 20), "case.suggest", case=case.code, agency=code)
        for code in likely
    )


def suggest(talk: Talk) -> Outcome:
    """Who just handed a case on names another agency: honoured once, while nobody has taken it."""
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    row = next((h for h in reversed(case.history) if h.kind == "declined"), None) if case else None
    if case is None or row is None or row.agency not in talk.agencies:
        return talk.answer("stale.case")
    if case.status != Status.OFFERED or _suggested_since(case, row):
        return late(talk, case)
    agency = talk.incoming.data.get("agency", "")
    fault = suggestion_fault(talk, case, agency)
    if fault:
        return Outcome([fault])
    _offer_suggested(talk, case, agency, row)
    name = talk.book.agency_name(agency, talk.lang)
    return talk.answer("official.declined", code=case.code, lead=name)


def _suggested_since(case: Case, row: History) -> bool:
    return any(h.why in ("suggested", "coordinator") for h in case.history if h.id > row.id)


def _offer_suggested(talk: Talk, case: Case, agency: str, row: History) -> None:
    before = list(case.untold or [])
    cases.offer(talk, case, Actor("official", talk.person, row.agency), to=agency, why="suggested")
    if any(
        item["kind"] == handover.HOP for item in before
    ):  # the same hand-over with a better address: the citizen need not hear of two
        case.untold = before
    notify.offered(talk, case, headline="headline.handed_on")
    notify.handed_on(talk, case)


def words(talk: Talk, asked: dict[str, str]) -> Outcome:
    """The reason an official typed."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if case is None or not talk.acts_on(case):
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("decline.words", code=case.code)
    if case.status not in (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS) or case.unassigned:
        return Outcome(late(talk, case).messages, asked=None)
    try:
        return decline_now(talk, case, asked.get("why", "other"), talk.incoming.text[:500])
    except lifecycle.ForbiddenChange:
        return Outcome(late(talk, case).messages, asked=None)


# --- the coordinator decides


def _assign(talk: Talk, case: Case) -> Outcome:
    """A coordinator says who leads; a person may go back to an agency that declined, but not past the law."""
    if not talk.integrates(case):
        return talk.answer("stale.role")
    agency = talk.incoming.data.get("agency")
    if agency not in talk.book.agencies:
        return choose_lead(talk, case, "official.assign_whom")
    fault = mandate_words(talk, case, agency)
    if fault:
        return Outcome([fault, *choose_lead(talk, case, "official.assign_whom").messages], focus=case.code)
    cases.offer(talk, case, Actor("coordinator", talk.person, _for(talk, case)), to=agency, why="coordinator")
    notify.offered(talk, case, headline="headline.assigned")
    notify.handed_on(talk, case)
    return talk.answer("official.assigned", name=talk.book.agency_name(agency, talk.lang), code=case.code)


def _for(talk: Talk, case: Case) -> str:
    """The integrator for whom she decides."""
    return next(code for code in talk.book.integrators(case.network) if code in talk.coordinates)


def choose_lead(talk: Talk, case: Case, key: str) -> Outcome:
    """Every agency that may lead such a case: those that rows and powers name first, as buttons of a few cards."""
    book = talk.book
    likely = book.likely(case.area, case.category, [case.lead or ""])
    rest = [
        a.code
        for a in book.data.agencies
        if a.code not in (*likely, case.lead) and book.lead_fault(a.code, case.category) is None
    ]
    fit = sorted([*likely, *rest], key=lambda code: code in case.declined_by)
    title = talk.say(key, code=case.code)
    pages = [fit[i : i + 7] for i in range(0, min(len(fit), 42), 7)]
    keys = {"case": case.code}
    shown = tuple(
        Card(title=title, buttons=tuple(_agency_button(talk, code, "case.assign", keys) for code in page))
        for page in pages
    )
    return Outcome([Cards(shown, alt=title)] if shown else [Text(title)], focus=case.code)


decline, assign = guarded(_decline), guarded(_assign)
