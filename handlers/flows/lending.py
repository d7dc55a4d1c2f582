"""Lending in the chat: what somebody has to lend, by words or taps; asking for it, lending it, giving it back."""

from __future__ import annotations

from handlers.messages.neutral import Button, Cards, Text, tap
from handlers.messages.texts import words as typed
from handlers.services import lending
from handlers.talk import Outcome, Talk
from nlp import mask, normalise
from nlp.replies import MOST_QUANTITY, offers_thing, read_resource, resource_kinds
from store.models import Case, Loan
from store.queries import cases as case_rows
from store.queries import resources as rows

MANY = (1, 2, 3, 5, 10)


def begins(text: str) -> bool:
    """Whether words offer something to lend ("to lend: one water truck …")."""
    said = normalise(text).strip().lower()
    return any(said.startswith(word) for word in typed("word.lend"))


def offers(text: str) -> bool:
    """Whether a thought of her own is such an offer, however she puts it ("we have a water truck to lend")."""
    return begins(text) or offers_thing(text)


def said(talk: Talk, text: str | None = None) -> Outcome:
    """What is missing is asked by buttons: the kind, then where it stands. ``text``: not said just now."""
    text = talk.incoming.text if text is None else text
    read = read_resource(text)
    if read is None:
        return kinds(talk)
    area = _area_in(talk, text)
    if area is None:
        return _ask_area(talk, read.kind, read.quantity)
    return _listed(talk, read.kind, read.quantity, area, mask(normalise(text))[:200])


def _area_in(talk: Talk, text: str) -> str | None:
    """The city's subdistrict named in the text, the longest name first."""
    plain = normalise(text)
    found = [
        (len(name), area.code)
        for area in talk.book.data.inside
        for name in (area.name_th, area.name_en, *area.aliases)
        if name and name in plain
    ]
    return max(found)[1] if found else None


def kinds(talk: Talk) -> Outcome:
    """What could you lend?"""
    buttons = tuple(
        tap(lending.kind_name(kind, talk.lang), "lend.kind", kind=kind.code)
        for kind in resource_kinds().values()
    )
    return Outcome([Text(talk.say("lend.what"), quick=buttons)])


def kind(talk: Talk) -> Outcome:
    code = talk.incoming.data.get("kind", "")
    if code not in resource_kinds():
        return talk.answer("stale.button")
    buttons = tuple(tap(str(n), "lend.many", kind=code, n=n) for n in MANY)
    return Outcome([Text(talk.say("lend.many"), quick=buttons)])


def many(talk: Talk) -> Outcome:
    code, n = talk.incoming.data.get("kind", ""), _number(talk.incoming.data.get("n"))
    if code not in resource_kinds() or not 1 <= n <= MOST_QUANTITY:
        return talk.answer("stale.button")
    return _ask_area(talk, code, n)


def _ask_area(talk: Talk, code: str, n: int) -> Outcome:
    buttons: tuple[Button, ...] = tuple(
        tap(talk.book.name(area, talk.lang), "lend.area", kind=code, n=n, area=area.code)
        for area in talk.book.data.inside[:13]
    )
    return Outcome([Text(talk.say("lend.where"), quick=buttons)])


def area(talk: Talk) -> Outcome:
    data = talk.incoming.data
    code, n, where = data.get("kind", ""), _number(data.get("n")), data.get("area", "")
    inside = {one.code for one in talk.book.data.inside}
    if code not in resource_kinds() or not 1 <= n <= MOST_QUANTITY or where not in inside:
        return talk.answer("stale.button")
    return _listed(talk, code, n, where)


def _listed(talk: Talk, code: str, n: int, where: str, words: str = "") -> Outcome:
    resource = lending.offer(talk, talk.person, code, n, where, words)
    place = talk.book.name(talk.book.areas[where], talk.lang)
    back = tap(talk.say("button.lend_withdraw"), "lend.withdraw", resource=resource.id)
    text = talk.say("lend.listed", thing=lending.thing(resource, talk.lang), area=place)
    return Outcome([Text(text, quick=(back,))])


def withdraw(talk: Talk) -> Outcome:
    """Out of the register again, at any time; what is lent stays to be given back."""
    found = rows.resource(talk.unit, _number(talk.incoming.data.get("resource")))
    if found is None or found.person_id != talk.person.id:
        return talk.answer("stale.button")
    found.state, found.words = "withdrawn", ""
    return talk.answer("lend.withdrawn")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


def _case(talk: Talk) -> Case | None:
    """The case, if the speaker works on it or represents its network."""
    case = case_rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not (talk.acts_on(case) or (case.network in talk.represents)):
        return None
    return case


def near(talk: Talk) -> Outcome:
    case = _case(talk)
    if case is None:
        return talk.answer("stale.case")
    found = lending.near(talk, case)
    if not found:
        return talk.answer("lend.nothing")
    shown = tuple(lending.card(talk, case, one, talk.lang) for one in found)
    return Outcome([Cards(shown, alt=talk.say("lend.found", n=len(found)))])


def ask(talk: Talk) -> Outcome:
    case = _case(talk)
    resource = rows.resource(talk.unit, _number(talk.incoming.data.get("resource")))
    if case is None or resource is None or resource.kind not in lending.fitting(case.category):
        return talk.answer("stale.case")
    loan = lending.ask(talk, resource, case, talk.person)
    return talk.answer("lend.asked" if loan else "lend.taken")


def answer(talk: Talk) -> Outcome:
    """The owner's yes or no; anybody else's tap changes nothing."""
    loan = rows.loan(talk.unit, _number(talk.incoming.data.get("loan")))
    word = talk.incoming.data.get("a")
    if loan is None or loan.resource.person_id != talk.person.id or word not in ("yes", "no"):
        return talk.answer("stale.button")
    if loan.state != "asked":
        return talk.answer("lend.late")
    lending.answer(talk, loan, word == "yes")
    if word == "no":
        return talk.answer("lend.you_refused")
    return talk.answer("lend.you_lent", **_borrower(talk, loan))


def _borrower(talk: Talk, loan: Loan) -> dict[str, str]:
    """Whom the owner arranges the hand-over with: the agency of the case, else the city's centre."""
    case = case_rows.look_up(talk.unit, loan.case_code)
    agency = talk.book.agencies.get((case.lead if case else None) or talk.book.data.city.integrator)
    lead = talk.book.agency_name(agency.code, talk.lang) if agency else ""
    return {"lead": lead, "phone": (agency.phone if agency else "") or talk.book.data.city.phone}


def back(talk: Talk) -> Outcome:
    loan: Loan | None = rows.loan(talk.unit, _number(talk.incoming.data.get("loan")))
    if loan is None or talk.person.id not in (loan.asker_id, loan.resource.person_id):
        return talk.answer("stale.button")
    if loan.state != "lent":
        return talk.answer("lend.late")
    lending.give_back(talk, loan, talk.person)
    return talk.answer("lend.back")


TAPS = {
    "lend.new": kinds,
    "lend.kind": kind,
    "lend.many": many,
    "lend.area": area,
    "lend.withdraw": withdraw,
    "lend.near": near,
    "lend.ask": ask,
    "lend.answer": answer,
    "lend.back": back,
}
