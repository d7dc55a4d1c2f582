"""A joint decision as everybody may read it: what was asked, how it stands or ended, what will be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.web import charts
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.services import decisions
from handlers.services.showcase import Viewer
from nlp import mask
from store.models import Poll, Promise
from store.queries import decisions as rows

CLOSED, DRAFT = "closed", "draft"


@dataclass(frozen=True)
class Answers:
    """A statement; ``numbers`` and ``bar`` are empty while people still vote, so that nobody follows the crowd."""

    text: str
    numbers: str
    bar: Markup | None
    agreed: bool
    bridge: bool


@dataclass(frozen=True)
class Promised:
    what: str
    who: str
    due: str
    state: str
    """ "running", "kept", "broken" or "made_good"."""
    state_name: str
    note: str


@dataclass(frozen=True)
class Page:
    number: int
    question: str
    background: str
    state: str
    outcome: str
    outcome_name: str
    turnout: str
    when: str
    network: tuple[str, str]
    rules: Mapping[str, Any]
    statements: list[Answers]
    groups: list[int]
    """How many people each group of opinion has; empty where there are none to tell apart."""
    promises: list[Promised]


@dataclass(frozen=True)
class Brief:
    """One line about a decision."""

    number: int
    question: str
    state: str
    outcome: str
    when: str
    promises: list[Promised]


def build(viewer: Viewer, number: int) -> Page | None:
    """The decision of that number; None when there is none or it is still being prepared."""
    poll = rows.look_up(viewer.unit, number) if number < 2**31 else None
    if poll is None or poll.state == DRAFT or poll.network not in viewer.book.networks:
        return None
    found = decisions.as_data(viewer.unit, poll)
    groups = found["groups"] or {}
    turnout = say(
        viewer.lang, "poll.turnout", n=found["voters"], members=found["members"], needed=found["needed"]
    )
    return Page(
        number=poll.id,
        question=mask(poll.question),
        background=mask(poll.background),
        state=poll.state,
        outcome=poll.outcome,
        outcome_name=say(viewer.lang, f"poll.outcome_{poll.outcome}") if poll.outcome else "",
        turnout=turnout,
        when=_when(viewer, poll),
        network=(poll.network, viewer.book.name(viewer.book.networks[poll.network], viewer.lang)),
        rules=poll.charter,
        statements=[_answers(viewer, poll, row, groups.get("bridges", [])) for row in found["statements"]],
        groups=list(groups.get("sizes", [])),
        promises=promises(viewer, poll),
    )


def briefs(viewer: Viewer, network: str) -> list[Brief]:
    """A network's decisions, the newest first."""
    return [
        Brief(p.id, mask(p.question), p.state, p.outcome, _when(viewer, p), promises(viewer, p))
        for p in rows.of_network(viewer.unit, network)
    ]


def _when(viewer: Viewer, poll: Poll) -> str:
    """The day of the close, or until when can be voted."""
    at = poll.closed_at or (poll.rounds[-1].closes_at if poll.rounds else poll.created_at)
    return day(at, viewer.now, viewer.book.zone, viewer.lang)


def _answers(viewer: Viewer, poll: Poll, row: Mapping[str, Any], bridges: list[int]) -> Answers:
    text = mask(row["text"]) or say(viewer.lang, "poll.removed")
    if poll.state != CLOSED:
        return Answers(text, "", None, False, False)
    agree, disagree, passed = row["agree"], row["disagree"], row["pass"]
    numbers = say(viewer.lang, "poll.numbers", agree=agree, disagree=disagree, passed=passed)
    bar = charts.parts((("agree", agree), ("disagree", disagree), ("pass", passed)))
    return Answers(text, numbers, bar, row["agreed"], row["id"] in bridges)


def promises(viewer: Viewer, poll: Poll) -> list[Promised]:
    return [_promised(viewer, one) for one in poll.promises]


def _promised(viewer: Viewer, one: Promise) -> Promised:
    state = "made_good" if one.state == "broken" and one.ended_at else one.state
    due = day(one.due_at, viewer.now, viewer.book.zone, viewer.lang)
    return Promised(
        mask(one.what), mask(one.who), due, state, say(viewer.lang, f"promise.state_{state}"), mask(one.note)
    )
