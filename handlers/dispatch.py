"""Who is speaking, and what is open? → the flow that answers; then answer and state are saved together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.flows import (
    by_bridge,
    by_mail,
    citizen,
    drafts,
    free_words,
    groups,
    handover,
    helping,
    language,
    lending,
    looking,
    meeting,
    membership,
    network_doors,
    office,
    official,
    opening,
    promise,
    replying,
    report,
    same,
    self_service,
    sorting,
    speaking,
    teaching,
    thoughts,
    together,
    welcome,
    writing,
)
from handlers.flows.drafts import Draft
from handlers.house import House
from handlers.incoming import Incoming, Kind
from handlers.messages.neutral import Message, Text
from handlers.messages.texts import words
from handlers.rules.codes import find_code
from handlers.rules.invites import read_code
from handlers.services import people, privacy, telling
from handlers.services.outbox import Post, Reply
from handlers.talk import KEEP, Outcome, Scene, Talk
from nlp import normalise
from store import Unit
from store.words import Purpose

Flow = Callable[[Talk], Outcome]

MOST_OF_A_CODE = 14
WAITS_FOR_WORDS = timedelta(hours=12)
"""How long what an official types is taken for what a button asked for; a photo is so at any time."""
_FROM_ELSEWHERE = {Kind.MAIL: by_mail.answer, Kind.HINT: by_bridge.hinted, Kind.READING: by_bridge.read}


def decide(house: House, unit: Unit, incoming: Incoming, now: datetime, inbox_id: int | None = None) -> None:
    """Take one event to its end inside one unit of work: state, cases and outbox change together."""
    machine = house.clock()
    incoming = clean(incoming)
    if incoming.kind in _FROM_ELSEWHERE:
        told = json.loads(incoming.data[incoming.kind.value])
        _FROM_ELSEWHERE[incoming.kind](Scene(house, unit, now, machine), told)
        return
    if incoming.kind == Kind.UNSEND:
        privacy.unsend(unit, incoming.message_id or "", incoming.user)
        return
    if incoming.standby and incoming.kind not in (Kind.FOLLOW, Kind.UNFOLLOW):
        return  # somebody else holds this chat: a question opened now would wait unseen
    if incoming.group:
        _send(
            Post(unit, house.render, now, machine),
            incoming,
            incoming.group,
            groups.answer(incoming),
            inbox_id,
        )
        return
    if incoming.user is None or incoming.kind == Kind.OTHER:
        return
    person = people.known(unit, incoming.user, now)
    chat = people.conversation(unit, incoming.conversation, now)
    talk = Talk(house, unit, now, machine, incoming, person, chat)
    person.blocked = incoming.kind == Kind.UNFOLLOW  # who writes has not blocked us, even if no follow came
    if person.blocked or incoming.standby:
        return
    language.learn(talk)
    outcome = _flow(talk)
    keep(talk, outcome)
    if incoming.reply_token and not outcome.secret:
        outcome = replace(outcome, messages=telling.ride(talk, person, outcome.messages))
    to = person.line_id or incoming.user
    _send(talk.post, incoming, to, outcome.messages, inbox_id, person.id, outcome.secret)


def clean(incoming: Incoming) -> Incoming:
    """Without what no database keeps: NUL and halves of surrogate pairs."""
    data = {_keepable(key): _keepable(value) for key, value in incoming.data.items()}
    return replace(incoming, text=_keepable(incoming.text), place=_keepable(incoming.place), data=data)


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _send(
    post: Post,
    incoming: Incoming,
    to: str,
    messages: list[Message],
    inbox_id: int | None,
    person_id: int | None = None,
    secret: bool = False,
) -> None:
    """The answer to one's own event goes by reply token."""
    if not messages:
        return
    reply = Reply(incoming.reply_token, incoming.reply_until or 0.0) if incoming.reply_token else None
    row = post.send(to, messages, Purpose.ANSWER, reply=reply, inbox_id=inbox_id, secret=secret)
    if row is not None:
        row.person_id = person_id


def keep(talk: Talk, outcome: Outcome) -> None:
    chat = talk.conversation
    if outcome.draft is not KEEP:
        chat.draft = outcome.draft
    if outcome.asked is not KEEP:
        chat.asked = outcome.asked
    if outcome.focus is not KEEP:
        chat.focus = outcome.focus
    chat.changed_at = talk.now


def _flow(talk: Talk) -> Outcome:
    incoming = talk.incoming
    if incoming.kind == Kind.FOLLOW:
        return welcome.follow(talk)
    code = read_code(incoming.text) if incoming.kind == Kind.TEXT else None
    if code:
        outcome = self_service.invite(talk, code)
        more = welcome.consent_card(talk, "consent.with_role") if talk.person.consent is None else []
        return replace(outcome, messages=[*outcome.messages, *more])
    if incoming.kind == Kind.TAP and incoming.data.get("do") == "consent":
        return welcome.consent(talk)
    if talk.person.consent is None and not _on_duty(talk):
        return welcome.in_words(talk) or welcome.hold(talk)
    if incoming.kind == Kind.TAP:
        return _tapped(talk)
    return _said(talk)


def _on_duty(talk: Talk) -> bool:
    """Somebody with a role does that work before consent too; a report of her own waits for it."""
    if not any(role.runs(talk.now) for role in talk.person.roles):
        return False
    if talk.incoming.kind == Kind.TAP:
        return not talk.incoming.data.get("do", "").startswith(
            ("report.", "me.", "network.join", "behalf.", "said.")
        )
    return bool(talk.conversation.asked) or (
        talk.incoming.kind == Kind.TEXT and _command(talk.incoming.text) is not None
    )


# --- buttons


def _with_draft(step: Callable[[Talk, Draft], Outcome]) -> Flow:
    """A button of a draft: a stale one (another draft, none) changes nothing."""

    def run(talk: Talk) -> Outcome:
        draft = talk.conversation.draft
        told = talk.incoming.data.get("draft")
        if draft is None:
            return Outcome([Text(talk.say("stale.draft"), quick=thoughts.menu_quick(talk))])
        if told is not None and told != draft["id"]:
            return Outcome([Text(talk.say("stale.button")), *drafts.ask(talk, draft)])
        return step(talk, draft)

    return run


def _cancel_question(talk: Talk) -> Outcome:
    return Outcome([Text(talk.say("chat.cancelled"))], asked=None)


def _send_free(talk: Talk) -> Outcome:
    asked = talk.conversation.asked
    if not asked or asked.get("do") != "free":
        return talk.answer("stale.button")
    return free_words.send_free(talk, asked)


TAPS: dict[str, Flow] = {
    "menu": self_service.menu,
    "me.export": self_service.export,
    "me.forget": self_service.forget,
    "report.start": report.start,
    "report.category": _with_draft(report.category),
    "report.confirm": _with_draft(report.confirm),
    "report.cancel": _with_draft(report.cancel),
    "report.skip": _with_draft(report.skip),
    "report.place": _with_draft(report.place),
    "report.second": _with_draft(writing.second),
    "report.problem": _with_draft(thoughts.problem),
    "faq.yes": thoughts.helped,
    "faq.ask": thoughts.ask_official,
    "report.join": same.join,
    "report.apart": _with_draft(same.apart),
    "report.add": _with_draft(report.add),
    "case.track": looking.track,
    "case.show": looking.show,
    "case.follow": citizen.follow,
    "case.unfollow": citizen.unfollow,
    "case.accept": teaching.along(helping.either(helping.accept, promise.after(official.accept))),
    "case.decline": helping.either(helping.decline, handover.decline),
    "case.suggest": handover.suggest,
    "case.plan": teaching.along(promise.plan),
    "case.ask": official.ask,
    "case.answer": replying.begin,
    "case.progress": official.progress,
    "case.done": helping.either(helping.done, official.done),
    "case.invite": official.invite,
    "case.assign": handover.assign,
    "case.category": sorting.category,
    "ask.cancel": _cancel_question,
    "ask.send": _send_free,
    "ask.case": free_words.chosen,
    **office.TAPS,
    "case.lessons": teaching.show,
    "lesson.tell": teaching.tell,
    "lesson.edit": teaching.edit,
    "lesson.publish": teaching.publish,
    "lesson.refuse": teaching.refuse,
    **network_doors.TAPS,
    **together.TAPS,
    **lending.TAPS,
}
ASKED = network_doors.ASKED
"""Questions of networks that wait for words; None from them: it was no answer."""


def _tapped(talk: Talk) -> Outcome:
    flow = TAPS.get(talk.incoming.data.get("do", ""))
    if flow is None:
        return Outcome([Text(talk.say("stale.button"), quick=thoughts.menu_quick(talk))])
    return flow(talk)


# --- words, photos, places


COMMANDS: dict[str, Flow] = {
    "word.menu": self_service.menu,
    "word.help": self_service.help_,
    "word.report": report.start,
    "word.track": looking.track,
    "word.export": self_service.export,
    "word.forget": self_service.forget,
    "word.cancel": lambda talk: _cancel_anything(talk),
    **office.COMMANDS,
    **network_doors.COMMANDS,
}


OF_THE_DESK = ("word.duty",)


def _command(text: str) -> Flow | None:
    said = normalise(text).strip().lower()
    return next((flow for key, flow in COMMANDS.items() if said in words(key)), None)


def _may(talk: Talk, command: Flow) -> bool:
    """ "Away" is a command for those who have a desk; for others it is a word like any."""
    desk = [flow for key, flow in office.COMMANDS.items() if key in OF_THE_DESK]
    return command not in desk or bool(talk.agencies or talk.represents)


def _cancel_anything(talk: Talk) -> Outcome:
    """ "Cancel" closes whatever is open, the latest question first."""
    if talk.conversation.asked:
        return _cancel_question(talk)
    if talk.conversation.draft:
        return report.cancel(talk, talk.conversation.draft)
    return Outcome([Text(talk.say("chat.nothing_open"), quick=thoughts.menu_quick(talk))])


def _said(talk: Talk) -> Outcome:
    """Words, a photo, a place or something odd: the open question first, then the draft, then a new thought."""
    incoming, chat = talk.incoming, talk.conversation
    if incoming.kind == Kind.TEXT:
        command = _command(incoming.text)
        if command is not None and _may(talk, command):
            return command(talk)
        arrived = together.typed_code(talk)
        if arrived is not None:
            return arrived
        if lending.begins(incoming.text):
            return lending.said(talk)
    if chat.asked and not _gone_cold(talk):
        outcome = answered(talk, chat.asked)
        if outcome is not None:
            return outcome
    chat.asked = None
    if chat.draft and incoming.kind == Kind.TEXT and opening.only_code(incoming.text):
        return opening.new_thought(talk)
    if chat.draft:
        return writing.go_on(talk, chat.draft)
    if incoming.kind == Kind.TEXT and lending.offers(incoming.text):
        return lending.said(talk)
    if incoming.kind == Kind.TEXT:
        meant = membership.heard(talk)
        if meant is not None:
            return meant
    if incoming.kind in (Kind.TEXT, Kind.PHOTO, Kind.PLACE):
        outcome = speaking.to_question(talk)
        if outcome is not None:
            return outcome
    return opening.new_thought(talk)


def _gone_cold(talk: Talk) -> bool:
    """Whether an official's words are no answer: half a day after the button, or begun with another case's number."""
    asked, changed = talk.conversation.asked or {}, talk.conversation.changed_at
    if not talk.agencies or talk.incoming.kind != Kind.TEXT or asked.get("do") in ("which", "free"):
        return False
    named = find_code(talk.incoming.text[:MOST_OF_A_CODE])
    other = named is not None and "case" in asked and named != asked["case"]
    return talk.now - changed > WAITS_FOR_WORDS or (other and asked.get("do") in office.OF_ONE_CASE)


def answered(talk: Talk, asked: dict[str, Any]) -> Outcome | None:
    """The open question of a flow; None when this is no answer to it."""
    do = asked.get("do", "")
    if do == "faq":
        return thoughts.replied(talk, asked) if talk.incoming.kind == Kind.TEXT else None
    if do == "free":
        return free_words.more(talk, asked)
    if do in office.ONLY_BUTTONS or (do == "case.photo" and talk.incoming.kind == Kind.TEXT):
        return None
    if do in office.ANSWERS:
        return office.ANSWERS[do](talk, asked)
    if do == "more_after":
        return official.more_after(talk, asked)
    if do == "case.answer":
        return replying.words(talk, asked)
    if do == "intro.card":
        return meeting.words(talk, asked)
    if do == "lesson.words":
        return teaching.words(talk, asked)
    if do in ASKED:
        return ASKED[do](talk, asked) if talk.incoming.kind == Kind.TEXT else None
    if do in ("part.done", "part.decline"):
        return helping.words(talk, asked)
    if do == "case.decline":
        return handover.words(talk, asked)
    if do in ("case.plan", "case.plan.why"):
        return promise.words(talk, asked)
    if do in together.ASKED:
        return together.ASKED[do](talk, asked)
    return official.words(talk, asked)
