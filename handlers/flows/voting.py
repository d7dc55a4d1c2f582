"""A member in a joint decision: one statement at a time, reasons, statements of her own, how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.flows.keys import number, whole
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Message, Text, tap, with_quick
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import consensus
from handlers.services import ballots, calls, closing, decisions
from handlers.talk import Outcome, Talk
from store.models import Person, Poll, Statement
from store.queries import decisions as rows
from store.queries import networks
from store.words import Purpose

WORDS_FOR = timedelta(minutes=30)
"""How long the next words still belong to the question that was asked."""
MOST_LETTERS = 300


def poll_of(talk: Talk, poll_id: int) -> Poll | None:
    """The decision, if the speaker belongs to its network; drafts are seen by nobody else."""
    poll = rows.look_up(talk.unit, poll_id)
    if poll is None or poll.state == "draft" or poll.network not in talk.book.networks:
        return None
    return poll if networks.active(talk.unit, poll.network, talk.person.id) else None


def _statement_of(talk: Talk, poll: Poll, statement_id: int) -> Statement | None:
    one = rows.statement(talk.unit, statement_id)
    return one if one is not None and one.poll_id == poll.id else None


def vote(talk: Talk) -> Outcome:
    """One tap, one answer; the next statement follows. Changed until the close, never afterwards."""
    poll = poll_of(talk, number(talk, "poll"))
    answer = talk.incoming.data.get("a", "")
    one = _statement_of(talk, poll, number(talk, "statement")) if poll else None
    if poll is None or one is None or answer not in consensus.ANSWERS:
        return talk.answer("stale.poll")
    if not decisions.is_open(poll, talk.now):
        return _closed(talk, poll)
    if one.state != "shown":
        return _go_on(talk, poll, [Text(talk.say("vote.changed_text"))], ())
    before = decisions.vote(talk, poll, one, talk.person, answer)
    calls.note(talk, closing.about(poll), talk.person)
    said: list[Message] = []
    if before not in (None, answer):
        said = [Text(talk.say("vote.changed", answer=talk.say(f"button.{answer}")))]
    return _go_on(talk, poll, said, _why_button(talk, one, answer))


def _why_button(talk: Talk, one: Statement, answer: str) -> tuple[Button, ...]:
    """Reasons are welcome, not demanded: the button stands beside the next statement."""
    if answer != consensus.DISAGREE:
        return ()
    return (tap(talk.say("button.why_not"), "poll.why", poll=one.poll_id, statement=one.id),)


def _go_on(talk: Talk, poll: Poll, said: list[Message], quick: tuple[Button, ...]) -> Outcome:
    """The next statement, or thanks when there is none."""
    following = ballots.next_statement(talk, poll, talk.person)
    if following is not None:
        return Outcome([*said, replace(following, quick=quick)], asked=None)
    return Outcome(with_quick([*said, _all_answered(talk, poll)], quick), asked=None)


def _all_answered(talk: Talk, poll: Poll) -> Card:
    closes = moment(decisions.current(poll).closes_at, talk.now, talk.book.zone, talk.lang)
    buttons = (
        tap(talk.say("button.poll_standing"), "poll.show", style="main", poll=poll.id),
        tap(talk.say("button.poll_add"), "poll.add", poll=poll.id),
    )
    return Card(
        title=talk.say("vote.all"),
        body=talk.say("vote.all_body", closes=closes),
        buttons=buttons,
        tone="good",
    )


def _closed(talk: Talk, poll: Poll) -> Outcome:
    if poll.state == "closed":
        return Outcome([Text(talk.say("vote.closed")), *ballots.result(talk, poll, talk.lang)][:5])
    return talk.answer("vote.between")


def show(talk: Talk) -> Outcome:
    """The result, or how it stands for what she has answered, and the next statement."""
    poll = poll_of(talk, number(talk, "poll"))
    if poll is None:
        return talk.answer("stale.poll")
    if poll.state == "closed":
        return Outcome(ballots.result(talk, poll, talk.lang))
    if not decisions.is_open(poll, talk.now):
        return talk.answer("vote.between")
    messages: list[Message] = [
        ballots.question(talk, poll, talk.lang),
        ballots.standing(talk, poll, talk.person),
    ]
    following = ballots.next_statement(talk, poll, talk.person)
    if following is not None:
        return Outcome([*messages, following])
    add = tap(talk.say("button.poll_add"), "poll.add", poll=poll.id)
    return Outcome(with_quick(messages, (add, *_own_answers(talk, poll))))


def _own_answers(talk: Talk, poll: Poll) -> tuple[Button, ...]:
    """A way back to each statement, to change an answer."""
    return tuple(
        tap(
            shorten(talk.say("button.vote_again", text=one.text), 20),
            "poll.again",
            poll=poll.id,
            statement=one.id,
        )
        for one in decisions.shown(poll)[:9]
    )


def again(talk: Talk) -> Outcome:
    """One statement once more, to change an answer."""
    poll = poll_of(talk, number(talk, "poll"))
    one = _statement_of(talk, poll, number(talk, "statement")) if poll else None
    if poll is None or one is None or one.state != "shown":
        return talk.answer("stale.poll")
    if not decisions.is_open(poll, talk.now):
        return _closed(talk, poll)
    place = [s.id for s in decisions.shown(poll)].index(one.id)
    left = len(decisions.shown(poll)) - place
    return Outcome([ballots.statement(talk, poll, one, talk.person, left)])


def why(talk: Talk) -> Outcome:
    """Ask for her reason; only who disagrees has one to give."""
    poll = poll_of(talk, number(talk, "poll"))
    one = _statement_of(talk, poll, number(talk, "statement")) if poll else None
    if poll is None or one is None:
        return talk.answer("stale.poll")
    if not decisions.is_open(poll, talk.now):
        return _closed(talk, poll)
    if rows.votes_of(talk.unit, poll.id, talk.person.id).get(one.id) != consensus.DISAGREE:
        return talk.answer("vote.why_only")
    words = talk.say("vote.why", text=shorten(one.text, 200))
    return Outcome([Text(words, quick=(_cancel(talk),))], asked=_asked(talk, "poll.why", poll, one))


def add(talk: Talk) -> Outcome:
    """Ask for a statement of her own."""
    poll = poll_of(talk, number(talk, "poll"))
    if poll is None:
        return talk.answer("stale.poll")
    if not decisions.is_open(poll, talk.now):
        return _closed(talk, poll)
    if _too_many(talk, poll):
        return talk.answer("vote.add_enough")
    return Outcome([Text(talk.say("vote.add"), quick=(_cancel(talk),))], asked=_asked(talk, "poll.add", poll))


def _too_many(talk: Talk, poll: Poll) -> bool:
    mine = rows.added_by(talk.unit, poll.id, talk.person.id)
    return len(poll.statements) >= decisions.MOST_STATEMENTS or (
        mine >= decisions.MOST_OF_ONE and poll.network not in talk.represents
    )


def _asked(talk: Talk, do: str, poll: Poll, one: Statement | None = None) -> dict[str, str]:
    statement = {"statement": str(one.id)} if one else {}
    return {"do": do, "poll": str(poll.id), "at": talk.now.isoformat(), **statement}


def _cancel(talk: Talk) -> Button:
    return tap(talk.say("button.not_now"), "ask.cancel")


# --- words that a button asked for


def words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """Her reason or her statement; None when too much time has passed for it to be one."""
    if talk.now - datetime.fromisoformat(asked["at"]) > WORDS_FOR:
        return None
    poll = poll_of(talk, whole(asked["poll"]))
    if poll is None or not decisions.is_open(poll, talk.now):
        return Outcome([Text(talk.say("vote.closed"))], asked=None)
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("vote.type")
    text = talk.incoming.text.strip()
    if len(text) > MOST_LETTERS:
        return talk.answer("vote.too_long", most=MOST_LETTERS)
    return _reason(talk, poll, asked, text) if asked["do"] == "poll.why" else _own(talk, poll, text)


def _reason(talk: Talk, poll: Poll, asked: dict[str, str], text: str) -> Outcome:
    one = _statement_of(talk, poll, whole(asked["statement"]))
    if one is None or one.state != "shown":
        return _go_on(talk, poll, [Text(talk.say("vote.changed_text"))], ())
    decisions.object_to(talk, poll, one, talk.person, text, talk.incoming.message_id)
    return _go_on(talk, poll, [Text(talk.say("vote.why_kept"))], ())


def _own(talk: Talk, poll: Poll, text: str) -> Outcome:
    """A statement of a member is read by the representative before others see it."""
    if _too_many(talk, poll):
        return Outcome([Text(talk.say("vote.add_enough"))], asked=None)
    mine = poll.network in talk.represents
    state = "shown" if mine else "waiting"
    one = decisions.say(talk, poll, talk.person, text, talk.incoming.message_id, state=state)
    if mine:
        return Outcome([Text(talk.say("vote.added"))], asked=None)

    def build(person: Person) -> list[Message]:
        return [for_reading(poll, one, person)]

    calls.to_representatives(talk, poll.network, build, Purpose.DECISION, f"statement-{one.id}")
    return Outcome([Text(talk.say("vote.add_sent"))], asked=None)


def for_reading(poll: Poll, one: Statement, person: Person) -> Card:
    """To the representative: one tap shows a member's statement to everyone, one does not."""
    lang = person.language
    buttons = tuple(
        tap(say(lang, f"button.{name}"), "poll.allow", poll=poll.id, statement=one.id, ok=ok)
        for name, ok in (("allow", "1"), ("not_allow", "0"))
    )
    return Card(
        title=shorten(one.text, 400),
        body=say(lang, "poll.read", question=shorten(poll.question, 200)),
        buttons=buttons,
        badge=say(lang, "poll.read_badge"),
    )
