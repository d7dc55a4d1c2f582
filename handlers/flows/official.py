"""An official in the chat: the buttons of a case card, and the words or photo that they ask for."""

from __future__ import annotations

from dataclasses import replace

from handlers.flows import tidying, undoing, work
from handlers.flows.guard import guarded as guarded
from handlers.flows.guard import late as late
from handlers.flows.guard import led
from handlers.flows.guard import me as me
from handlers.flows.remarks import FIXED, remarks
from handlers.incoming import Kind
from handlers.messages.neutral import Card, Cards, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import lifecycle
from handlers.services import cards, cases, notify, undo
from handlers.services import photos as photo_rows
from handlers.talk import Outcome, Scene, Talk
from store.models import Case
from store.queries import cases as rows
from store.words import CaseKind, Status

# --- the buttons


def _accept(talk: Talk, case: Case) -> Outcome:
    actor, was = me(talk, case), undo.before(case)
    if case.status == Status.OFFERED and case.lead not in talk.agencies:
        case.lead = talk.book.data.city.integrator if not talk.agencies else talk.agencies[0]
    cases.accept(talk, case, me(talk, case))
    notify.accepted(talk, case)
    plan_check_ins(talk, case)
    back = undoing.button(talk, case, actor, was)
    card = cards.for_official(talk, case, talk.lang, headline=talk.say("headline.yours"), most=200)
    return Outcome([replace(card, quick=back)], focus=case.code)


def plan_check_ins(talk: Scene, case: Case) -> None:
    """Members of the case's network are asked after two days whether somebody has been in touch."""
    from store.queries import networks

    if case.kind != CaseKind.PROBLEM:
        return
    for person_id in rows.authors(case):
        if case.network and networks.active(talk.unit, case.network, person_id):
            cases.plan_check_in(talk, case, person_id)


def taken(talk: Talk, case: Case) -> None:
    """Working on an offered case means taking it."""
    if case.status == Status.OFFERED:
        cases.accept(talk, case, me(talk, case))


def _ask(talk: Talk, case: Case) -> Outcome:
    if case.status not in (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS):
        return late(talk, case)
    return _wait(talk, case, "case.ask", "official.ask_what")


def _progress(talk: Talk, case: Case) -> Outcome:
    if case.status not in (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING):
        return late(talk, case)
    return _wait(talk, case, "case.progress", "official.progress_what")


def _done(talk: Talk, case: Case) -> Outcome:
    open_for_work = (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
    if case.status not in open_for_work:
        return late(talk, case)
    return _wait(talk, case, "case.done", "official.done_how")


def _wait(talk: Talk, case: Case, do: str, key: str) -> Outcome:
    """Ask for words or a photo; the next message is taken for this case."""
    from handlers.flows.drafts import photo_buttons

    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    quick = (*photo_buttons(talk), cancel) if do != "case.ask" else (cancel,)
    text = talk.say(key, code=case.code, text=shorten(case.public_text, 80))
    return Outcome([Text(text, quick=quick)], asked={"do": do, "case": case.code}, focus=case.code)


def _invite(talk: Talk, case: Case) -> Outcome:
    agency = talk.incoming.data.get("agency")
    if agency not in talk.book.agencies:
        return _choose_agency(talk, case, "official.invite_whom", do="case.invite")
    task = talk.incoming.text or talk.say("official.help_task")
    fresh = cases.ask_helpers(talk, case, [(agency, task)])
    name = talk.book.agency_name(agency, talk.lang)
    if not fresh:
        return talk.answer("official.helper_there", name=name)
    cases.note(talk, case, "helper", me(talk, case), public=True, data={"lead": agency})
    notify.helpers(talk, case)
    return talk.answer("official.helper_asked", name=name, code=case.code)


def _choose_agency(talk: Talk, case: Case, key: str, do: str) -> Outcome:
    """Agencies that fit first: with the power, then of the same place, as buttons of a few cards."""
    book = talk.book
    fit = sorted(
        (a for a in book.data.agencies if a.code not in (case.lead, *case.declined_by)),
        key=lambda a: (case.category not in a.powers, not book.serves(a.code, book.around(case.area))),
    )
    title = talk.say(key, code=case.code)
    pages = [fit[i : i + 7] for i in range(0, min(len(fit), 42), 7)]
    shown = tuple(
        Card(
            title=title,
            buttons=tuple(
                tap(shorten(book.agency_name(a.code, talk.lang), 40), do, case=case.code, agency=a.code)
                for a in page
            ),
        )
        for page in pages
    )
    return Outcome([Cards(shown, alt=title)], focus=case.code)


accept, ask, progress = led(_accept), led(_ask), guarded(_progress)
done, invite = guarded(_done), led(_invite)


# --- the words or photo that a button asked for


def words(talk: Talk, asked: dict[str, str]) -> Outcome:
    """What the official typed or photographed after a button."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if case is None or not talk.acts_on(case) or asked["do"] not in _WORDS:
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    if talk.incoming.kind not in (Kind.TEXT, Kind.PHOTO):
        return talk.answer(f"odd.{talk.incoming.kind.value}")
    try:
        return _WORDS[asked["do"]](talk, case)
    except lifecycle.ForbiddenChange:
        return Outcome(late(talk, case).messages, asked=None)


def _ask_words(talk: Talk, case: Case) -> Outcome:
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("official.ask_what", code=case.code, text="")
    return ask_now(talk, case, talk.incoming.text, talk.incoming.message_id)


def ask_now(talk: Talk, case: Case, text: str, message_id: str | None) -> Outcome:
    """The question goes to the first reporter (or who speaks for her); the clocks stand still meanwhile."""
    reporter = next(iter(notify.reporters(talk, case)), None)
    if reporter is None:
        return Outcome([Text(talk.say("official.nobody_to_ask", code=case.code))], asked=None)
    taken(talk, case)
    cases.ask_citizen(talk, case, me(talk, case), text, reporter.id, message_id)
    notify.question(talk, case, reporter, text)
    return Outcome([Text(talk.say("official.asked", code=case.code))], asked=None)


def _progress_words(talk: Talk, case: Case) -> Outcome:
    helper = None if case.lead in talk.agencies else rows.helper(case, talk.agencies)
    actor, was = me(talk, case), undo.before(case)
    if helper is None:
        taken(talk, case)
    _photo(talk, case, "thread")
    text = talk.incoming.text or talk.say("case.a_photo")
    cases.progress(talk, case, actor, text, talk.incoming.message_id)
    notify.progressed(talk, case, text)
    back = undoing.button(talk, case, actor, was)
    return Outcome([Text(talk.say("official.noted", code=case.code), quick=back)], asked=None)


def _done_words(talk: Talk, case: Case) -> Outcome:
    if _says_nothing(talk):
        return talk.answer("official.done_more", code=case.code)
    actor, was = me(talk, case), undo.before(case)
    taken(talk, case)
    photo_id = _photo(talk, case, "after")
    text = talk.incoming.text[:1000]
    cases.finish(talk, case, actor, text, talk.incoming.message_id, photo_id is not None)
    notify.finished(talk, case, text, photo_id)
    back = undoing.button(talk, case, actor, was)
    asked = {"do": "more_after", "case": case.code, "at": talk.now.isoformat()} if photo_id else None
    return Outcome([Text(talk.say("official.finished", code=case.code), quick=back)], asked=asked)


def _says_nothing(talk: Talk) -> bool:
    """ "Yes", "thanks", "hello": no word on what was done, and nothing to show to the citizen."""
    said = remarks(talk.incoming.text) if talk.incoming.kind == Kind.TEXT else ()
    return bool(said) and FIXED not in said


def _photo(talk: Talk, case: Case, role: str) -> int | None:
    if talk.incoming.kind != Kind.PHOTO:
        return None
    photo = photo_rows.take(talk.unit, talk.person, talk.incoming.message_id or "", role, case, talk.now)
    return photo.id


_WORDS = {
    "case.ask": _ask_words,
    "case.progress": _progress_words,
    "case.done": _done_words,
    **work.WORDS,
    **tidying.WORDS,
}


def more_after(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """Further photos of the album with which a case was finished belong to it, without another word."""
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if talk.incoming.kind != Kind.PHOTO or case is None or case.status not in (Status.DONE, Status.CLOSED):
        return None
    photo_rows.take(talk.unit, talk.person, talk.incoming.message_id or "", "after", case, talk.now)
    messages: list[Message] = (
        [] if talk.incoming.more_follow else [Text(talk.say("official.photo_added", code=case.code))]
    )
    return Outcome(messages)
