"""Lending each other what a case needs: found near by, asked for, lent, given back. Nothing is promised twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.texts import say
from handlers.rules.grid import distance_m
from handlers.services.pushing import push
from handlers.talk import Scene
from nlp.replies import ResourceKind, resource_kinds
from store.models import Case, Loan, Person, Resource
from store.queries import people
from store.queries import resources as rows
from store.words import OPEN, Purpose, Status

ANSWER_WITHIN = timedelta(days=1)
"""A question to the owner lapses after this time, and the thing is free again."""
LENT_FOR = timedelta(days=3)
FURTHEST_M = 30_000.0
MOST_SHOWN = 5


@dataclass(frozen=True)
class Near:
    """A thing that fits a case."""

    resource: Resource
    free: int
    metres: float | None


def kind_name(kind: ResourceKind, lang: str) -> str:
    return kind.en if lang == "en" else kind.th


def thing(resource: Resource, lang: str, quantity: int | None = None) -> str:
    """ "water truck × 2" in the reader's language."""
    kind = resource_kinds()[resource.kind]
    count = resource.quantity if quantity is None else quantity
    unit = "" if lang == "en" else kind.unit
    return say(lang, "lend.thing", thing=kind_name(kind, lang), n=count, unit=unit)


def fitting(category: str) -> list[str]:
    """Kinds of things that are of use for cases of a category."""
    return [kind.code for kind in resource_kinds().values() if category in kind.categories]


def near(scene: Scene, case: Case) -> list[Near]:
    """Free things for the case, the nearest first; owners who can't be reached are left out."""
    kinds = fitting(case.category)
    found = rows.of_kinds(scene.unit, kinds) if kinds and case.status in OPEN else []
    owners = {
        p.id for p in people.by_ids(scene.unit, [r.person_id for r in found]) if p.line_id and not p.blocked
    }
    shown = [
        Near(
            resource, resource.quantity - rows.held(scene.unit, resource.id), _distance(scene, case, resource)
        )
        for resource in found
        if resource.person_id in owners
    ]
    fit = [one for one in shown if one.free > 0 and (one.metres is None or one.metres <= FURTHEST_M)]
    return sorted(fit, key=lambda one: (one.metres is None, one.metres or 0.0))[:MOST_SHOWN]


def _distance(scene: Scene, case: Case, resource: Resource) -> float | None:
    """Metres between the case's point (or its area's centre) and the centre of the thing's area."""
    area, there = scene.book.areas.get(case.area or ""), scene.book.areas.get(resource.area)
    lat = case.lat if case.lat is not None else area.lat if area else None
    lon = case.lon if case.lon is not None else area.lon if area else None
    if lat is None or lon is None or there is None:
        return None
    return distance_m(lat, lon, there.lat, there.lon)


def card(scene: Scene, case: Case, one: Near, lang: str) -> Card:
    """What, how far, and one tap to ask for one of it."""
    there = scene.book.areas.get(one.resource.area)
    place = scene.book.name(there, lang) if there else ""
    km = say(lang, "lend.km", km=max(1, round(one.metres / 1000))) if one.metres is not None else ""
    ask = tap(
        say(lang, "button.lend_ask"), "lend.ask", style="main", resource=one.resource.id, case=case.code
    )
    title = thing(one.resource, lang, one.free)
    return Card(title, " ".join(part for part in (place, km) if part), buttons=(ask,), alt=title)


def button(scene: Scene, case: Case, lang: str) -> tuple[Button, ...]:
    """On a case that is being worked on: something to borrow near by, if there is."""
    if case.status not in (Status.ACCEPTED, Status.IN_PROGRESS) or not fitting(case.category):
        return ()
    found = near(scene, case)
    return (tap(say(lang, "button.lend_near", n=len(found)), "lend.near", case=case.code),) if found else ()


def offer(scene: Scene, person: Person, kind: str, quantity: int, area: str, words: str = "") -> Resource:
    """Into the register; the same kind in the same place again changes the number."""
    known = next((r for r in rows.of_person(scene.unit, person.id) if (r.kind, r.area) == (kind, area)), None)
    if known is not None:
        known.quantity, known.words = quantity, words
        return known
    resource = scene.unit.add(
        Resource(
            person_id=person.id,
            kind=kind,
            quantity=quantity,
            area=area,
            words=words,
            state="listed",
            at=scene.now,
        )
    )
    scene.unit.flush()
    return resource


def ask(scene: Scene, resource: Resource, case: Case, asker: Person) -> Loan | None:
    """Ask the owner for one; None when nothing is free or it was asked for this case already."""
    if rows.loan_of(scene.unit, resource.id, case.code) is not None:
        return None
    if resource.state != "listed" or resource.quantity - rows.held(scene.unit, resource.id) < 1:
        return None
    loan = scene.unit.add(
        Loan(
            resource=resource,
            case_code=case.code,
            asker_id=asker.id,
            quantity=1,
            state="asked",
            asked_at=scene.now,
            due_at=scene.now + ANSWER_WITHIN,
        )
    )
    scene.unit.flush()
    _ask_owner(scene, loan, case)
    return loan


def _ask_owner(scene: Scene, loan: Loan, case: Case) -> None:
    for owner in people.by_ids(scene.unit, [loan.resource.person_id]):
        lang = owner.language
        words = say(
            lang,
            "lend.may_we",
            thing=thing(loan.resource, lang, loan.quantity),
            what=scene.book.plain_name(case.category, lang),
            code=case.code,
        )
        buttons = tuple(
            tap(say(lang, f"button.lend_{a}"), "lend.answer", style=style, loan=loan.id, a=a)
            for a, style in (("yes", "main"), ("no", "plain"))
        )
        scene.post.send(
            owner, [Card(words, buttons=buttons, alt=words)], Purpose.STEP, once=f"loan-{loan.id}"
        )


def answer(scene: Scene, loan: Loan, yes: bool) -> None:
    """The owner's word; the asker hears it at once."""
    loan.state, loan.answered_at = ("lent" if yes else "refused"), scene.now
    if yes:
        loan.due_at = scene.now + LENT_FOR
    for asker in people.by_ids(scene.unit, [loan.asker_id]):
        lang = asker.language
        key = "lend.lent" if yes else "lend.refused"
        words = say(lang, key, thing=thing(loan.resource, lang, loan.quantity), code=loan.case_code)
        back = (tap(say(lang, "button.lend_back"), "lend.back", loan=loan.id),) if yes else ()
        scene.post.send(asker, [Text(words, quick=back)], Purpose.CARD, once=f"loan-{loan.id}-{loan.state}")


def give_back(scene: Scene, loan: Loan, by: Person) -> None:
    """Given back; the owner is thanked (unless it was she who said so)."""
    loan.state, loan.returned_at = "returned", scene.now
    for owner in people.by_ids(scene.unit, [loan.resource.person_id]):
        if owner.id != by.id:
            lang = owner.language
            words = say(
                lang, "lend.thanks", thing=thing(loan.resource, lang, loan.quantity), code=loan.case_code
            )
            scene.post.send(owner, [Text(words)], Purpose.STEP, once=f"loan-{loan.id}-thanks")


def remind(scene: Scene) -> int:
    """Unanswered questions lapse; what should be back is asked for, once."""
    if scene.book.quiet(scene.now):
        return 0
    found = rows.due_loans(scene.unit, scene.now)
    for loan in found:
        loan.reminded_at = scene.now
        key = "lend.lapsed" if loan.state == "asked" else "lend.remind"
        for asker in people.by_ids(scene.unit, [loan.asker_id]):
            lang = asker.language
            words = say(lang, key, thing=thing(loan.resource, lang, loan.quantity), code=loan.case_code)
            back = tap(say(lang, "button.lend_back"), "lend.back", loan=loan.id)
            quick = (back,) if loan.state == "lent" else ()
            push(scene, asker, [Text(words, quick=quick)], Purpose.REMINDER, once=f"loan-{loan.id}-remind")
        if loan.state == "asked":
            loan.state = "lapsed"
    return len(found)
