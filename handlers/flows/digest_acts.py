"""The buttons of a representative's digest: stand behind a case, ask its agency, thank; and the agency's answer."""

from __future__ import annotations

from handlers.flows.guard import me
from handlers.flows.keys import number, stale, whole
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Text, tap
from handlers.messages.shorten import shorten
from handlers.services import standing_up
from handlers.talk import Outcome, Talk
from store.issues import issues
from store.models import Case, Inquiry
from store.queries import cases as rows
from store.queries import digests as digest_rows
from store.words import OPEN


def _case(talk: Talk, code: str) -> Case | None:
    """The case, if the speaker represents its network."""
    case = rows.by_code(talk.unit, code)
    return case if case is not None and case.network in talk.represents else None


def _used(talk: Talk, network: str) -> None:
    digest_rows.note_use(talk.unit, talk.person.id, network, talk.now)


def endorse(talk: Talk) -> Outcome:
    """Counted once per representative; private matters are supported in silence, by asking."""
    case = _case(talk, talk.incoming.data.get("case", ""))
    if case is None or case.network is None:
        return talk.answer("stale.case")
    if case.status not in OPEN:
        return talk.answer("inquiry.over", code=case.code)
    if not issues().public(case.category):
        return talk.answer("inquiry.private", code=case.code)
    _used(talk, case.network)
    fresh = standing_up.endorse(talk, case, talk.person, case.network)
    n = digest_rows.endorsements(talk.unit, case.id)
    key = "inquiry.endorsed" if fresh else "inquiry.endorsed_already"
    lead = talk.book.agency_name(case.lead, talk.lang)
    return talk.answer(key, code=case.code, n=n, lead=lead)


def ask(talk: Talk) -> Outcome:
    """What does she want to know? One open question per case and representative."""
    case = _case(talk, talk.incoming.data.get("case", ""))
    if case is None or case.network is None:
        return talk.answer("stale.case")
    if case.status not in OPEN:
        return talk.answer("inquiry.over", code=case.code)
    lead = talk.book.agency_name(case.lead, talk.lang)
    if digest_rows.open_inquiry(talk.unit, case.id, talk.person.id) is not None:
        return talk.answer("inquiry.waiting", lead=lead, code=case.code)
    ready = tuple(
        tap(talk.say(f"inquiry.ready_{which}"), "digest.ask", case=case.code, q=which)
        for which in ("when", "stuck", "help")
    )
    if talk.incoming.data.get("q") in ("when", "stuck", "help"):
        return _asked(talk, case, talk.say(f"inquiry.ready_{talk.incoming.data['q']}"), None)
    words = talk.say("inquiry.what", lead=lead, code=case.code)
    asked = {"do": "digest.ask", "case": case.code, "at": talk.now.isoformat()}
    return Outcome([Text(words, quick=(*ready, _cancel(talk)))], asked=asked)


def _cancel(talk: Talk) -> Button:
    return tap(talk.say("button.cancel"), "ask.cancel", style="quiet")


def ask_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """Her question in her own words."""
    case = _case(talk, asked.get("case", ""))
    if case is None or stale(talk, asked):
        return None
    if talk.incoming.kind != Kind.TEXT or not talk.incoming.text.strip():
        return talk.answer("vote.type")
    if case.status not in OPEN:
        return Outcome([Text(talk.say("inquiry.over", code=case.code))], asked=None)
    return _asked(talk, case, talk.incoming.text, talk.incoming.message_id)


def _asked(talk: Talk, case: Case, text: str, message_id: str | None) -> Outcome:
    network = case.network or ""
    _used(talk, network)
    standing_up.ask(talk, case, talk.person, network, text, message_id)
    lead = talk.book.agency_name(case.lead, talk.lang)
    return Outcome([Text(talk.say("inquiry.sent", lead=lead, code=case.code))], asked=None)


def thank(talk: Talk) -> Outcome:
    """Thanks to who finished what her digest told of, once."""
    digest = digest_rows.digest(talk.unit, number(talk, "digest"))
    if digest is None or digest.person_id != talk.person.id or digest.network not in talk.represents:
        return talk.answer("stale.button")
    if digest.thanked_at is not None:
        return talk.answer("inquiry.thanked_already")
    _used(talk, digest.network)
    leads = standing_up.thank(talk, digest, talk.person)
    names = ", ".join(talk.book.agency_name(lead, talk.lang) for lead in leads)
    return talk.answer("inquiry.thanked", names=shorten(names, 300))


# --- the agency answers


def _inquiry(talk: Talk, inquiry_id: int) -> tuple[Inquiry, Case] | None:
    """The question and its case, if the speaker acts on the case."""
    found = digest_rows.inquiry(talk.unit, inquiry_id)
    case = rows.by_id(talk.unit, found.case_id) if found is not None else None
    return (found, case) if found is not None and case is not None and talk.acts_on(case) else None


def answer(talk: Talk) -> Outcome:
    """The official's next words are the answer."""
    known = _inquiry(talk, number(talk, "inquiry"))
    if known is None:
        return talk.answer("stale.case")
    found, case = known
    if found.answered_at is not None:
        return talk.answer("inquiry.answered_already", code=case.code)
    asked = {"do": "inquiry.answer", "inquiry": str(found.id), "at": talk.now.isoformat()}
    words = talk.say("inquiry.answer_what", code=case.code, text=found.text)
    return Outcome([Text(words, quick=(_cancel(talk),))], asked=asked, focus=case.code)


def answer_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    known = _inquiry(talk, whole(asked.get("inquiry", "")))
    if known is None or stale(talk, asked):
        return None
    found, case = known
    if talk.incoming.kind != Kind.TEXT or not talk.incoming.text.strip():
        return talk.answer("vote.type")
    if found.answered_at is not None:
        return Outcome([Text(talk.say("inquiry.answered_already", code=case.code))], asked=None)
    standing_up.answer(talk, case, found, me(talk, case), talk.incoming.text, talk.incoming.message_id)
    return Outcome([Text(talk.say("inquiry.answer_sent", code=case.code))], asked=None)


TAPS = {
    "digest.endorse": endorse,
    "digest.ask": ask,
    "digest.thank": thank,
    "inquiry.answer": answer,
}
ASKED = {"digest.ask": ask_words, "inquiry.answer": answer_words}
