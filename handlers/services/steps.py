"""The five steps on the clock: what falls due is asked, nudged, given up, told. One question at a time, never in quiet hours."""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.neutral import Card, Message, tap
from handlers.messages.texts import say
from handlers.rules import five_steps
from handlers.rules.five_steps import Act, Standing
from handlers.services import keeping, member_news, opinions
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Membership, Person, Step
from store.queries import members as rows
from store.queries import networks as network_rows
from store.words import LEADS, Purpose

ANSWER_WITHIN = timedelta(days=1)
"""While a question is open this long, no other is asked."""
REPRESENTATIVE = "representative"


def begin(scene: Scene, member: Membership) -> None:
    """The rows of a new membership, or of one that begins again: step 1 done by joining, the others ahead."""
    known = {step.number: step for step in member.steps}
    for number in five_steps.NUMBERS:
        step = known.get(number)
        if step is None:
            step = Step(number=number, state=five_steps.VOID, due_at=scene.now, outcome="", evidence={})
            member.steps.append(step)
        if step.state == five_steps.VOID:
            _set(scene, member, step)


def _set(scene: Scene, member: Membership, step: Step) -> None:
    step.due_at = five_steps.first_due(step.number, scene.now, member.every)
    step.state, step.sent_at, step.nudged_at, step.done_at = five_steps.DUE, None, None, None
    if step.number == five_steps.CLASSIFY:
        size = network_rows.size(scene.unit, member.network)
        step.state, step.done_at, step.outcome = five_steps.ANSWERED, scene.now, "joined"
        step.evidence = {"kind": member.kind, "sector": member.sector, "size": size}
    elif step.number == five_steps.OPINIONS:
        # Its first question goes with the answer to joining.
        step.state, step.sent_at = five_steps.SENT, scene.now
        if opinions.next_question(member) is None:  # told when she was here before
            step.state, step.done_at, step.outcome = five_steps.ANSWERED, scene.now, "told"
    elif step.number == five_steps.QUICK and member.role in LEADS:
        step.state, step.outcome = five_steps.VOID, REPRESENTATIVE  # she is the one who follows up
    step.evidence = {**step.evidence, "first_due": step.due_at.isoformat()}


def take_due(scene: Scene, asked: set[int]) -> int:
    """Do what is due for every step; ``asked``: who has a question already, added to as people are asked."""
    if scene.book.quiet(scene.now):
        return 0
    asked |= rows.waiting_for_answer(scene.unit, scene.now - ANSWER_WITHIN)
    done = 0
    for step, member, person in rows.due_steps(scene.unit, scene.now, five_steps.WAITING):
        if member.network in scene.book.networks:
            done += _take(scene, step, member, person, asked)
    return done + member_news.send_due(scene, asked)


def standing(step: Step, member: Membership, person: Person) -> Standing:
    """What the rule sees of a step."""
    joined = member.joined_at or step.due_at
    return Standing(
        number=step.number,
        state=step.state,
        due_at=step.due_at,
        every=member.every,
        joined_at=joined,
        heard_at=max(person.seen_at, joined),
        sent_at=step.sent_at,
        dormant=member.dormant_at is not None and person.seen_at <= member.dormant_at,
    )


def _take(scene: Scene, step: Step, member: Membership, person: Person, asked: set[int]) -> int:
    seen = standing(step, member, person)
    act = five_steps.act(seen, scene.now)
    if act is None:
        return 0
    speaks = act in (Act.ASK, Act.NUDGE, Act.KEEP)
    if speaks and person.id in asked:
        return 0  # she has a question already; this one waits its turn
    spoke = speaks and _speak(scene, step, member, person, act)
    if spoke:
        asked.add(person.id)
    _note(scene, step, member, seen, act, spoke)
    step.state, step.due_at = five_steps.after(seen, act, scene.now)
    return int(spoke)


def _speak(scene: Scene, step: Step, member: Membership, person: Person, act: Act) -> bool:
    """Put the step's message into the outbox; False when there was nothing to say."""
    if step.number == five_steps.KEEP:
        messages = keeping.message(scene, step, member, person)
    elif step.number == five_steps.OPINIONS:
        messages = opinions.reminder(scene, member, person.language)
    else:
        messages = _welcomed(scene, step, member, person, again=act == Act.NUDGE)
    once = f"step-{step.id}-{act}-{int(step.due_at.timestamp())}"
    return bool(messages) and push(scene, person, messages, Purpose.STEP, once=once)


def _welcomed(scene: Scene, step: Step, member: Membership, person: Person, *, again: bool) -> list[Message]:
    """Step 3: has somebody been in touch?"""
    lang = person.language
    name = scene.book.name(scene.book.networks[member.network], lang)
    words = say(lang, "checkin.network_again" if again else "checkin.network", name=name)
    buttons = tuple(
        tap(say(lang, f"button.checkin_{answer}"), "checkin", ref=f"step-{step.id}", a=answer)
        for answer in ("yes", "notyet", "no")
    )
    return [Card(title=words, buttons=buttons, alt=words)]


def _note(scene: Scene, step: Step, member: Membership, seen: Standing, act: Act, spoke: bool) -> None:
    """What shows that it happened."""
    if spoke and act == Act.NUDGE:
        step.nudged_at = scene.now
    elif spoke:
        step.sent_at = scene.now
    if act == Act.KEEP and spoke:
        step.evidence = {**step.evidence, "times": step.evidence.get("times", 0) + 1, "open": True}
    if act == Act.GIVE_UP:
        step.done_at, step.outcome = scene.now, "silent"
    elif act == Act.REST:
        step.done_at, step.outcome = scene.now, "dormant" if seen.dormant else "off"
    elif act == Act.SLEEP:
        member.dormant_at = member.dormant_at or scene.now
        step.outcome = "dormant"
    elif act == Act.WAIT and step.number == five_steps.KEEP and seen.heard:
        woke(step, member)


def woke(step: Step, member: Membership) -> None:
    """A sign of life after the question of step 5."""
    member.dormant_at, step.outcome = None, "active"
    count(step)


def count(step: Step) -> None:
    """A message of step 4 or 5 counts as answered once, however often its buttons are used."""
    if step.evidence.get("open"):
        evidence = {**step.evidence, "answered": step.evidence.get("answered", 0) + 1, "open": False}
        step.evidence = evidence
