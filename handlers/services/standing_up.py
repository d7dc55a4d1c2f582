"""What representatives do for cases of their network: stand behind one, ask its agency, thank. Each once."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.messages.neutral import Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.services import cards, gateways, notify
from handlers.services.cases import Actor, note
from handlers.services.gateway_news import News
from handlers.talk import Scene
from nlp import mask, normalise
from store.models import Case, Digest, Endorsement, Inquiry, Person
from store.queries import cases as rows
from store.queries import digests as digest_rows
from store.queries import people
from store.words import Purpose

MOST_WORDS = 500
MOST_THANKED = 5


def endorse(scene: Scene, case: Case, person: Person, network: str) -> bool:
    """She stands behind the case in everybody's sight; its agency hears of the first one. False: she did before."""
    if digest_rows.endorsed(scene.unit, case.id, person.id):
        return False
    first = digest_rows.endorsements(scene.unit, case.id) == 0
    scene.unit.add(Endorsement(case_id=case.id, person_id=person.id, network=network, at=scene.now))
    actor = Actor("representative", person)
    note(scene, case, "endorsed", actor, public=True, data={"network": network})
    scene.unit.flush()
    if first:
        notify.to_agency(scene, case, "headline.endorsed")
    return True


def ask(scene: Scene, case: Case, person: Person, network: str, text: str, message_id: str | None) -> Inquiry:
    """Her question goes to whoever has the case, with one tap to answer; an agency by mail answers the mail."""
    words = mask(normalise(text))[:MOST_WORDS]
    found: Inquiry = scene.unit.add(
        Inquiry(
            case_id=case.id,
            person_id=person.id,
            network=network,
            agency=case.lead or "",
            text=words,
            message_id=message_id,
            asked_at=scene.now,
        )
    )
    actor = Actor("representative", person)
    note(scene, case, "inquired", actor, text=words, message_id=message_id, public=True)
    scene.unit.flush()
    gateways.tell(scene, case, case.lead, News("headline.inquired", words=words))
    for reader in notify.workers_on(scene, case) or notify.coordinators(scene):
        card = question(scene, case, found, reader.language)
        scene.post.send(reader, [card], Purpose.CARD, case=case, once=f"inquiry-{found.id}-{reader.id}")
    return found


def question(scene: Scene, case: Case, found: Inquiry, lang: str) -> Card:
    """The question as the agency sees it."""
    card = cards.for_official(scene, case, lang, most=150)
    name = scene.book.name(scene.book.networks[found.network], lang)
    title = say(lang, "inquiry.asks", name=name)
    buttons = (
        tap(say(lang, "button.inquiry_answer"), "inquiry.answer", style="main", inquiry=found.id),
        tap(say(lang, "button.thread"), "case.show", style="quiet", case=case.code),
    )
    lines = card.lines[:3]
    badge = say(lang, "headline.inquired")
    return Card(
        title,
        f"“{found.text}”",
        lines,
        buttons,
        badge=badge,
        tone="warn",
        alt=shorten(f"{badge}: {title}", 300),
    )


def answer(scene: Scene, case: Case, found: Inquiry, actor: Actor, text: str, message_id: str | None) -> None:
    """The agency's words go back to who asked, and stand in the public story of the case."""
    words = mask(normalise(text))[:MOST_WORDS]
    found.answer, found.answered_at = words, scene.now
    found.answered_by = actor.person.id if actor.person else None
    note(scene, case, "informed", actor, text=words, message_id=message_id, public=True)
    for person in people.by_ids(scene.unit, [found.person_id]):
        lang = person.language
        name = scene.book.agency_name(found.agency, lang)
        said = say(lang, "inquiry.answered", lead=name, code=case.code, text=words)
        show = tap(say(lang, "button.endorse"), "digest.endorse", case=case.code)
        message = Text(said, quick=(show,))
        scene.post.send(person, [message], Purpose.DIGEST, case=case, once=f"inquiry-{found.id}-answer")


def thank(scene: Scene, digest: Digest, person: Person) -> list[str]:
    """Thanks to everybody who finished what the digest told of; the agencies' codes. Empty: thanked before."""
    if digest.thanked_at is not None:
        return []
    digest.thanked_at = scene.now
    by_lead: dict[str, list[Case]] = {}
    for code in digest.figures.get("finished", []):
        case = rows.by_code(scene.unit, code)
        if case is not None and case.lead:
            by_lead.setdefault(case.lead, []).append(case)
    for lead, done in list(by_lead.items())[:MOST_THANKED]:
        for case in done:
            note(scene, case, "thanked", Actor("representative", person), public=True, data={"lead": lead})
        _tell_thanks(scene, digest, lead, done)
    return list(by_lead)[:MOST_THANKED]


def _tell_thanks(scene: Scene, digest: Digest, lead: str, done: Iterable[Case]) -> None:
    codes = ", ".join(case.code for case in done)
    due = scene.book.next_allowed(scene.now)
    for reader in notify.officials_of(scene, lead):
        lang = reader.language
        name = scene.book.name(scene.book.networks[digest.network], lang)
        words = say(lang, "inquiry.thanks", name=name, codes=shorten(codes, 300))
        once = f"thanks-{digest.id}-{lead}-{reader.id}"
        scene.post.send(reader, [Text(words)], Purpose.DIGEST, once=once, due_at=due)
