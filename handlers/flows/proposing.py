"""A representative leads a joint decision: prepares, opens, reads statements, amends, promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.flows.keys import instant, number, stale, whole
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day, moment
from handlers.rules import conditions, consensus
from handlers.services import ballots, calls, closing, decisions
from handlers.services.charters import conditions_of
from handlers.talk import Outcome, Talk
from nlp import mask, read_when
from store.models import Poll
from store.queries import cases as case_rows
from store.queries import decisions as rows
from store.queries import people
from store.words import Purpose

MOST_FIRST = 20
"""Statements a representative may begin with; members add theirs."""
_LIMITS = {"question": 200, "background": 1200, "statement": 300, "what": 300, "who": 100, "note": 1000}


def _mine(talk: Talk, poll_id: int, *states: str) -> Poll | None:
    """The decision, if the speaker represents its network and it is in one of the states."""
    poll = rows.poll(talk.unit, poll_id)
    if poll is None or poll.network not in talk.represents or poll.network not in talk.book.networks:
        return None
    return poll if poll.state in states and _hers(talk, poll) else None


def _nothing(talk: Talk) -> Outcome:
    """A button that has had its time, or one of somebody else's decision."""
    poll = rows.look_up(talk.unit, number(talk, "poll"))
    mine = poll is not None and poll.network in talk.represents and _hers(talk, poll)
    return talk.answer("stale.button" if mine else "stale.poll")


def _hers(talk: Talk, poll: Poll) -> bool:
    """A draft belongs to who writes it; what is open belongs to every representative."""
    return poll.state != "draft" or poll.person_id == talk.person.id


def _step(
    talk: Talk,
    step: str,
    poll: Poll,
    key: str,
    *buttons: Button,
    blanks: dict[str, str] | None = None,
    **more: str,
) -> Outcome:
    """Ask the next thing; the next words are taken for it. ``blanks`` fill the question, ``more`` is remembered."""
    asked = {"do": "poll.new", "step": step, "poll": str(poll.id), "at": talk.now.isoformat(), **more}
    return Outcome([Text(talk.say(key, **(blanks or {})), quick=(*buttons, _cancel(talk)))], asked=asked)


def _cancel(talk: Talk) -> Button:
    return tap(talk.say("button.cancel"), "ask.cancel")


# --- preparing


def new(talk: Talk) -> Outcome:
    """Begin a joint decision, if the network may decide and the speaker represents it."""
    network = talk.incoming.data.get("network", "")
    if network not in talk.book.networks or network not in talk.represents:
        return talk.answer("poll.only_representatives")
    refused = refusal(talk, network)
    if refused:
        return Outcome([Text(refused)])
    code = talk.incoming.data.get("case")
    case = case_rows.by_code(talk.unit, code) if code else None
    if code and (case is None or case.network != network):
        return talk.answer("stale.case")
    return _step(talk, "question", decisions.draft(talk, talk.person, network, case), "poll.ask_question")


def refusal(talk: Talk, network: str) -> str:
    """Why the network may not decide now; empty when it may."""
    found = conditions.missing(conditions_of(talk, network))
    if found:
        named = "\n".join(f"• {talk.say(f'condition.{name}')}" for name in found)
        return talk.say("poll.not_yet", list=named)
    alive = rows.of_network(talk.unit, network, rows.ALIVE)
    return talk.say("poll.enough", n=len(alive)) if len(alive) >= decisions.MOST_OPEN else ""


def words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """The answer to the bot's question; None when the question is no longer hers."""
    if stale(talk, asked):
        return None
    if asked["step"] == "kept":
        return _kept_words(talk, asked)
    poll = _mine(talk, whole(asked["poll"]), "draft", "revising", "closed")
    if poll is None:
        return None
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("vote.type")
    text, step = talk.incoming.text.strip(), asked["step"]
    if len(text) > _LIMITS.get(step, 300):
        return talk.answer("vote.too_long", most=_LIMITS.get(step, 300))
    return _STEPS[step](talk, poll, asked, text)


def _question(talk: Talk, poll: Poll, _asked: dict[str, str], text: str) -> Outcome:
    poll.question = mask(text)
    skip = tap(talk.say("button.skip"), "poll.skip", poll=poll.id)
    return _step(talk, "background", poll, "poll.ask_background", skip)


def _background(talk: Talk, poll: Poll, _asked: dict[str, str], text: str) -> Outcome:
    poll.background = mask(text)
    return _step(talk, "statement", poll, "poll.ask_statement")


def skip(talk: Talk) -> Outcome:
    """Background is wished for, not forced."""
    poll = _mine(talk, number(talk, "poll"), "draft")
    if poll is None or not poll.question:
        return _nothing(talk)
    return _step(talk, "statement", poll, "poll.ask_statement")


def _statement(talk: Talk, poll: Poll, _asked: dict[str, str], text: str) -> Outcome:
    if poll.state != "draft":
        return Outcome([Text(talk.say("stale.poll"))], asked=None)
    if text in {one.text for one in decisions.shown(poll)}:
        return talk.answer("poll.same_statement")
    decisions.say(talk, poll, talk.person, text, talk.incoming.message_id)
    if len(decisions.shown(poll)) >= MOST_FIRST:
        return _preview(talk, poll)
    enough = tap(talk.say("button.preview"), "poll.preview", poll=poll.id)
    return _step(talk, "statement", poll, "poll.ask_more", enough)


def more(talk: Talk) -> Outcome:
    """Another statement, from the preview."""
    poll = _mine(talk, number(talk, "poll"), "draft")
    if poll is None or not poll.question:
        return _nothing(talk)
    return _step(talk, "statement", poll, "poll.ask_statement")


def preview(talk: Talk) -> Outcome:
    poll = _mine(talk, number(talk, "poll"), "draft")
    if poll is None or not poll.question:
        return _nothing(talk)
    return _preview(talk, poll)


def _preview(talk: Talk, poll: Poll) -> Outcome:
    """Everything as members will see it, and one tap to open it."""
    card = ballots.question(talk, poll, talk.lang)
    listed = "\n".join(f"{i}. {one.text}" for i, one in enumerate(decisions.shown(poll), start=1))
    buttons = (
        tap(talk.say("button.poll_start"), "poll.start", style="main", poll=poll.id),
        tap(talk.say("button.poll_more"), "poll.more", poll=poll.id),
        tap(talk.say("button.cancel"), "poll.drop", style="quiet", poll=poll.id),
    )
    titled = Card(title=talk.say("poll.preview"), body=shorten(listed, 1500), buttons=buttons)
    return Outcome([card, titled], asked=None)


def drop(talk: Talk) -> Outcome:
    poll = _mine(talk, number(talk, "poll"), "draft")
    if poll is None:
        return _nothing(talk)
    rows.drop_drafts(talk.unit, poll.network, talk.person.id)
    return Outcome([Text(talk.say("chat.cancelled"))], asked=None)


# --- opening


def start(talk: Talk) -> Outcome:
    """Open the draft, or the next round: members are asked, the representative first of all."""
    poll = _mine(talk, number(talk, "poll"), "draft", "revising")
    if poll is None or not decisions.shown(poll):
        return _nothing(talk)
    refused = refusal(talk, poll.network) if poll.state == "draft" else ""
    if refused:
        return Outcome([Text(refused)], asked=None)
    opened = decisions.open_round(talk, poll)
    calls.note(talk, closing.about(poll), talk.person)
    closing.invite(talk, poll)
    closes = moment(opened.closes_at, talk.now, talk.book.zone, talk.lang)
    said: list[Message] = [Text(talk.say("poll.opened", closes=closes))]
    first = ballots.next_statement(talk, poll, talk.person)
    return Outcome([*said, first] if first else said, asked=None)


# --- statements of members, and amended ones


def allow(talk: Talk) -> Outcome:
    """Show a member's statement to everyone, or not; its writer is told kindly when not."""
    poll = _mine(talk, number(talk, "poll"), "open", "revising")
    one = rows.statement(talk.unit, number(talk, "statement"))
    ok = talk.incoming.data.get("ok")
    if poll is None or one is None or one.poll_id != poll.id or ok not in ("0", "1"):
        return talk.answer("stale.poll")
    if one.state != "waiting":
        return talk.answer("poll.read_already")
    one.state = "shown" if ok == "1" else "refused"
    if ok == "1":
        return talk.answer("poll.allowed")
    for writer in people.by_ids(talk.unit, [one.person_id] if one.person_id else []):
        told = Text(say(writer.language, "poll.refused_writer", text=shorten(one.text, 200)))
        due = talk.book.next_allowed(talk.now)
        talk.post.send(writer, [told], Purpose.DECISION, once=f"refused-{one.id}", due_at=due)
    return talk.answer("poll.refused")


def revise(talk: Talk) -> Outcome:
    """Ask for the new wording of a statement between two rounds."""
    poll = _mine(talk, number(talk, "poll"), "revising")
    one = rows.statement(talk.unit, number(talk, "statement"))
    if poll is None or one is None or one.poll_id != poll.id or one.state != "shown":
        return _nothing(talk)
    blanks = {"text": shorten(one.text, 300)}
    return _step(talk, "revised", poll, "poll.ask_revised", blanks=blanks, statement=str(one.id))


def _revised(talk: Talk, poll: Poll, asked: dict[str, str], text: str) -> Outcome:
    old = rows.statement(talk.unit, whole(asked["statement"]))
    if poll.state != "revising" or old is None or old.state != "shown":
        return Outcome([Text(talk.say("stale.poll"))], asked=None)
    decisions.say(talk, poll, talk.person, text, talk.incoming.message_id, replaces=old)
    said = Text(talk.say("poll.revised"))
    return Outcome([said, *closing.revision(talk, poll, talk.lang)][:5], asked=None)


# --- what will be done


def promise(talk: Talk) -> Outcome:
    """Ask what will be done, then by whom, then by when."""
    poll = _mine(talk, number(talk, "poll"), "closed")
    if poll is None or poll.outcome != consensus.AGREED:
        return _nothing(talk)
    return _step(talk, "what", poll, "promise.ask_what")


def _what(talk: Talk, poll: Poll, _asked: dict[str, str], text: str) -> Outcome:
    book = talk.book
    case = case_rows.by_id(talk.unit, poll.case_id) if poll.case_id else None
    codes = dict.fromkeys([case.lead if case else None, book.networks[poll.network].integrator])
    names = [book.agency_name(code, talk.lang) for code in codes if code in book.agencies]
    names.append(talk.say("promise.members"))
    return _step(
        talk, "who", poll, "promise.ask_who", *(Button(shorten(n, 20), "say") for n in names), what=text
    )


def _who(talk: Talk, poll: Poll, asked: dict[str, str], text: str) -> Outcome:
    buttons = tuple(
        tap(talk.say("button.in_days", n=days), "poll.due", poll=poll.id, at=_in_days(talk, days).isoformat())
        for days in (7, 14, 30)
    )
    return _step(talk, "due", poll, "promise.ask_due", *buttons, what=asked["what"], who=text)


def _in_days(talk: Talk, days: int) -> datetime:
    """The end of working time on that day."""
    local = (talk.now + timedelta(days=days)).astimezone(talk.book.zone)
    return local.replace(hour=17, minute=0, second=0, microsecond=0)


def due(talk: Talk) -> Outcome:
    """The date by a button."""
    asked = talk.conversation.asked or {}
    poll = _mine(talk, number(talk, "poll"), "closed")
    at = instant(talk, "at")
    if poll is None or at is None or asked.get("step") != "due" or asked.get("poll") != str(poll.id):
        return talk.answer("stale.button")
    return _promised(talk, poll, asked, at)


def _due(talk: Talk, poll: Poll, asked: dict[str, str], text: str) -> Outcome:
    found = read_when(text, talk.now.astimezone(talk.book.zone))
    if found is None:
        return talk.answer("when.unread")
    return _promised(talk, poll, asked, found.at if found.has_time else found.at.replace(hour=17))


def _promised(talk: Talk, poll: Poll, asked: dict[str, str], at: datetime) -> Outcome:
    if not talk.now < at < talk.now + timedelta(days=3 * 365):
        return talk.answer("when.past")
    made = decisions.promise(talk, poll, asked["what"], asked["who"], at)
    buttons = (
        tap(talk.say("button.tell_all"), "poll.tell", style="main", poll=poll.id),
        tap(talk.say("button.promise_more"), "poll.promise", poll=poll.id),
    )
    lines = (
        Line(talk.say("promise.who"), shorten(made.who, 100)),
        Line(talk.say("promise.due"), day(at, talk.now, talk.book.zone, talk.lang)),
    )
    card = Card(title=shorten(made.what, 300), lines=lines, buttons=buttons, badge=talk.say("promise.badge"))
    return Outcome([card], asked=None)


def tell(talk: Talk) -> Outcome:
    """Send the result to every member now."""
    poll = _mine(talk, number(talk, "poll"), "closed")
    if poll is None:
        return _nothing(talk)
    if poll.told_at is not None:
        return talk.answer("poll.told_already")
    calls.note(talk, f"result-{poll.id}", talk.person, asks=False)
    closing.tell(talk, poll)
    return talk.answer("poll.told")


def kept(talk: Talk) -> Outcome:
    """The promise was kept (then: what was done, in her words), or not yet."""
    promised = rows.promise(talk.unit, number(talk, "promise"))
    ok = talk.incoming.data.get("ok")
    if promised is None or promised.network not in talk.represents or ok not in ("0", "1"):
        return talk.answer("stale.poll")
    if promised.ended_at is not None:
        return talk.answer("promise.already")
    if ok == "0":
        if talk.now > promised.due_at:
            promised.state = "broken"
        return talk.answer("promise.not_yet")
    asked = {"do": "poll.new", "step": "kept", "promise": str(promised.id), "at": talk.now.isoformat()}
    return Outcome([Text(talk.say("promise.how"), quick=(_cancel(talk),))], asked=asked)


def _kept_words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    promised = rows.promise(talk.unit, whole(asked["promise"]))
    if promised is None or promised.network not in talk.represents or promised.ended_at is not None:
        return None
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("vote.type")
    if len(talk.incoming.text) > _LIMITS["note"]:
        return talk.answer("vote.too_long", most=_LIMITS["note"])
    decisions.fulfil(talk, promised, talk.incoming.text)
    poll = rows.look_up(talk.unit, promised.poll_id)
    if poll is not None:
        calls.note(talk, f"kept-{promised.id}", talk.person, asks=False)
        closing.tell_kept(talk, promised, poll)
    return Outcome([Text(talk.say("promise.kept"))], asked=None)


_STEPS: dict[str, Callable[[Talk, Poll, dict[str, str], str], Outcome]] = {
    "question": _question,
    "background": _background,
    "statement": _statement,
    "revised": _revised,
    "what": _what,
    "who": _who,
    "due": _due,
}
