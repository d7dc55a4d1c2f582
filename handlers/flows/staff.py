"""The head's row of people: who works here, inviting somebody, letting somebody go."""

from __future__ import annotations

from typing import Any

from handlers.flows.work import name_of
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Cards, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import day
from handlers.rules import invites
from handlers.services import desks, people
from handlers.services import staff as rows_of_people
from handlers.talk import Outcome, Talk
from store.models import Role
from store.queries import people as rows
from store.words import AGENCY_ROLES, RoleName

MOST_CARDS = 11


def _mine(talk: Talk) -> list[str]:
    """Agencies that she heads."""
    return [role.agency for role in talk.roles(RoleName.HEAD) if role.agency]


def show(talk: Talk) -> Outcome:
    """Everybody of her agency; a button for each official, and one to invite."""
    agencies = _mine(talk)
    if not agencies:
        return talk.answer("staff.heads_only")
    shown: list[Card] = []
    for agency in agencies:
        roles = [r for r in rows.roles_of(talk.unit, AGENCY_ROLES, agency=agency) if r.runs(talk.now)]
        shown += [_card(talk, role) for role in roles]
    invite = tuple(_invite_button(talk, agency) for agency in agencies[:3])
    title = talk.say("staff.title", n=len(shown))
    more = [Text(talk.say("staff.many", n=len(shown) - MOST_CARDS))] if len(shown) > MOST_CARDS else []
    messages: list[Message] = [*more, Cards(tuple(shown[:MOST_CARDS]), alt=title, quick=invite)]
    return Outcome([Text(title), *messages])


def _invite_button(talk: Talk, agency: str) -> Button:
    name = talk.book.agency_name(agency, talk.lang)
    return tap(shorten(talk.say("button.staff_invite", name=name), 20), "staff.invite", agency=agency)


def _card(talk: Talk, role: Role) -> Card:
    lines = talk.say("staff.since", since=day(role.since, talk.now, talk.book.zone, talk.lang))
    if desks.is_away(role.person, talk.now):
        lines += f"\n{talk.say('staff.away')}"
    buttons = (
        (tap(talk.say("button.staff_remove"), "staff.remove", style="quiet", role=role.id),)
        if _removable(talk, role)
        else ()
    )
    return Card(
        title=name_of(talk, role.person),
        body=lines,
        buttons=buttons,
        badge=talk.say(f"role.{role.name}"),
    )


def _removable(talk: Talk, role: Role) -> bool:
    """Officials of her own agency; heads and coordinators come and go through the administrator."""
    return role.name == RoleName.OFFICIAL and role.agency in _mine(talk) and role.runs(talk.now)


# --- inviting


def invite(talk: Talk) -> Outcome:
    """One question: what is she called?"""
    agency = talk.incoming.data.get("agency", "")
    if agency not in _mine(talk):
        return talk.answer("staff.heads_only")
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    name = talk.book.agency_name(agency, talk.lang)
    asked = {"do": "staff.invite", "agency": agency}
    return Outcome([Text(talk.say("staff.invite_who", name=name), quick=(cancel,))], asked=asked)


def invited(talk: Talk, asked: dict[str, Any]) -> Outcome:
    """A code that works once; it is shown here and kept nowhere."""
    agency = asked.get("agency", "")
    if agency not in _mine(talk):
        return Outcome([Text(talk.say("staff.heads_only"))], asked=None)
    if talk.incoming.kind != Kind.TEXT or not talk.incoming.text.strip():
        return talk.answer("staff.invite_who", name=talk.book.agency_name(agency, talk.lang))
    name = shorten(" ".join(talk.incoming.text.split()), 60)
    code = people.new_invite(talk.unit, talk.now, RoleName.OFFICIAL, agency=agency, name=name, by=talk.person)
    words = talk.say("staff.code", who=name, days=invites.DAYS)
    return Outcome([Text(words), Text(code)], asked=None, secret=True)


# --- letting go


def remove(talk: Talk) -> Outcome:
    """Asked once more; then she has no access and gets no messages from that moment."""
    told = talk.incoming.data.get("role", "")
    known = told.isascii() and told.isdigit() and len(told) < 18
    role = rows.role_by_id(talk.unit, int(told)) if known else None
    if role is None or not _removable(talk, role):
        return talk.answer("staff.not_yours")
    who, agency = name_of(talk, role.person), talk.book.agency_name(role.agency, talk.lang)
    if talk.incoming.data.get("sure") != "1":
        buttons = (
            tap(talk.say("button.staff_remove_sure"), "staff.remove", role=role.id, sure="1"),
            tap(talk.say("button.keep_staff"), "staff", style="main"),
        )
        title = talk.say("staff.remove_sure", who=who, name=agency)
        return Outcome([Card(title=title, body=talk.say("staff.remove_means"), buttons=buttons, tone="warn")])
    left = rows_of_people.end_role(talk, role)
    words = talk.say("staff.removed", who=who, name=agency)
    if not left:
        return Outcome([Text(words)])
    button = tap(
        talk.say("list.button", name=talk.say("list.unassigned"), n=left), "inbox", list="unassigned"
    )
    return Outcome([Text(f"{words}\n{talk.say('staff.left', n=left)}", quick=(button,))])
