"""What an official does with a case besides its main buttons: take it, pass it on, note, add a photo."""

from __future__ import annotations

from handlers.flows import undoing
from handlers.flows.guard import guarded, led, me
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.rules import lifecycle
from handlers.services import cards, cases, desks, notify, seeing
from handlers.talk import Outcome, Talk
from store.models import Case, Person
from store.queries import people
from store.words import Purpose, Status

MOST_NAMES = 9


def _more(talk: Talk, case: Case) -> Outcome:
    """Everything else one can do with the case; what it can't be is not offered."""
    names = deeds(talk, case)
    buttons = tuple(tap(talk.say(f"button.{name}"), f"case.{name}", case=case.code) for name in names)
    who = holder(talk, case)
    body = talk.say("work.held_by", who=who) if who else talk.say("work.nobodys")
    title = talk.say("work.more", code=case.code)
    return Outcome([Card(title=title, body=body, buttons=buttons, alt=title)], focus=case.code)


def deeds(talk: Talk, case: Case) -> list[str]:
    """What the speaker may do besides the main buttons; the name of a deed ``x`` belongs to the button ``case.x``."""
    return [*(_for_lead(talk, case) if talk.leads(case) else []), "inside", "photo"]


def _for_lead(talk: Talk, case: Case) -> list[str]:
    names = [] if case.assignee_id == talk.person.id else ["take"]
    names += ["hand_to", "ready"]
    if lifecycle.may(case.status, Status.MERGED, me(talk, case).role):
        names.append("merge")
    return [*names, "split", "group"]


def holder(talk: Talk, case: Case) -> str:
    """The name of who has the case; empty where nobody does."""
    found = people.by_ids(talk.unit, [case.assignee_id]) if case.assignee_id else []
    return name_of(talk, found[0]) if found else ""


def name_of(talk: Talk, person: Person) -> str:
    return person.name or talk.say("official.unnamed", n=person.id)


# --- taking and passing on


def _take(talk: Talk, case: Case) -> Outcome:
    """Mine from now on; where a colleague has it already, one more tap says that it is agreed."""
    if case.status not in lifecycle.BEFORE_DONE:
        raise lifecycle.ForbiddenChange("nothing is left to do")
    if case.assignee_id == talk.person.id:
        return talk.answer("work.yours_already", code=case.code)
    before = notify.hands_of(talk, case)
    if case.assignee_id and before and talk.incoming.data.get("over") != "1":
        over = tap(talk.say("button.take_over"), "case.take", case=case.code, over="1")
        words = talk.say("work.has_it", code=case.code, who=holder(talk, case))
        return Outcome([Text(words, quick=(over,))], focus=case.code)
    back = undoing.acting(talk, case, lambda: cases.assign(talk, case, me(talk, case), talk.person))
    _tell(talk, case, before, "headline.taken_over")
    return Outcome([Text(talk.say("work.taken", code=case.code), quick=back)], focus=case.code)


def _pass(talk: Talk, case: Case) -> Outcome:
    """To a colleague of the same agency; she gets the card at once."""
    if case.status not in lifecycle.BEFORE_DONE:
        raise lifecycle.ForbiddenChange("nothing is left to do")
    colleagues = [p for p in people.of_agency(talk.unit, case.lead or "", talk.now) if p.id != talk.person.id]
    told = talk.incoming.data.get("to", "")
    to = next((person for person in colleagues if str(person.id) == told), None)
    if to is None:
        return _whom(talk, case, colleagues)
    back = undoing.acting(talk, case, lambda: cases.assign(talk, case, me(talk, case), to))
    readers = [one for one in notify.hands_of(talk, case) if one is not talk.person]
    _tell(talk, case, readers, "headline.passed")
    key = "work.passed_away" if desks.is_away(to, talk.now) else "work.passed"
    stand_in = name_of(talk, readers[0]) if readers else ""
    if key == "work.passed_away" and not stand_in:
        key = "work.passed_waits"
    words = talk.say(key, code=case.code, who=name_of(talk, to), other=stand_in)
    return Outcome([Text(words, quick=back)], focus=case.code)


def _whom(talk: Talk, case: Case, colleagues: list[Person]) -> Outcome:
    if not colleagues:
        return talk.answer("work.alone", code=case.code)
    title = talk.say("work.pass_whom", code=case.code)
    buttons = tuple(_colleague(talk, case, person) for person in colleagues[:MOST_NAMES])
    return Outcome([Card(title=title, buttons=buttons, alt=title)], focus=case.code)


def _colleague(talk: Talk, case: Case, person: Person) -> Button:
    name = name_of(talk, person)
    shown = talk.say("work.away", who=name) if desks.is_away(person, talk.now) else name
    return tap(shorten(shown, 40), "case.hand_to", case=case.code, to=person.id)


def _tell(talk: Talk, case: Case, readers: list[Person], headline: str) -> None:
    for person in readers:
        if person is not talk.person:
            words = say(person.language, headline)
            card = cards.for_official(talk, case, person.language, headline=words, most=200)
            seeing.card(talk, case, person, case.lead or "")
            talk.post.send(person, [card], Purpose.CARD, case=case)


# --- words and pictures that the citizen never sees


def _note(talk: Talk, case: Case) -> Outcome:
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    words = talk.say("work.note_what", code=case.code, text=shorten(case.public_text, 80))
    return Outcome(
        [Text(words, quick=(cancel,))], asked={"do": "case.inside", "case": case.code}, focus=case.code
    )


def _note_words(talk: Talk, case: Case) -> Outcome:
    if talk.incoming.kind == Kind.PHOTO:
        return _photo_sent(talk, case)
    return noted(talk, case, talk.incoming.text, talk.incoming.message_id or "")


def noted(talk: Talk, case: Case, text: str, message_id: str) -> Outcome:
    """Kept for the agencies; the citizen neither sees nor hears of it."""
    actor = me(talk, case)
    back = undoing.acting(
        talk, case, lambda: cases.note_inside(talk, case, actor, text[:2000], message_id or None)
    )
    return Outcome([Text(talk.say("work.noted", code=case.code), quick=back)], asked=None)


def _photo(talk: Talk, case: Case) -> Outcome:
    from handlers.flows.drafts import photo_buttons

    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    words = talk.say("work.photo_what", code=case.code)
    asked = {"do": "case.photo", "case": case.code}
    return Outcome([Text(words, quick=(*photo_buttons(talk), cancel))], asked=asked, focus=case.code)


def _photo_sent(talk: Talk, case: Case) -> Outcome:
    """Pictures are kept with the case until she does something else."""
    actor, message = me(talk, case), talk.incoming.message_id or ""
    back = undoing.acting(talk, case, lambda: cases.add_photo(talk, case, actor, message))
    if talk.incoming.more_follow:
        return Outcome()
    return Outcome([Text(talk.say("work.photo_kept", code=case.code), quick=back)])


more, take, pass_on = guarded(_more), led(_take), led(_pass)
inside, photo = guarded(_note), guarded(_photo)
WORDS = {"case.inside": _note_words, "case.photo": _photo_sent}
"""What the words or the picture after a button are for."""
