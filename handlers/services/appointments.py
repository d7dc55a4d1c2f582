"""Leads, co-leads and representatives: asked, appointed, relieved. Somebody leads only who said yes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from handlers.messages.neutral import Button, Card, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import terms
from handlers.services import calls, digests, people, staff
from handlers.services.pushing import push
from handlers.talk import Scene, Talk
from store.models import Appointment, Membership, Person
from store.queries import appointments as rows
from store.queries import decisions as poll_rows
from store.queries import members
from store.queries import people as person_rows
from store.words import LEADS, Member, Purpose, RoleName


def may_name(talk: Talk, network: str) -> bool:
    """Whether the speaker appoints by her office: an administrator, a coordinator of the network's integrator or of
    the city, the head of its integrator."""
    row = talk.book.networks.get(network)
    if row is None:
        return False
    heads = [role.agency for role in talk.roles(RoleName.HEAD)]
    coordinates = not set(talk.book.integrators(network)).isdisjoint(talk.coordinates)
    return bool(talk.roles(RoleName.ADMINISTRATOR)) or coordinates or row.integrator in heads


def candidates(scene: Scene, network: str, role: str) -> list[Membership]:
    """Members who let the others see them and do not have the role, nor are asked already."""
    asked = {one.membership_id for one in rows.open_of(scene.unit, network)}
    found = members.listed(scene.unit, network)
    return [m for m in found if m.role != role and m.id not in asked]


def ask(
    scene: Scene,
    member: Membership,
    role: str,
    months: int,
    by: Person,
    *,
    joint: bool,
    after: Membership | None = None,
) -> Appointment:
    """Ask her; ``joint``: after her yes the network decides together. ``after``: whom she would follow."""
    made = scene.unit.add(
        Appointment(
            ref=secrets.token_hex(8),
            network=member.network,
            membership_id=member.id,
            role=role,
            until=terms.until(scene.now, months, scene.book.zone),
            asked_by=by.id,
            joint=joint,
            after_id=after.id if after else None,
            state="asked",
            asked_at=scene.now,
        )
    )
    for person in person_rows.by_ids(scene.unit, [member.person_id]):
        due = scene.book.next_allowed(scene.now)
        card = _question(scene, made, person.language)
        scene.post.send(person, [card], Purpose.STEP, once=f"appoint-{made.ref}", due_at=due)
        calls.note(scene, f"lead-{made.ref}", person)
    return made


def _question(scene: Scene, made: Appointment, lang: str) -> Card:
    name = network_name(scene, made.network, lang)
    role = say(lang, f"lead.role_{made.role}")
    body = say(lang, f"lead.does_{made.role}")
    body += "\n" + say(lang, "lead.ask_joint" if made.joint else "lead.ask_free")
    buttons = (
        tap(say(lang, "button.lead_yes"), "lead.answer", style="main", ref=made.ref, a="yes"),
        tap(say(lang, "button.lead_no"), "lead.answer", ref=made.ref, a="no"),
    )
    title = say(lang, "lead.ask", role=role, name=name)
    lines = (Line(say(lang, "lead.until"), last_day(scene, made.until, lang)),)
    return Card(title, body, lines, buttons, badge=say(lang, "lead.badge"), alt=shorten(title, 200))


def network_name(scene: Scene, network: str, lang: str) -> str:
    row = scene.book.networks.get(network)
    return scene.book.name(row, lang) if row else network


def last_day(scene: Scene, until: datetime, lang: str) -> str:
    """The last day of a term in words."""
    return day(until - timedelta(seconds=1), scene.now, scene.book.zone, lang)


def person_of(scene: Scene, member: Membership | None) -> Person | None:
    """The member's person, if she can still be reached as one."""
    if member is None or member.state != Member.ACTIVE:
        return None
    found = person_rows.by_ids(scene.unit, [member.person_id])
    return found[0] if found and found[0].forgotten_at is None else None


def decline(scene: Scene, made: Appointment) -> None:
    """Her no needs no reason; who asked hears it kindly."""
    made.state, made.answered_at, made.ended_at = "declined", scene.now, scene.now
    _tell_asker(scene, made, "lead.declined")


def take_office(scene: Scene, made: Appointment) -> bool:
    """She begins now, and whom she follows may rest; False when she is no member any more."""
    member = members.member(scene.unit, made.membership_id)
    person = person_of(scene, member)
    if member is None or person is None:
        made.state, made.ended_at = "void", scene.now
        return False
    made.state, made.ended_at = "held", scene.now
    for before in _relieved(scene, made):
        relieve(scene, before, "lead.handed_over")
    people.give_role(scene, person, RoleName.REPRESENTATIVE, None, made.network)
    member.role, member.term_ends_at, member.term_told_at = made.role, made.until, None
    if not made.joint:  # else everybody hears the result
        _tell_asker(scene, made, "lead.accepted")
    return True


def _relieved(scene: Scene, made: Appointment) -> list[Membership]:
    """Whom she follows, and who had a role that only one has."""
    return [
        member
        for member, _person in rows.leading(scene.unit, made.network)
        if member.id != made.membership_id
        and (member.id == made.after_id or terms.follows(made.role, member.role))
    ]


def relieve(scene: Scene, member: Membership, key: str) -> None:
    """Her term is over: she stays a member, with thanks."""
    for person in person_rows.by_ids(scene.unit, [member.person_id]):
        role = person_rows.role(scene.unit, person, RoleName.REPRESENTATIVE, None, member.network)
        if role is not None:
            staff.end_role(scene, role)
        lang = person.language
        words = say(lang, key, name=network_name(scene, member.network, lang))
        push(scene, person, [Text(words)], Purpose.REMINDER, once=f"relieved-{member.id}-{scene.now.date()}")
    if member.role in LEADS:  # a lead from before who never held the role of a representative
        member.role, member.term_ends_at, member.term_told_at = "member", None, None
        member.named_public = False


def hand_over(scene: Scene, made: Appointment, person: Person) -> list[Card]:
    """What waits for her: how the network stands, as its digest shows it."""
    shown = digests.on_demand(scene, made.network, person)
    return [card for card in shown if isinstance(card, Card)]


def decided(scene: Scene, poll_id: int, agreed: bool) -> bool:
    """A joint decision about an appointment has ended; False when it was about something else."""
    made = rows.of_poll(scene.unit, poll_id)
    if made is None:
        return False
    if made.state != "deciding":
        return True  # she left or was forgotten meanwhile
    member = members.member(scene.unit, made.membership_id)
    if agreed:
        if take_office(scene, made):
            _tell_candidate(scene, made, member, "lead.chosen")
        return True
    made.state, made.ended_at = "refused", scene.now
    _tell_candidate(scene, made, member, "lead.not_you")
    return True


def _tell_candidate(scene: Scene, made: Appointment, member: Membership | None, key: str) -> None:
    person = person_of(scene, member)
    if person is None:
        return
    lang = person.language
    role, name = say(lang, f"lead.role_{made.role}"), network_name(scene, made.network, lang)
    told: list[Message] = [Text(say(lang, key, role=role, name=name))]
    asks = [public_question(made, lang)] if made.state == "held" else []
    if push(scene, person, [*told, *asks], Purpose.STEP, once=f"appoint-end-{made.ref}") and asks:
        calls.note(scene, f"lead-public-{made.ref}", person)


def public_question(made: Appointment, lang: str) -> Card:
    """May the public page name her? Asked once she leads; without a yes nobody is named."""
    buttons = (
        tap(say(lang, "button.lead_show"), "lead.public", ref=made.ref, a="yes"),
        tap(say(lang, "button.lead_hide"), "lead.public", ref=made.ref, a="no"),
    )
    title = say(lang, "lead.ask_public")
    return Card(title, say(lang, "lead.public_means"), buttons=buttons, alt=title)


def _tell_asker(scene: Scene, made: Appointment, key: str) -> None:
    member = members.member(scene.unit, made.membership_id)
    who = member.shown_name if member is not None else ""
    for person in person_rows.by_ids(scene.unit, [made.asked_by]):
        if person.forgotten_at is not None or not person.line_id:
            continue
        lang = person.language
        role, name = say(lang, f"lead.role_{made.role}"), network_name(scene, made.network, lang)
        words = say(lang, key, who=who or say(lang, "task.unnamed"), role=role, name=name)
        due = scene.book.next_allowed(scene.now)
        once = f"appoint-{made.state}-{made.ref}"
        scene.post.send(person, [Text(words)], Purpose.STEP, once=once, due_at=due)


# --- the clock


def care(scene: Scene) -> int:
    """Questions that nobody answered are taken back; terms that are over end."""
    late = rows.unanswered_since(scene.unit, scene.now - terms.ANSWER_WITHIN)
    for made in late:
        made.state, made.ended_at = "void", scene.now
        _tell_asker(scene, made, "lead.unanswered")
    return len(late) + _end_terms(scene)


def _end_terms(scene: Scene) -> int:
    """Who has company at the head of her network may rest; the last one goes on until somebody follows her."""
    over = rows.terms_over(scene.unit, scene.now)
    for member in over:
        others = [m for m, _ in rows.leading(scene.unit, member.network) if m.id != member.id]
        if terms.ends(len(others)):
            relieve(scene, member, "lead.term_over")
        else:
            member.term_ends_at = scene.now + terms.LONGER
            member.term_told_at = None
    return len(over)


def successor_button(member: Membership, lang: str) -> Button:
    """Beside the news that a term ends: one tap begins to look for who follows."""
    words = say(lang, "button.lead_next")
    keys = {"network": member.network, "role": member.role, "after": str(member.id)}
    return tap(words, "lead.new", style="main", **keys)


def forget(scene: Scene, membership_ids: list[int]) -> None:
    """Decisions that name her lose their words."""
    blank = say("th", "lead.removed")
    for number in rows.polls_about(scene.unit, membership_ids):
        poll = poll_rows.look_up(scene.unit, number)
        if poll is not None:
            poll.question, poll.background = blank, ""
            for statement in poll.statements:
                statement.text = blank
