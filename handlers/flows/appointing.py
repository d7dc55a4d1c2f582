"""Who leads a network next: role, member, length, each by a tap; the member says yes or no; the network may decide."""

from __future__ import annotations

from handlers.flows import proposing
from handlers.flows.keys import number
from handlers.messages.neutral import Button, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import terms
from handlers.services import appointments, ballots, calls, closing, decisions
from handlers.talk import Outcome, Talk
from store.models import Appointment, Membership
from store.queries import appointments as rows
from store.queries import members
from store.words import LEADS, Member

MOST_BUTTONS = 12


def begin(talk: Talk) -> Outcome:
    """For which network? Only those she may appoint for, by her office or as its representative."""
    codes = [code for code in talk.book.networks if _may(talk, code)]
    if not codes:
        return talk.answer("lead.not_yours")
    if len(codes) == 1:
        talk.incoming.data["network"] = codes[0]
        return new(talk)
    buttons = [
        tap(shorten(appointments.network_name(talk, code, talk.lang), 20), "lead.new", network=code)
        for code in codes[:MOST_BUTTONS]
    ]
    return Outcome([Text(talk.say("lead.which"), quick=tuple(buttons))])


def _may(talk: Talk, network: str) -> bool:
    return network in talk.book.networks and (
        network in talk.represents or appointments.may_name(talk, network)
    )


def new(talk: Talk) -> Outcome:
    """Role, then member, then how long: what the button does not know yet is asked."""
    data = talk.incoming.data
    network, role = data.get("network", ""), data.get("role", "")
    if not _may(talk, network):
        return talk.answer("lead.not_yours")
    refused = "" if appointments.may_name(talk, network) else proposing.refusal(talk, network)
    if refused:
        return Outcome([Text(f"{refused}\n{talk.say('lead.ask_office')}")])
    if role not in LEADS:
        return _choose(talk, "lead.what", [(talk.say(f"lead.role_{one}"), {"role": one}) for one in LEADS])
    member = _candidate(talk, network, role, number(talk, "member"))
    if member is None:
        return _who(talk, network, role)
    months = number(talk, "months")
    if months not in terms.MONTHS:
        offered = [(talk.say("lead.months", n=n), {"months": str(n)}) for n in terms.MONTHS]
        return _choose(talk, "lead.how_long", offered)
    return _ask(talk, member, role, months)


def _choose(talk: Talk, key: str, offered: list[tuple[str, dict[str, str]]]) -> Outcome:
    """The next question; its buttons carry what was chosen before."""
    kept = {k: v for k, v in talk.incoming.data.items() if k in ("network", "role", "member", "after")}
    buttons = tuple(tap(shorten(label, 20), "lead.new", **{**kept, **more}) for label, more in offered)
    return Outcome([Text(talk.say(key), quick=buttons[:MOST_BUTTONS])])


def _candidate(talk: Talk, network: str, role: str, chosen: int) -> Membership | None:
    found = appointments.candidates(talk, network, role)
    return next((member for member in found if member.id == chosen), None)


def _who(talk: Talk, network: str, role: str) -> Outcome:
    found = appointments.candidates(talk, network, role)
    if not found:
        show = tap(talk.say("button.directory"), "dir.show", network=network)
        return Outcome([Text(talk.say("lead.nobody"), quick=(show,))])
    return _choose(talk, "lead.who", [(m.shown_name, {"member": str(m.id)}) for m in found])


def _ask(talk: Talk, member: Membership, role: str, months: int) -> Outcome:
    joint = not appointments.may_name(talk, member.network)
    after = members.member(talk.unit, number(talk, "after"))
    if after is not None and (after.network != member.network or after.role not in LEADS):
        after = None
    appointments.ask(talk, member, role, months, talk.person, joint=joint, after=after)
    key = "lead.asked_joint" if joint else "lead.asked"
    return talk.answer(key, who=member.shown_name, role=talk.say(f"lead.role_{role}"))


# --- the member's answer


def _mine(talk: Talk) -> tuple[Appointment, Membership] | None:
    """The appointment behind the button, if it is the speaker's and she is a member still."""
    made = rows.by_ref(talk.unit, talk.incoming.data.get("ref", ""))
    member = members.member(talk.unit, made.membership_id) if made is not None else None
    if made is None or member is None or member.person_id != talk.person.id or member.state != Member.ACTIVE:
        return None
    return made, member


def answer(talk: Talk) -> Outcome:
    """One tap; no reason is asked for a no."""
    found, said = _mine(talk), talk.incoming.data.get("a")
    if found is None or said not in ("yes", "no"):
        return talk.answer("stale.button")
    made, _member = found
    if made.state != "asked":
        return talk.answer("checkin.already" if made.answered_at else "stale.button")
    if said == "no":
        appointments.decline(talk, made)
        return talk.answer("lead.you_declined")
    made.answered_at = talk.now
    return _to_decision(talk, *found) if made.joint else _begins(talk, made)


def _begins(talk: Talk, made: Appointment) -> Outcome:
    """She leads from now on; the one question left is whether the public page may name her."""
    appointments.take_office(talk, made)
    role, name = _words(talk, made)
    until = appointments.last_day(talk, made.until, talk.lang)
    welcome = Text(talk.say("lead.begun", role=role, name=name, until=until))
    asks = appointments.public_question(made, talk.lang)
    waiting: list[Message] = list(appointments.hand_over(talk, made, talk.person))
    return Outcome([welcome, *waiting[:2], asks])


def _words(talk: Talk, made: Appointment) -> tuple[str, str]:
    return talk.say(f"lead.role_{made.role}"), appointments.network_name(talk, made.network, talk.lang)


def _to_decision(talk: Talk, made: Appointment, member: Membership) -> Outcome:
    """With her yes the members are asked, as in any joint decision."""
    asker = next(iter(rows.people_of(talk.unit, [made.asked_by])), None)
    refused = proposing.refusal(talk, made.network)
    if refused or asker is None:
        made.state, made.ended_at = "void", talk.now
        return talk.answer("lead.not_now")
    role, name = _words(talk, made)
    until = appointments.last_day(talk, made.until, talk.lang)
    poll = decisions.draft(talk, asker, made.network, None)
    poll.question = talk.say("lead.poll", who=member.shown_name, role=role, name=name)
    poll.background = talk.say("lead.poll_why", until=until)
    words = talk.say("lead.poll_statement", who=member.shown_name, role=role, until=until)
    decisions.say(talk, poll, asker, words, None)
    decisions.open_round(talk, poll)
    made.state, made.poll_id = "deciding", poll.id
    calls.note(talk, closing.about(poll), talk.person)
    closing.invite(talk, poll)
    first = ballots.next_statement(talk, poll, talk.person)
    said: list[Message] = [Text(talk.say("lead.you_agreed", role=role))]
    return Outcome([*said, first] if first else said)


def public(talk: Talk) -> Outcome:
    """Whether the network's public page names her; she may change her mind by the same buttons."""
    found, said = _mine(talk), talk.incoming.data.get("a")
    if found is None or found[0].state != "held" or found[1].role not in LEADS or said not in ("yes", "no"):
        return talk.answer("stale.button")
    found[1].named_public = said == "yes" and bool(found[1].shown_name)
    return talk.answer("lead.shown" if found[1].named_public else "lead.hidden")


def button(talk: Talk, network: str) -> tuple[Button, ...]:
    """The way in, for those who may."""
    return (tap(talk.say("button.lead_new"), "lead.new", network=network),) if _may(talk, network) else ()


TAPS = {"lead.new": new, "lead.answer": answer, "lead.public": public}
COMMANDS = {"word.lead": begin}
