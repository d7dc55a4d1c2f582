"""How a joint decision is shown: the question, one statement at a time, the result, what was promised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.messages.neutral import Bar, Card, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day, moment
from handlers.rules import consensus, participation
from handlers.services import decisions
from handlers.services.decisions import current, shown
from handlers.talk import Scene
from store.models import Person, Poll, Promise, Statement
from store.queries import cases as case_rows
from store.queries import decisions as rows
from store.queries import networks

MOST_BARS = 8
"""Statements on one result card; LINE takes 30 KB of a card."""


def network_name(scene: Scene, network: str, lang: str) -> str:
    row = scene.book.networks.get(network)
    return scene.book.name(row, lang) if row else network


def level_of(scene: Scene, poll: Poll) -> str:
    """How much the members decide here; of old decisions, what their network promises."""
    row = scene.book.networks.get(poll.network)
    return poll.level or participation.of_poll(row.level if row else "")


def question(scene: Scene, poll: Poll, lang: str) -> Card:
    """What is to be decided, and by which rules."""
    charter = decisions.rules_of(scene, poll)
    members = networks.size(scene.unit, poll.network)
    lines = [
        Line(say(lang, "poll.needs"), say(lang, "poll.needs_people", n=charter.needed(members))),
        Line(say(lang, "poll.rule"), say(lang, "poll.rule_share", n=round(charter.consensus * 100))),
    ]
    if poll.rounds:
        closes = moment(current(poll).closes_at, scene.now, scene.book.zone, lang)
        lines.insert(0, Line(say(lang, "poll.closes"), closes))
    else:
        lines.insert(0, Line(say(lang, "poll.length"), say(lang, "time.days", n=charter.days)))
    case = case_rows.by_id(scene.unit, poll.case_id) if poll.case_id else None
    if case is not None:
        lines.append(Line(say(lang, "case.code"), case.code))
    lines.append(Line(say(lang, "level.title"), participation.promise(level_of(scene, poll), lang, say)))
    name = network_name(scene, poll.network, lang)
    return Card(
        title=shorten(poll.question, 300),
        body=shorten(poll.background, 1200),
        lines=tuple(lines),
        badge=shorten(say(lang, "poll.badge", name=name), 60),
        alt=shorten(say(lang, "poll.alt", question=poll.question), 300),
    )


def statement(scene: Scene, poll: Poll, one: Statement, person: Person, left: int) -> Card:
    """One statement with the three answers, none of them pressed more than another."""
    lang, total = person.language, len(shown(poll))
    buttons = tuple(
        tap(say(lang, f"button.{answer}"), "vote", poll=poll.id, statement=one.id, a=answer)
        for answer in consensus.ANSWERS
    )
    return Card(
        title=shorten(one.text, 400),
        buttons=buttons,
        badge=say(lang, "poll.number", n=max(total - left + 1, 1), total=total),
        alt=shorten(one.text, 300),
    )


def next_statement(scene: Scene, poll: Poll, person: Person) -> Card | None:
    """The next statement she has not answered; None when there is none."""
    left = decisions.unanswered(scene, poll, person)
    return statement(scene, poll, left[0], person, len(left)) if left else None


def invitation(scene: Scene, poll: Poll, person: Person) -> list[Message]:
    """The one push of a round: what it is about and the first statement."""
    lang = person.language
    first = next_statement(scene, poll, person)
    number = current(poll).number
    opening: list[Message] = [question(scene, poll, lang)]
    if number > 1:
        opening.insert(0, Text(say(lang, "poll.again", n=number, question=shorten(poll.question, 200))))
    return [*opening, first] if first else [*opening, Text(say(lang, "poll.nothing_new"))]


def reminder(scene: Scene, polls: list[Poll], person: Person) -> list[Message]:
    """Before the close, for all her open decisions together: one question, the others one tap away."""
    lang, poll = person.language, polls[0]
    first = next_statement(scene, poll, person)
    closes = moment(current(poll).closes_at, scene.now, scene.book.zone, lang)
    words = say(lang, "poll.reminder", question=shorten(poll.question, 200), closes=closes)
    others = tuple(tap(shorten(other.question, 19), "poll.show", poll=other.id) for other in polls[1:10])
    if others:
        words = f"{words}\n{say(lang, 'poll.reminder_more', n=len(others))}"
    shown_first: list[Message] = [Text(words)]
    if first is None:
        return [Text(words, quick=others)]
    return [*shown_first, replace(first, quick=others)]


def bar(text: str, row: dict[str, Any], lang: str) -> Bar:
    """A statement's numbers."""
    mark = say(lang, "poll.agreed_mark") if row["agreed"] else ""
    caption = say(lang, "poll.numbers", agree=row["agree"], disagree=row["disagree"], passed=row["pass"])
    parts = ((row["agree"], "good"), (row["disagree"], "warn"), (row["pass"], "calm"))
    return Bar(shorten(f"{mark} {text}".strip(), 200), parts, caption)


def standing(scene: Scene, poll: Poll, person: Person) -> Card:
    """While it is open: the numbers of those statements she has answered herself, and of no other."""
    lang = person.language
    numbers = decisions.figures(scene.unit, poll, with_groups=False)
    texts = {one.id: one.text for one in poll.statements}
    own = rows.votes_of(scene.unit, poll.id, person.id)
    seen = [row for row in numbers["statements"] if row["id"] in own][:MOST_BARS]
    return Card(
        title=say(lang, "poll.so_far"),
        body="" if seen else say(lang, "poll.hidden"),
        lines=(Line(say(lang, "poll.answered"), _turnout(numbers, lang)),),
        bars=tuple(bar(texts[row["id"]], {**row, "agreed": False}, lang) for row in seen),
        alt=shorten(say(lang, "poll.alt", question=poll.question), 300),
    )


def _turnout(numbers: dict[str, Any], lang: str) -> str:
    return say(
        lang, "poll.turnout", n=numbers["voters"], members=numbers["members"], needed=numbers["needed"]
    )


def result(scene: Scene, poll: Poll, lang: str) -> list[Message]:
    """The closed decision for everyone: what joins first, then the numbers, the groups, what will be done."""
    texts = {one.id: one.text for one in poll.statements}
    found = decisions.in_order(poll.figures)
    bars = tuple(
        bar(texts.get(row["id"]) or say(lang, "poll.removed"), row, lang) for row in found[:MOST_BARS]
    )
    more = len(found) - len(bars)
    lines = [Line(say(lang, "poll.answered"), _turnout(poll.figures, lang))]
    if more > 0:
        lines.append(Line(say(lang, "poll.more"), str(more)))
    card = Card(
        title=shorten(poll.question, 300),
        body=say(lang, f"poll.outcome_{poll.outcome}"),
        lines=tuple(lines),
        bars=bars,
        buttons=(tap(say(lang, "button.poll_show"), "poll.show", style="quiet", poll=poll.id),),
        badge=say(lang, "poll.result"),
        tone="good" if poll.outcome == consensus.AGREED else "warn",
        alt=shorten(say(lang, "poll.result_alt", question=poll.question), 300),
    )
    groups = poll.figures.get("groups")
    parts: list[Message] = [card]
    if groups:
        parts.append(Text(shorten(_groups(groups, texts, lang), 4000)))
    if poll.promises:
        parts.append(Text(shorten(promises(scene, poll, lang), 4000)))
    return parts


def _groups(groups: dict[str, Any], texts: dict[int, str], lang: str) -> str:
    """Which groups of opinion there are, what joins them, and what this cannot say."""

    def quoted(ids: list[int]) -> str:
        return "\n".join(f"• {shorten(texts[i], 150)}" for i in ids if texts.get(i))

    parts = [say(lang, "poll.groups", n=len(groups["sizes"]))]
    joined = quoted(groups["bridges"][:3])
    parts.append(say(lang, "poll.bridges", list=joined) if joined else say(lang, "poll.no_bridge"))
    for number, (size, marks) in enumerate(zip(groups["sizes"], groups["marks"], strict=True), start=1):
        held = [
            f"• {say(lang, _leaning(share))}: {shorten(texts[i], 150)}" for i, share in marks if texts.get(i)
        ]
        parts.append(say(lang, "poll.group", number=number, n=size, list="\n".join(held)))
    return "\n\n".join([*parts, say(lang, "poll.groups_limits")])


def _leaning(share: float) -> str:
    return "poll.leans_agree" if share > 0.5 else "poll.leans_disagree" if share < 0.5 else "poll.leans_none"


def promises(scene: Scene, poll: Poll, lang: str) -> str:
    """What will be done, by whom, by when, and how it stands."""
    return "\n".join([say(lang, "promise.title"), *(promise(scene, one, lang) for one in poll.promises)])


def promise(scene: Scene, one: Promise, lang: str) -> str:
    due = day(one.due_at, scene.now, scene.book.zone, lang)
    state = "made_good" if one.state == "broken" and one.ended_at else one.state
    status = say(lang, f"promise.state_{state}")
    return say(lang, "promise.line", what=one.what, who=one.who, due=due, status=status)
