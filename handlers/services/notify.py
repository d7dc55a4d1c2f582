"""Who hears of what happened to a case, each in their own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handlers.messages.neutral import Button, Card, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import deadlines, duty
from handlers.services import cards, spoken
from handlers.services.cases import due_of
from handlers.talk import Scene
from store.models import Case, Person
from store.queries import people
from store.words import Purpose, RoleName, Status

Build = Callable[[str], list[Message]]
"""Messages in the language it is given."""


def _staff(scene: Scene, *agencies: str) -> list[tuple[str, Person]]:
    """(role, person) of the last named agency; what is named is asked of the database once per decision."""
    missing = [code for code in agencies if code not in scene.staff]
    if missing:
        scene.staff.update(people.staff(scene.unit, missing, scene.now))
    return scene.staff[agencies[-1]]


def officials_of(scene: Scene, agency: str | None) -> list[Person]:
    """People of the agency who are on duty and the substitutes of others; all of them when nobody is."""
    found = {person.id: person for _, person in _staff(scene, agency or "")}
    return [found[number] for number in duty.readers([duty_of(p) for p in found.values()], scene.now)]


def duty_of(person: Person) -> duty.Duty:
    return duty.Duty(person.id, person.on_duty, person.away_until, person.substitute_id)


def workers_of(scene: Scene, agency: str, case: Case | None = None) -> list[Person]:
    """Who is reminded first: who has the case, else the officials; the head only where nobody else is there."""
    hands = hands_of(scene, case) if case is not None and case.lead == agency else []
    found, heads = officials_of(scene, agency), heads_of(scene, agency)
    return hands or [person for person in found if person not in heads] or found


def hands_of(scene: Scene, case: Case) -> list[Person]:
    """Who does the work, or stands in for her; nobody where nobody took it or she left."""
    found = {person.id: person for _, person in _staff(scene, case.lead or "")}
    mine = found.get(case.assignee_id or 0)
    if mine is None:
        return []
    reader = duty.reader(duty_of(mine), [duty_of(person) for person in found.values()], scene.now)
    return [found[reader]] if reader else []


def workers_on(scene: Scene, case: Case) -> list[Person]:
    """Who must hear what happens to a case: who has it, else everybody of the lead."""
    return hands_of(scene, case) or officials_of(scene, case.lead)


def heads_of(scene: Scene, agency: str) -> list[Person]:
    return [person for role, person in _staff(scene, agency) if role == RoleName.HEAD]


def coordinators(scene: Scene) -> list[Person]:
    """Who sorts what no rule can."""
    found = _staff(scene, scene.book.data.city.integrator)
    return [p for role, p in found if role == RoleName.COORDINATOR] or [p for _, p in found]


def offered(
    scene: Scene,
    case: Case,
    *,
    headline: str = "headline.new",
    speaker: Person | None = None,
    words: str = "",
) -> None:
    """The card to the lead; to the coordinators when nobody there is on LINE; and to the helpers."""
    _staff(scene, scene.book.data.city.integrator, *(h.agency for h in case.helpers), case.lead or "")
    readers = officials_of(scene, case.lead)
    if case.unassigned or not readers:
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
        for person in officials_of(scene, helper.agency):
            card = cards.for_helper(scene, case, helper.agency, helper.task, person.language)
            once = f"helper-{case.code}-{helper.agency}-{person.id}"
            scene.post.send(person, [card], Purpose.CARD, case=case, once=once)


def to_agency(
    scene: Scene, case: Case, headline: str, *, photo_id: int | None = None, words: str = ""
) -> None:
    """Tell who has the case (else the lead's people) that something happened to it."""
    for person in workers_on(scene, case):
        card = cards.for_official(scene, case, person.language, headline=say(person.language, headline))
        said: list[Message] = [Text(words)] if words else []
        scene.post.send(person, [*said, card], Purpose.CARD, case=case, photo_id=photo_id)


def _card(
    scene: Scene, case: Case, person: Person, headline: str, assign: bool = False, words: str = ""
) -> None:
    card = cards.for_official(scene, case, person.language, headline=say(person.language, headline))
    if assign:
        button = tap(say(person.language, "button.assign"), "case.assign", style="main", case=case.code)
        card = Card(
            **{**card.__dict__, "buttons": (button, *card.buttons), "badge": say(person.language, headline)}
        )
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
    but: Iterable[Person] = (),
    photo_id: int | None = None,
    once: str = "",
) -> None:
    """The same news to reporters and followers, each once, not to those who just did it.

    ``once`` names the news where telling it again must reach nobody twice.
    """
    skip = {person.id for person in but}
    for person, purpose in hearers(scene, case):
        if person.id not in skip:
            key = f"{once}-{person.id}" if once else None
            message = [*spoken.for_whom(case, person), *build(person.language)]
            scene.post.send(person, message, purpose, case=case, photo_id=photo_id, once=key)


def accepted(scene: Scene, case: Case) -> None:
    """Taken, and until when it should be fixed."""
    due = due_of(case, deadlines.FINISH)

    def build(lang: str) -> list[Message]:
        until = moment(due.due_at, scene.now, scene.book.zone, lang) if due else ""
        text = say(lang, "told.accepted", code=case.code, lead=lead_name(scene, case, lang), until=until)
        return [Text(text)]

    tell(scene, case, build)


def handed_on(scene: Scene, case: Case, why: str) -> None:
    """Another agency has it now; said without blame."""

    def build(lang: str) -> list[Message]:
        key = "told.to_center" if case.unassigned else "told.handed_on"
        reason = say(lang, f"told.why_{why}") if why else ""
        return [Text(say(lang, key, code=case.code, lead=lead_name(scene, case, lang), reason=reason))]

    tell(scene, case, build)


def progressed(
    scene: Scene, case: Case, text: str | Callable[[str], str], agency: str, photo_id: int | None = None
) -> None:
    """What the agency says about the work: in its own words, or in the reader's language where they are ready."""

    def build(lang: str) -> list[Message]:
        name = scene.book.agency_name(agency, lang)
        said = shorten(text if isinstance(text, str) else text(lang), 1500)
        return [Text(say(lang, "told.progress", code=case.code, lead=name, text=said))]

    tell(scene, case, build, photo_id=photo_id)


def question(scene: Scene, case: Case, person: Person, text: str) -> None:
    """An official's question to the reporter; her next words are the answer. Who speaks for her has a button."""
    lang = person.language
    for_whom = spoken.for_whom(case, person)
    key = "told.question_for" if for_whom else "told.question"
    words = say(lang, key, code=case.code, lead=lead_name(scene, case, lang), text=shorten(text, 1500))
    quick = spoken.answer_buttons(case, lang) if for_whom else ()
    scene.post.send(person, [*for_whom, Text(words, quick=quick)], Purpose.CASE, case=case)


def finished(scene: Scene, case: Case, text: str, photo_id: int | None) -> None:
    """Done: before and after side by side, and one tap to say whether it is true; asked once for each closing."""
    asked = {person.id for person in reporters(scene, case)}
    for person, purpose in hearers(scene, case):
        card = finished_card(scene, case, text, person.language, person.id in asked)
        once = f"done-{case.code}-{case.reopened}-{person.id}"
        message: list[Message] = [*spoken.for_whom(case, person), card]
        scene.post.send(person, message, purpose, case=case, photo_id=photo_id, once=once)


def finished_card(scene: Scene, case: Case, text: str, lang: str, asks: bool) -> Card:
    """What was done, and (where she is ``asks``-ed) fixed, half fixed or not fixed."""
    name = lead_name(scene, case, lang)
    key = "told.done_reason" if text else "told.done_body"
    after = cards.picture(scene, case, "after")
    return Card(
        title=say(lang, "told.done_title"),
        body=shorten(say(lang, key, lead=name, text=text), 600),
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
    """The reporter said that it is fixed: the others who wait for it hear so, and may say otherwise."""

    def build(lang: str) -> list[Message]:
        again = tap(say(lang, "button.reopen"), "case.reopen", case=case.code)
        return [Text(say(lang, "told.closed_fixed", code=case.code), quick=(again,))]

    tell(scene, case, build, but=[speaker], once=f"closed-{case.id}-{case.reopened}")


def reopened(scene: Scene, case: Case, speaker: Person) -> None:
    """Somebody said that it is not fixed: all others who wait for it hear that work goes on."""

    def build(lang: str) -> list[Message]:
        return [Text(say(lang, "told.reopened", code=case.code, lead=lead_name(scene, case, lang)))]

    tell(scene, case, build, but=[speaker], once=f"reopened-{case.id}-{case.reopened}")


def joined(scene: Scene, case: Case, count: int) -> None:
    """One more person has the same problem: the lead's people see how many there are now."""
    for person in workers_on(scene, case):
        headline = say(person.language, "headline.joined")
        card = cards.for_official(scene, case, person.language, headline=headline, most=200)
        once = f"joined-{case.id}-{count}-{person.id}"
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
    def build(lang: str) -> list[Message]:
        return [
            Text(say(lang, "told.rejected", code=case.code, lead=lead_name(scene, case, lang), reason=reason))
        ]

    tell(scene, case, build)


def call_member(scene: Scene, network: str, answer: str, case: Case | None) -> None:
    """A member's check-in went badly: the representatives (else the coordinators) are asked to follow it up."""
    readers = people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=network) or coordinators(scene)
    for person in readers:
        lang = person.language
        about = say(lang, "checkin.about", code=case.code, lead=lead_name(scene, case, lang)) if case else ""
        name = scene.book.name(scene.book.networks[network], lang)
        words = say(
            lang,
            "checkin.call",
            name=name,
            answer=say(lang, f"button.checkin_{answer}"),
            about=about and f"{about} ",
        )
        show = tap(say(lang, "button.network_show"), "network.show", network=network)
        scene.post.send(person, [Text(words, quick=(show,))], Purpose.REMINDER, case=case)


def lead_name(scene: Scene, case: Case, lang: str) -> str:
    return scene.book.agency_name(case.lead, lang)
