"""What the clock does with joint decisions: asks, reminds, closes, tells the result, follows promises up."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.messages.neutral import Card, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import consensus
from handlers.services import appointments, ballots, calls, cases, decisions, notify
from handlers.services.cases import SYSTEM
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Call, Person, Poll, Promise, Round, Statement
from store.queries import calls as call_rows
from store.queries import cases as case_rows
from store.queries import decisions as rows
from store.queries import networks
from store.words import Purpose

DRAFT_FOR = timedelta(days=30)
"""How long a decision that was never opened is kept."""
NEWS_FOR = timedelta(days=14)
"""How long a result or a kept promise is still carried to members who were not reached at once."""
_BROKEN_AFTER = timedelta(days=7)
"""How long after its date a promise without any word counts as broken."""


def run(scene: Scene) -> int:
    """Everything that is due for decisions; the order matters: what closes is not reminded of."""
    done = sum(close(scene, found) for found in rows.rounds_to_close(scene.unit, scene.now))
    done += sum(_between(scene, poll) for poll in rows.being_revised(scene.unit))
    done += _promises(scene)
    done += sum(_late_result(scene, poll) for poll in rows.untold(scene.unit))
    scene.unit.flush()  # what was closed just now must not be found open below
    if not scene.book.quiet(scene.now):
        done += _news(scene) + _invite(scene) + _remind(scene)
    return done


def clean_up(scene: Scene) -> int:
    return rows.drop_old_drafts(scene.unit, scene.now - DRAFT_FOR)


# --- asking


def about(poll: Poll) -> str:
    """The name under which this round's calls are kept."""
    return f"poll-{poll.id}-{decisions.current(poll).number}"


def invite(scene: Scene, poll: Poll) -> int:
    """One push per member and round; whoever wants no news finds the decision under her networks."""
    build = lambda person: ballots.invitation(scene, poll, person)
    return calls.round_up(scene, poll.network, about(poll), build, Purpose.DECISION)


def _invite(scene: Scene) -> int:
    """Members who joined later, were busy with another question, or came in the quiet hours."""
    return sum(
        invite(scene, poll)
        for found, poll in rows.open_rounds(scene.unit)
        if scene.now < found.closes_at and poll.network in scene.book.networks
    )


def _remind(scene: Scene) -> int:
    """Once per round, two days before the close: all open decisions of a person in one push."""
    busy = networks.asked_since(scene.unit, scene.now - calls.APART)
    waiting: dict[int, tuple[Person, list[Poll], list[Call]]] = {}
    for found, poll in rows.open_rounds(scene.unit):
        if not consensus.reminds(found.opened_at, found.closes_at, scene.now):
            continue
        for person, call in call_rows.unanswered(
            scene.unit, poll.network, about(poll), poll.id, calls.AT_ONCE
        ):
            _, polls, noted = waiting.setdefault(person.id, (person, [], []))
            polls.append(poll)
            noted.append(call)
    free = [entry for key, entry in waiting.items() if key not in busy]
    for person, polls, noted in free:
        _remind_one(scene, person, polls, noted)
    scene.unit.flush()
    return len(free)


def _remind_one(scene: Scene, person: Person, polls: list[Poll], noted: list[Call]) -> None:
    for call in noted:
        call.reminded_at = scene.now
    once = f"remind-{noted[0].about}-{person.id}"
    push(scene, person, ballots.reminder(scene, polls, person), Purpose.DECISION, once=once)


# --- closing


def close(scene: Scene, ended: Round) -> int:
    """A round is over: another one about amended statements, or the result."""
    poll = rows.poll(scene.unit, ended.poll_id)
    if poll is None or poll.state != "open":
        return 0
    ended.state, ended.closed_at = "closed", scene.now
    ended.figures = decisions.figures(scene.unit, poll, with_groups=False)
    against = rows.objections(scene.unit, poll.id)
    charter = decisions.rules_of(scene, poll)
    if consensus.another_round(ended.number, charter, len(against), ended.figures["outcome"]):
        poll.state = "revising"
        once = f"revise-{poll.id}-{ended.number}"
        build = lambda person: revision(scene, poll, person.language)
        calls.to_representatives(scene, poll.network, build, Purpose.DECISION, once)
        return 1
    return finish(scene, poll)


def finish(scene: Scene, poll: Poll) -> int:
    """Close for good: figures are frozen, the case hears of it, the representative says what will be done."""
    poll.state, poll.closed_at = "closed", scene.now
    poll.figures = decisions.figures(scene.unit, poll, with_groups=True)
    poll.outcome = poll.figures["outcome"]
    _into_case(scene, poll)
    if appointments.decided(scene, poll.id, poll.outcome == consensus.AGREED):
        tell(scene, poll)
    elif poll.outcome == consensus.AGREED:
        build = lambda person: _what_now(scene, poll, person)
        calls.to_representatives(scene, poll.network, build, Purpose.DECISION, f"what-now-{poll.id}")
    else:
        tell(scene, poll)
    return 1


def _into_case(scene: Scene, poll: Poll) -> None:
    """A decision about a case stands in its public history, and its lead agency sees it."""
    case = case_rows.by_id(scene.unit, poll.case_id) if poll.case_id else None
    if case is None:
        return
    texts = {one.id: one.text for one in poll.statements}
    accepted = [texts[row["id"]] for row in decisions.in_order(poll.figures) if row["agreed"]]
    words = "\n".join([poll.question, *(f"• {text}" for text in accepted)])
    data: dict[str, object] = {"poll": poll.id, "outcome": poll.outcome}
    cases.note(scene, case, "decided", SYSTEM, text=shorten(words, 2000), public=True, data=data)
    if accepted:
        notify.to_agency(scene, case, "headline.decided", words=shorten(words, 1500))


def _what_now(scene: Scene, poll: Poll, person: Person) -> list[Message]:
    """To the representative: the result, and the one question it leaves open."""
    lang = person.language
    buttons = (
        tap(say(lang, "button.promise"), "poll.promise", style="main", poll=poll.id),
        tap(say(lang, "button.tell_now"), "poll.tell", poll=poll.id),
    )
    asks = Card(title=say(lang, "promise.ask"), body=say(lang, "promise.ask_body"), buttons=buttons)
    return [*ballots.result(scene, poll, lang), asks]


def _late_result(scene: Scene, poll: Poll) -> int:
    """The result does not wait for ever for a word on what will be done."""
    if poll.closed_at is None or scene.now < poll.closed_at + consensus.PROMISE_WITHIN:
        return 0
    tell(scene, poll)
    return 1


def tell(scene: Scene, poll: Poll) -> int:
    """The result to every member who wants news; gives how many heard now (a large network takes several passes)."""
    poll.told_at = poll.told_at or scene.now
    build = lambda person: ballots.result(scene, poll, person.language)
    name = f"result-{poll.id}"
    return calls.round_up(scene, poll.network, name, build, Purpose.DECISION, asks=False)


def _news(scene: Scene) -> int:
    since = scene.now - NEWS_FOR
    done = sum(tell(scene, poll) for poll in rows.lately_told(scene.unit, since))
    return done + sum(
        tell_kept(scene, promised, poll) for promised, poll in rows.promises_kept(scene.unit, since)
    )


# --- between two rounds


def revision(scene: Scene, poll: Poll, lang: str) -> list[Message]:
    """To the representative: the reasons against each statement, and one tap to change it."""
    against = decisions.reasons(scene, poll)
    title = shorten(say(lang, "poll.revise_title", question=poll.question), 300)
    until = day(_revise_until(poll, scene.now), scene.now, scene.book.zone, lang)
    shown = [one for one in decisions.shown(poll) if one.id in against][:9]
    start = tap(say(lang, "button.next_round"), "poll.start", style="main", poll=poll.id)
    intro = Card(title=title, body=say(lang, "poll.revise_body", until=until), buttons=(start,), alt=title)
    return [intro, *(_reasons(one, against[one.id], lang) for one in shown[:4])]


def _reasons(one: Statement, against: list[str], lang: str) -> Card:
    said = "\n".join(f"• {shorten(text, 200)}" for text in against[:6])
    change = tap(say(lang, "button.revise"), "poll.revise", statement=one.id, poll=one.poll_id)
    return Card(
        title=shorten(one.text, 300),
        body=say(lang, "poll.reasons", n=len(against), list=said),
        buttons=(change,),
        badge=say(lang, "poll.reasons_badge"),
        tone="warn",
    )


def _revise_until(poll: Poll, now: datetime) -> datetime:
    return (decisions.current(poll).closed_at or now) + consensus.REVISE_WITHIN


def _between(scene: Scene, poll: Poll) -> int:
    """After a week the next round opens with what was changed; with nothing changed the result stands."""
    ended = decisions.current(poll)
    if scene.now < _revise_until(poll, scene.now):
        return 0
    changed = any(
        one.replaces and ended.closed_at and one.created_at >= ended.closed_at
        for one in decisions.shown(poll)
    )
    if not changed:
        return finish(scene, poll)
    decisions.open_round(scene, poll)
    return 1


# --- promises


def _promises(scene: Scene) -> int:
    """The day before: a reminder. On the day: is it done? A week of silence later: broken."""
    done = 0
    for promised in rows.promises_due(scene.unit, scene.now + timedelta(days=1)):
        if scene.now >= promised.due_at + _BROKEN_AFTER:
            promised.state = "broken"
            done += 1
        elif scene.now >= promised.due_at and promised.asked_at is None:
            promised.asked_at = scene.now
            done += _ask_about(scene, promised, "promise.done_yet")
        elif scene.now < promised.due_at and promised.reminded_at is None:
            promised.reminded_at = scene.now
            done += _ask_about(scene, promised, "promise.tomorrow")
    return done


def _ask_about(scene: Scene, promised: Promise, key: str) -> int:
    def build(person: Person) -> list[Message]:
        lang = person.language
        buttons = (
            tap(say(lang, "button.promise_kept"), "promise.kept", style="main", promise=promised.id, ok="1"),
            tap(say(lang, "button.promise_late"), "promise.kept", promise=promised.id, ok="0"),
        )
        words = ballots.promise(scene, promised, lang)
        return [Card(title=say(lang, key), body=shorten(words, 600), buttons=buttons)]

    once = f"{key}-{promised.id}"
    calls.to_representatives(scene, promised.network, build, Purpose.REMINDER, once)
    return 1


def tell_kept(scene: Scene, promised: Promise, poll: Poll) -> int:
    """What was done with the decision, back to everyone."""

    def build(person: Person) -> list[Message]:
        lang = person.language
        words = say(lang, "promise.kept_news", question=poll.question, what=promised.what, who=promised.who)
        return [Text(shorten(f"{words}\n{promised.note}".strip(), 4000))]

    name = f"kept-{promised.id}"
    return calls.round_up(scene, poll.network, name, build, Purpose.DECISION, asks=False)
