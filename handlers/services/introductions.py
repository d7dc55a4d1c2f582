"""Introductions: proposed monthly to the representatives, asked of both, made only when both said yes."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal

from handlers.messages.neutral import Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.rules import ties
from handlers.rules.meetings import Pair
from handlers.services import notify, weaving
from handlers.services.pushing import push
from handlers.services.weaving import View
from handlers.talk import Scene
from store.models import Introduction, Person
from store.queries import introductions as rows
from store.queries import people
from store.words import Purpose, RoleName

Side = Literal["a", "b"]
PATIENCE = timedelta(days=14)
"""After so long without an answer the question lapses; silence is no yes."""


def monthly(scene: Scene) -> int:
    """What the first of a month brings: the months written down, and who should meet."""
    if scene.book.quiet(scene.now):
        return 0
    lapsed = _lapse(scene)
    fresh = weaving.write_months(scene)
    for network in fresh:
        _propose(scene, network)
    return len(fresh) + lapsed


def _lapse(scene: Scene) -> int:
    found = rows.waiting_since(scene.unit, scene.now - PATIENCE)
    for row in found:
        end(scene, row, "dropped")
    return len(found)


def _propose(scene: Scene, network: str) -> None:
    """Two or three pairs to each representative, a card each in one message; without a representative nobody is bothered."""
    readers = people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=network)
    if not readers:
        return
    view = View(scene.unit, scene.book, network, scene.now)
    refused = rows.refused_by(scene.unit)
    known = rows.pairs(scene.unit)
    for pair in weaving.pairs(view, known):
        sides = [_contact(scene, actor, refused) for actor in (pair.a, pair.b)]
        if None not in sides and sides[0] is not sides[1]:
            row = _offer(scene, network, pair)
            for person in readers:
                once = f"intro-{row.ref}-{person.id}"
                push(scene, person, [_proposal(scene, row, person.language)], Purpose.DIGEST, once=once)


def _offer(scene: Scene, network: str, pair: Pair) -> Introduction:
    why = {"category": pair.category, "area": pair.area, "friends": pair.friends}
    return scene.unit.add(
        Introduction(
            ref=secrets.token_hex(8),
            network=network,
            month=weaving.month_name(scene.book, scene.now),
            a=pair.a,
            b=pair.b,
            why=why,
            state="offered",
            offered_at=scene.now,
            a_answer="",
            b_answer="",
            a_card="",
            b_card="",
        )
    )


def _contact(scene: Scene, actor: str, refused: set[int]) -> Person | None:
    """Who is asked for an actor: the member herself, or an official of the agency who never said no."""
    kind, _, key = actor.partition(":")
    found = people.by_ids(scene.unit, [int(key)]) if kind == "person" else notify.workers_of(scene, key)
    usable = (p for p in found if p.line_id and not p.blocked and p.id not in refused and p.consent)
    return next(usable, None) if kind == "person" else next((p for p in found if p.id not in refused), None)


def name(scene: Scene, actor: str, lang: str) -> str:
    """An agency by its name, a member never by hers."""
    kind, _, key = actor.partition(":")
    return scene.book.agency_name(key, lang) if kind == "agency" else say(lang, "meet.a_member")


def reason(scene: Scene, row: Introduction, lang: str) -> str:
    """What both work on, in words."""
    area = scene.book.areas.get(str(row.why.get("area", "")))
    where = scene.book.name(area, lang) if area else ""
    what = scene.book.plain_name(str(row.why.get("category", "")), lang)
    if what and where:
        return say(lang, "meet.same_both", what=what, where=where)
    return say(lang, "meet.same_area", where=where) if where else say(lang, "meet.same_issue", what=what)


def _proposal(scene: Scene, row: Introduction, lang: str) -> Card:
    a, b = name(scene, row.a, lang), name(scene, row.b, lang)
    friends = int(row.why.get("friends", 0))
    more = say(lang, "meet.friends", n=friends) if friends else ""
    body = " ".join(part for part in (reason(scene, row, lang), say(lang, "meet.never"), more) if part)
    buttons = (
        tap(say(lang, "button.introduce"), "intro.make", style="main", ref=row.ref),
        tap(say(lang, "button.not_now"), "intro.drop", ref=row.ref),
    )
    title = say(lang, "meet.title", a=a, b=b)
    network = scene.book.name(scene.book.networks[row.network], lang)
    return Card(title=title, body=body, buttons=buttons, badge=network, alt=shorten(title, 200))


def ask_both(scene: Scene, row: Introduction, by: Person) -> bool:
    """The representative's tap: both are asked. False when one of them can no longer be asked."""
    refused = rows.refused_by(scene.unit)
    a, b = _contact(scene, row.a, refused), _contact(scene, row.b, refused)
    if a is None or b is None or a is b:
        end(scene, row, "dropped")
        return False
    row.state, row.asked_by, row.asked_at = "asked", by.id, scene.now
    row.a_person, row.b_person = a.id, b.id
    for person, other in ((a, row.b), (b, row.a)):
        card = _question(scene, row, other, person.language)
        scene.post.send(person, [card], Purpose.STEP, once=f"intro-ask-{row.ref}-{person.id}")
    return True


def _question(scene: Scene, row: Introduction, other: str, lang: str) -> Card:
    network = scene.book.name(scene.book.networks[row.network], lang)
    title = say(lang, "meet.ask", other=name(scene, other, lang))
    buttons = (
        tap(say(lang, "button.meet_yes"), "intro.answer", style="main", ref=row.ref, a="yes"),
        tap(say(lang, "button.meet_no"), "intro.answer", ref=row.ref, a="no"),
    )
    body = f"{reason(scene, row, lang)} {say(lang, 'meet.ask_body')}"
    return Card(title=title, body=body, buttons=buttons, badge=network, alt=shorten(title, 200))


def side_of(row: Introduction, person: Person) -> Side | None:
    return "a" if row.a_person == person.id else "b" if row.b_person == person.id else None


def refuse(scene: Scene, row: Introduction, side: Side) -> None:
    """No: nobody learns who said it, and neither is asked for this pair again."""
    setattr(row, f"{side}_answer", "no")
    if row.state == "asked":
        end(scene, row, "declined")


def present(scene: Scene, row: Introduction, side: Side, card: str) -> bool:
    """Yes, with how she wants to be presented; True when that was the second yes and both now know each other."""
    setattr(row, f"{side}_answer", "yes")
    setattr(row, f"{side}_card", card)
    if row.a_answer != "yes" or row.b_answer != "yes":
        return False
    a, b = (people.by_ids(scene.unit, [who or 0])[0] for who in (row.a_person, row.b_person))
    for person, words in ((a, row.b_card), (b, row.a_card)):
        lang = person.language
        told = say(lang, "meet.met", card=words, why=reason(scene, row, lang))
        scene.post.send(person, [Text(told)], Purpose.STEP, once=f"intro-met-{row.ref}-{person.id}")
    end(scene, row, "met")
    return True


def end(scene: Scene, row: Introduction, how: str) -> None:
    """Over; the representative who asked hears whether it worked, never who said no. Cards are not kept."""
    row.state, row.ended_at = how, scene.now
    row.a_card = row.b_card = ""
    for person in people.by_ids(scene.unit, [row.asked_by] if row.asked_by else []):
        lang = person.language
        a, b = name(scene, row.a, lang), name(scene, row.b, lang)
        words = say(lang, "meet.worked" if how == "met" else "meet.not_worked", a=a, b=b)
        scene.post.send(person, [Text(words)], Purpose.STEP, once=f"intro-end-{row.ref}")


def card_of_agency(scene: Scene, actor: str, lang: str) -> str:
    """Name and telephone of the agency that the speaker stands for; "" for a member."""
    row = scene.book.agencies.get(actor.partition(":")[2]) if ties.is_agency(actor) else None
    return f"{scene.book.name(row, lang)} {row.phone}".strip() if row else ""
