"""Networks in the chat: the invitation after a case, joining, leaving, follow-up answers, figures."""

from __future__ import annotations

from handlers.flows import mailing, membership, sorting
from handlers.messages.neutral import Button, Card, Cards, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import network_health
from handlers.services import cards, digests, doing, gatherings, lending, member_news, networks, staff
from handlers.services.weaving import View
from handlers.talk import Outcome, Talk
from store.models import Case, Membership
from store.queries import cases as case_rows
from store.queries import networks as rows
from store.words import Member

EVERY = ("daily", "weekly", "monthly", "off")
MOST_CARDS = 10


def invitation(talk: Talk, case: Case) -> list[Message]:
    """After a case in a network she is no member of: what it wants, and one tap to join."""
    if not case.network or not networks.invite(talk, talk.person, case.network, case.code):
        return []
    row = talk.book.networks[case.network]
    name = talk.book.name(row, talk.lang)
    goal = row.goal_en if talk.lang == "en" else row.goal_th
    conditions = row.conditions_en if talk.lang == "en" else row.conditions_th
    buttons = (
        tap(talk.say("button.join"), "network.join", style="main", network=row.code),
        tap(talk.say("button.not_now"), "network.join", network=row.code, a="no"),
    )
    size = talk.unit.once(Membership, f"in/{row.code}", lambda: rows.size(talk.unit, row.code))
    members = [Line(talk.say("network.size"), talk.say("network.members", n=size))] if size else []
    lines = (*members, Line(talk.say("network.conditions"), conditions))
    text = talk.say("network.invite", name=name)
    return [
        Card(
            title=name,
            body=goal,
            lines=lines,
            buttons=buttons,
            badge=talk.say("network.badge"),
            alt=shorten(text, 200),
        )
    ]


def join(talk: Talk) -> Outcome:
    code = talk.incoming.data.get("network", "")
    if code not in talk.book.networks:
        return talk.answer("stale.network")
    name = talk.book.name(talk.book.networks[code], talk.lang)
    if talk.incoming.data.get("a") == "no":
        networks.refuse(talk, talk.person, code)
        return talk.answer("network.refused", name=name)
    if not networks.join(talk, talk.person, code):
        return talk.answer("network.already", name=name)
    member = rows.membership(talk.unit, code, talk.person.id)
    return Outcome(membership.welcome(talk, member, name) if member else [])


def _frequencies(talk: Talk, code: str) -> tuple[Button, ...]:
    return tuple(tap(talk.say(f"every.{word}"), "digest.freq", network=code, every=word) for word in EVERY)


def frequency(talk: Talk) -> Outcome:
    code, every = talk.incoming.data.get("network", ""), talk.incoming.data.get("every")
    member = rows.membership(talk.unit, code, talk.person.id)
    if member is None or member.state != Member.ACTIVE:
        return talk.answer("stale.network")
    if every not in EVERY:
        return Outcome(
            [Text(talk.say("network.how_often"), quick=(*_frequencies(talk, code), *mailing.button(talk)))]
        )
    membership.set_frequency(talk, member, every)
    return talk.answer("network.frequency_set", every=talk.say(f"every.{every}"))


def leave(talk: Talk) -> Outcome:
    code = talk.incoming.data.get("network", "")
    if not networks.leave(talk, talk.person, code):
        return talk.answer("stale.network")
    gatherings.leave_all(talk, talk.person, code)
    for role in talk.person.roles:
        if role.network == code and role.ended_at is None:
            staff.end_role(talk, role)
    return membership.goodbye(talk, code)


def mine(talk: Talk) -> Outcome:
    """Her networks; where she has none, those she could join."""
    memberships = rows.of_person(talk.unit, talk.person.id)
    codes = [m.network for m in memberships if m.network in talk.book.networks]
    if not codes:
        shown = tuple(_introduction(talk, code) for code in list(talk.book.networks)[:MOST_CARDS])
        found = tap(talk.say("button.found_new"), "found.new")
        return Outcome(
            [Text(talk.say("network.none")), Cards(shown, alt=talk.say("network.none"), quick=(found,))]
        )
    shown = tuple(_summary(talk, code) for code in codes[:MOST_CARDS])
    return Outcome([Cards(shown, alt=talk.say("network.mine_alt", n=len(codes)))])


def _introduction(talk: Talk, code: str) -> Card:
    row = talk.book.networks[code]
    join_button = tap(talk.say("button.join"), "network.join", style="main", network=code)
    goal = row.goal_en if talk.lang == "en" else row.goal_th
    return Card(title=talk.book.name(row, talk.lang), body=goal, buttons=(join_button,))


def _summary(talk: Talk, code: str) -> Card:
    """The network in figures, as a member sees it."""
    row = talk.book.networks[code]
    figures = digests.counts(talk, code)
    lines = (
        Line(talk.say("network.size"), talk.say("network.members", n=rows.size(talk.unit, code))),
        Line(talk.say("network.open"), str(figures["open"])),
        Line(talk.say("network.done"), str(figures["done"])),
    )
    buttons: tuple[Button, ...] = (
        tap(talk.say("button.network_show"), "network.show", style="main", network=code),
    )
    buttons += doing.buttons(talk, code, talk.lang, leads=code in talk.represents)
    buttons += (
        tap(talk.say("button.how_often"), "digest.freq", network=code),
        tap(talk.say("button.network_more"), "network.more", network=code),
        tap(talk.say("button.leave"), "network.leave", style="quiet", network=code),
    )
    goal = row.goal_en if talk.lang == "en" else row.goal_th
    return Card(title=talk.book.name(row, talk.lang), body=goal, lines=lines, buttons=buttons)


def show(talk: Talk) -> Outcome:
    """On demand: a representative sees the network's cases by list, a member its summary."""
    code = talk.incoming.data.get("network", "")
    if code not in talk.book.networks:
        return talk.answer("stale.network")
    member = rows.membership(talk.unit, code, talk.person.id)
    if code not in talk.represents and (member is None or member.state != Member.ACTIVE):
        return Outcome([_introduction(talk, code)])
    which = talk.incoming.data.get("list")
    if which not in digests.LISTS:
        summary = digests.on_demand(talk, code, talk.person)
        return Outcome([*summary, *_health(talk, code)])
    found = digests.collect(talk, code, digests.start(talk))[which]
    title = talk.say(f"digest.list_{which}", n=len(found))
    if not found:
        return talk.answer("list.empty", name=talk.say(f"digest.{which}"))
    return Outcome([Text(title), Cards(tuple(_public(talk, case) for case in found[:MOST_CARDS]), alt=title)])


def _health(talk: Talk, code: str) -> list[Message]:
    """One line for representatives: how the network is woven, and what most needs care now."""
    if code not in talk.represents:
        return []
    view = View(talk.unit, talk.book, code, talk.now)
    if not view.ties:
        return []
    worst = network_health.worst(view.signals)
    care = talk.say(f"health.{worst.cause}") if worst else talk.say("health.fine")
    return [Text(f"{talk.say(f'stage.{view.shape.stage}')} {care}")]


def _public(talk: Talk, case: Case) -> Card:
    """What a representative may see of somebody's case: masked words, place, who has it, until when."""
    follow = tap(talk.say("button.follow"), "case.follow", case=case.code)
    more: tuple[Button, ...] = (sorting.button(talk, case),) if case.network in talk.represents else ()
    more += lending.button(talk, case, talk.lang) if case.network in talk.represents else ()
    return cards.for_citizen(talk, case, talk.lang, buttons=(follow, *more))


def check_in(talk: Talk) -> Outcome:
    """The answer to a follow-up: yes, not yet, or no."""
    ref, answer = talk.incoming.data.get("ref", ""), talk.incoming.data.get("a", "")
    if ref.startswith("step-"):
        return membership.answer_step(talk, ref, answer)
    if ref.startswith(member_news.REF):
        return membership.answer_news(talk, ref.removeprefix(member_news.REF), answer)
    if answer not in membership.CHECKED:
        return talk.answer("stale.case")
    found = case_rows.check_in(talk.unit, ref)
    if found is not None and found.person_id == talk.person.id:
        if found.answered_at is not None:
            return talk.answer("checkin.already")
        return membership.answer_check_in(talk, found, answer)
    return talk.answer("stale.case")
