"""Who hears of what happened to a case, each in their own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from handlers.messages.neutral import Button, Card, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import handover
from handlers.services import cards, gateways, seeing, spoken, telling
from handlers.services.gateway_news import News
from handlers.services.readers import coordinators as coordinators
from handlers.services.readers import duty_of as duty_of
from handlers.services.readers import hands_of as hands_of
from handlers.services.readers import heads_of as heads_of
from handlers.services.readers import integrators as integrators
from handlers.services.readers import integrators_of as integrators_of
from handlers.services.readers import officials_of as officials_of
from handlers.services.readers import representatives as representatives

# Other modules ask for readers here too.
from handlers.services.readers import staff_of
from handlers.services.readers import workers_of as workers_of
from handlers.services.readers import workers_on as workers_on
from handlers.talk import Scene
from nlp import mask
from store.models import Case, Person
from store.queries import people
from store.words import CaseKind, Purpose, RoleName, Status

Build = Callable[[str], list[Message]]
"""Messages in the language it is given."""


def offered(
    scene: Scene,
    case: Case,
    *,
    headline: str = "headline.new",
    speaker: Person | None = None,
    words: str = "",
) -> None:
    """The card (or mail) to the lead; to the coordinators when it can't be reached; and to the helpers."""
    if headline == "headline.new" and case.kind != CaseKind.PROBLEM:
        headline = f"headline.{case.kind}"
    staff_of(scene, scene.book.data.city.integrator, *(h.agency for h in case.helpers), case.lead or "")
    readers = officials_of(scene, case.lead)
    offer = News(headline, kind="offer")
    carried = not case.unassigned and gateways.tell(scene, case, case.lead, offer)
    if case.unassigned or not (readers or carried):
        for person in coordinators(scene):
            key = "headline.unassigned" if case.unassigned else "headline.nobody"
            _card(scene, case, person, key, assign=True, words=words)
    if not case.unassigned:
        for person in readers:
            if person is not speaker:
                _card(scene, case, person, headline)
    helpers(scene, case)


def helpers(scene: Scene, case: Case) -> None:
    """A card to each helping agency, once."""
    for helper in case.helpers:
        if helper.state == "asked":
            wanted = News("headline.help", kind="help", task=helper.task)
            gateways.tell(scene, case, helper.agency, wanted, once=f"helper-{case.code}-{helper.agency}")
        for person in officials_of(scene, helper.agency) if helper.state == "asked" else ():
            card = cards.for_helper(scene, case, helper, person.language)
            if scene.book.is_public(helper.agency):
                seeing.card(scene, case, person, helper.agency)
            once = f"helper-{case.code}-{helper.agency}-{person.id}"
            scene.post.send(person, [card], Purpose.CARD, case=case, once=once)


def to_agency(
    scene: Scene, case: Case, headline: str, *, photo_id: int | None = None, words: str = ""
) -> None:
    """Tell who has the case (else the lead's people, or its gateway) that something happened to it."""
    gateways.tell(scene, case, case.lead, News(headline, words=words))
    for person in workers_on(scene, case):
        card = cards.for_official(scene, case, person.language, headline=say(person.language, headline))
        said: list[Message] = [Text(words)] if words else []
        seeing.card(scene, case, person, case.lead or "")
        scene.post.send(person, [*said, card], Purpose.CARD, case=case, photo_id=photo_id)


def coordinate(scene: Scene, case: Case, headline: str, words: str, once: str) -> None:
    """Ask the coordinators to look after a case whose agency could not be reached or said something unclear."""
    for person in coordinators(scene):
        card = _assignable(scene, case, person.language, headline)
        said: list[Message] = [Text(words)] if words else []
        scene.post.send(person, [*said, card], Purpose.CARD, case=case, once=f"{once}-{person.id}")


def _assignable(scene: Scene, case: Case, lang: str, headline: str) -> Card:
    card = cards.for_official(scene, case, lang, headline=say(lang, headline))
    button = tap(say(lang, "button.assign"), "case.assign", style="main", case=case.code)
    lines = (*card.lines, *cards.proposal(scene, case, lang))
    return replace(card, lines=lines, buttons=(button, *card.buttons), badge=say(lang, headline))


def _card(
    scene: Scene, case: Case, person: Person, headline: str, assign: bool = False, words: str = ""
) -> None:
    card = cards.for_official(scene, case, person.language, headline=say(person.language, headline))
    if assign:
        card = _assignable(scene, case, person.language, headline)
    seeing.card(scene, case, person, scene.book.data.city.integrator if assign else case.lead or "")
    said: list[Message] = [Text(words)] if words else []
    scene.post.send(person, [*said, card], Purpose.CARD, case=case)


def reporters(scene: Scene, case: Case) -> list[Person]:
    """Whose report opened the case (or who speaks for them); those who joined later hear as followers."""
    found = [r.person_id for r in case.reports if not r.joined and r.channel != spoken.NOBODY]
    return people.by_ids(scene.unit, found)


def followers(scene: Scene, case: Case) -> list[Person]:
    return people.by_ids(scene.unit, [f.person_id for f in case.followers])


def hearers(scene: Scene, case: Case) -> list[tuple[Person, Purpose]]:
    """Reporters and followers, each once, with what a message to them counts as."""
    first = reporters(scene, case)
    later = [person for person in followers(scene, case) if person not in first]
    return [*((p, Purpose.CASE) for p in first), *((p, Purpose.FOLLOWER) for p in later)]


def tell(
    scene: Scene,
    case: Case,
    build: Build,
    *,
    others: Build | None = None,
    but: Iterable[Person] = (),
    photo_id: int | None = None,
    once: str = "",
) -> None:
    """The same news to reporters and followers, each once, not to those who just did it.

    ``others`` builds it for followers, where the words have to be masked for them. ``once`` names the news where
    telling it again must reach nobody twice.
    """
    skip = {person.id for person in but}
    for person, purpose in hearers(scene, case):
        if person.id not in skip:
            skip.add(person.id)
            key = f"{once}-{person.id}" if once else None
            made = others if others and purpose == Purpose.FOLLOWER else build
            messages = telling.with_news(scene, case, person.language, made(person.language), person)
            messages = [*spoken.for_whom(case, person), *messages]
            scene.post.send(person, messages, purpose, case=case, photo_id=photo_id, once=key)
    telling.told(scene, case, skip - {person.id for person in but})


def accepted(scene: Scene, case: Case) -> None:
    """Taken, and until when it should be fixed: told with the next message."""
    telling.wait(scene, case, telling.ACCEPTED)


def handed_on(scene: Scene, case: Case) -> None:
    """Another agency has it now. A first time is told with her next message; the second time by itself."""
    telling.mark(scene, case)
    if handover.push_now(case.untold or []):
        tell_hops(scene, case)


def tell_hops(scene: Scene, case: Case) -> bool:
    """Say once per case, by itself, who has it now; later changes ride on other messages. False: said before."""
    hearers = [(person, Purpose.CASE) for person in reporters(scene, case)]
    hearers += [(person, Purpose.FOLLOWER) for person in followers(scene, case)]
    sent = False
    for person, purpose in dict(hearers).items():
        news = telling.news(scene, case, person.language, person)
        said: list[Message] = [Text(news)] if news else []
        row = scene.post.send(person, said, purpose, case=case, once=f"hops-{case.code}-{person.id}")
        sent = sent or row is not None
    if sent:
        telling.told(scene, case, [person.id for person, _ in hearers])
    return sent


def promise_moved(scene: Scene, case: Case, why: str, text: str) -> None:
    """Another date than the one she was told, and why."""
    telling.forget_promise(case)

    def build(lang: str) -> list[Message]:
        until = day(case.expected_at or scene.now, scene.now, scene.book.zone, lang)
        reason = shorten(text, 300) if text else say(lang, f"plan.why_{why}")
        lead = lead_name(scene, case, lang)
        return [Text(say(lang, "told.promise_moved", code=case.code, lead=lead, until=until, reason=reason))]

    tell(scene, case, build)


def progressed(scene: Scene, case: Case, text: str | Callable[[str], str]) -> None:
    """What the agency says about the work, in its own words or in the reader's language where they are ready: told
    with the next message."""
    telling.worked(scene, case, text)


def replied(scene: Scene, case: Case, text: str) -> None:
    """The answer to a question or suggestion; one tap says whether it helped."""

    def build(lang: str, words: str = text, asks: bool = True) -> list[Message]:
        buttons = (
            tap(say(lang, "button.helped"), "case.fixed", style="main", case=case.code, ok="1"),
            tap(say(lang, "button.not_helped"), "case.fixed", case=case.code, ok="0"),
        )
        show = (tap(say(lang, "button.show"), "case.show", case=case.code),)
        title = say(lang, "told.replied", lead=lead_name(scene, case, lang))
        lines = (
            Line(say(lang, "case.code"), case.code),
            Line(say(lang, "case.you_asked"), shorten(case.public_text, 100)),
        )
        card = Card(title, shorten(words, 1000), lines, buttons if asks else show, tone="good", alt=title)
        return [card]

    tell(scene, case, build, others=lambda lang: build(lang, mask(text), asks=False))


def suggested(scene: Scene, case: Case) -> None:
    """A suggestion is read by the representatives of its network too, masked."""
    for person in people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=case.network or ""):
        lang = person.language
        name = scene.book.name(scene.book.networks[case.network or ""], lang)
        card = Card(
            title=cards.title_of(scene.book, case, lang),
            body=shorten(case.public_text, 600),
            lines=(Line(say(lang, "case.code"), case.code),),
            badge=say(lang, "headline.for_network", name=name),
        )
        scene.post.send(person, [card], Purpose.CARD, case=case, once=f"suggested-{case.code}-{person.id}")


def question(scene: Scene, case: Case, person: Person, text: str) -> None:
    """An official's question to the reporter; her next words are the answer. Who speaks for her has a button."""
    lang = person.language
    for_whom = spoken.for_whom(case, person)
    key = "told.question_for" if for_whom else "told.question"
    words = say(lang, key, code=case.code, lead=lead_name(scene, case, lang), text=shorten(text, 1500))
    asks: list[Message] = [Text(words, quick=spoken.answer_buttons(case, lang) if for_whom else ())]
    news = [*for_whom, *telling.with_news(scene, case, lang, asks, person)]
    telling.told(scene, case, [person.id])
    scene.post.send(person, telling.ride(scene, person, news), Purpose.CASE, case=case)


def finished(scene: Scene, case: Case, text: str, photo_id: int | None) -> None:
    """Done: before and after side by side, and one tap to say whether it is true; asked once for each closing."""
    asked = {person.id for person in reporters(scene, case)}
    telling.forget_promise(case)
    for person, purpose in hearers(scene, case):
        card = finished_card(scene, case, text, person.language, person.id in asked)
        once = f"done-{case.code}-{case.reopened}-{person.id}"
        news = telling.with_news(scene, case, person.language, [card], person)
        messages = [*spoken.for_whom(case, person), *news]
        telling.told(scene, case, [person.id])
        messages = telling.ride(scene, person, messages)
        scene.post.send(person, messages, purpose, case=case, photo_id=photo_id, once=once)


def finished_card(scene: Scene, case: Case, text: str, lang: str, asks: bool) -> Card:
    """What was done, and (where she is ``asks``-ed) fixed, half fixed or not fixed."""
    name = lead_name(scene, case, lang)
    key = "told.done_reason" if text else "told.done_body"
    words = text if asks else mask(text)
    after = cards.picture(scene, case, "after")
    return Card(
        title=say(lang, "told.done_title"),
        body=shorten(say(lang, key, lead=name, text=words), 600),
        lines=(
            Line(say(lang, "case.code"), case.code),
            Line(say(lang, "case.what"), shorten(case.public_text, 100)),
        ),
        buttons=cards.closing_buttons(case, lang) if asks else follower_buttons(case, lang),
        badge=cards.status_name(Status.DONE, lang),
        tone="good",
        image=after,
        image_before=cards.picture(scene, case, "before") if after else None,
        alt=say(lang, "told.done_alt", code=case.code),
    )


def follower_buttons(case: Case, lang: str) -> tuple[Button, ...]:
    """What somebody who follows a finished case may do: look, or say that it is still there."""
    return (
        tap(say(lang, "button.show"), "case.show", case=case.code),
        tap(say(lang, "button.reopen"), "case.reopen", case=case.code),
    )


def closed(scene: Scene, case: Case, speaker: Person) -> None:
    """The reporter said that it is fixed: the others who wait for it hear so with their next message."""
    telling.wait(scene, case, telling.FIXED, but=[speaker.id])


def closed_in_silence(scene: Scene, case: Case) -> None:
    """Nobody said whether it is fixed: everybody hears with the next message that it was closed."""
    telling.wait(scene, case, telling.SILENT)


def reopened(scene: Scene, case: Case, speaker: Person) -> None:
    """Somebody said that it is not fixed: all others who wait for it hear with their next message that work goes on."""
    telling.wait(scene, case, telling.REOPENED, but=[speaker.id])


def joined(scene: Scene, case: Case, count: int) -> None:
    """One more person has the same problem: the lead's people see how many there are now."""
    for person in workers_on(scene, case):
        headline = say(person.language, "headline.joined")
        card = cards.for_official(scene, case, person.language, headline=headline, most=200)
        once = f"joined-{case.code}-{count}-{person.id}"
        scene.post.send(person, [card], Purpose.CARD, case=case, once=once)


def merged(scene: Scene, case: Case, into: Case) -> None:
    """It goes on as a part of another case; everybody who waited for it follows that one now."""
    tell(scene, case, lambda lang: [merged_words(scene, case.code, into, lang)], once=f"merged-{case.code}")


def merged_words(scene: Scene, codes: str, into: Case, lang: str) -> Text:
    """``codes``: what was merged, as people read it."""
    show = tap(say(lang, "button.show"), "case.show", case=into.code)
    words = say(lang, "told.merged", code=codes, into=into.code, lead=lead_name(scene, into, lang))
    return Text(words, quick=(show,))


def rejected(scene: Scene, case: Case, reason: str) -> None:
    def build(lang: str, why: str = reason) -> list[Message]:
        lead = lead_name(scene, case, lang)
        return [Text(say(lang, "told.rejected", code=case.code, lead=lead, reason=why))]

    tell(scene, case, build, others=lambda lang: build(lang, mask(reason)))


def lead_name(scene: Scene, case: Case, lang: str) -> str:
    return scene.book.agency_name(case.lead, lang)
