"""Step 5: thanks with what a member's reports changed, something to take part in, a role; and leaving well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers.messages.neutral import Card, Line, Message, tap
from handlers.messages.texts import say
from handlers.services import doing
from handlers.talk import Scene
from store.models import Case, Membership, Person, Step
from store.queries import cases as case_rows
from store.queries import members as rows
from store.words import LEADS, OPEN, Status

RECENT = timedelta(days=91)
"""How far back a case is looked for that she might like to follow."""
LEAVING = ("time", "useless", "toomany", "moved", "other")
"""Why somebody leaves, one tap each."""


@dataclass(frozen=True)
class Contribution:
    """What a member's reports changed in one network."""

    reports: int
    fixed: int
    people: int


def contribution(scene: Scene, member: Membership) -> Contribution:
    """What she gave the network.

    reports = cases of the network that she reported; fixed = those done or closed (not rejected or merged);
    people = |everybody else who reported or follows one of the fixed cases, and, once at least one is fixed, the
    active members of the network| – the people her reports reached, she herself not counted.
    """
    reported = rows.reported_in(scene.unit, member.network, member.person_id)
    fixed = [case for case in reported if case.status in (Status.DONE, Status.CLOSED)]
    reached = rows.people_of_cases(scene.unit, [case.id for case in fixed])
    if fixed:
        reached |= rows.active_ids(scene.unit, member.network)
    return Contribution(len(reported), len(fixed), len(reached - {member.person_id}))


def thanks(scene: Scene, member: Membership, lang: str) -> str:
    """The contribution in a sentence; without a fixed case yet, thanks for being there."""
    gave = contribution(scene, member)
    if gave.fixed and gave.people:
        return say(lang, "keep.helped", reports=gave.fixed, people=gave.people)
    return say(lang, "keep.reported", reports=gave.reports) if gave.reports else say(lang, "keep.there")


def message(scene: Scene, step: Step, member: Membership, person: Person) -> list[Message]:
    """One card with one question: do you want to go on, and how?"""
    lang = person.language
    name = scene.book.name(scene.book.networks[member.network], lang)
    ref = f"step-{step.id}"
    case = _to_follow(scene, member)
    lines = (
        (Line(say(lang, "keep.now"), f"{case.code} {scene.book.category_name(case.category, lang)}"),)
        if case
        else ()
    )
    buttons = [
        tap(say(lang, "button.keep_stay"), "checkin", style="main", ref=ref, a="stay"),
        tap(say(lang, "button.keep_help"), "checkin", ref=ref, a="help"),
        tap(say(lang, "button.keep_pause"), "checkin", ref=ref, a="pause"),
        tap(say(lang, "button.leave"), "network.leave", style="quiet", network=member.network),
    ]
    if member.role in LEADS:
        del buttons[1]  # she does more already
    if case is not None:
        buttons.insert(1, tap(say(lang, "button.follow"), "case.follow", case=case.code))
    buttons[1:1] = doing.open_now(scene, member.network, person, lang)
    title = say(lang, "keep.title", name=name)
    body = f"{thanks(scene, member, lang)}\n{say(lang, 'keep.ask')}"
    return [Card(title, body, lines, tuple(buttons), tone="good", alt=title)]


def _to_follow(scene: Scene, member: Membership) -> Case | None:
    """The newest open case of the network that she has nothing to do with yet."""
    mine = {case.id for case in rows.cases_in(scene.unit, member.network, member.person_id)}
    found = case_rows.in_network(scene.unit, member.network, scene.now - RECENT, scene.now)["new"]
    return next((case for case in found if case.id not in mine and case.status in OPEN), None)


def leaving_question(lang: str, network: str) -> tuple[str, list[tuple[str, str]]]:
    """The one question after leaving, with its answers as (answer, label)."""
    return say(lang, "leave.why"), [(answer, say(lang, f"leave.{answer}")) for answer in LEAVING]
