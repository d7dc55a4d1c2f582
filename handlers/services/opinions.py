"""Step 2: who the member is to the network. Three questions of one tap, one of her own words, one at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from handlers.messages.neutral import Button, Card, Message, tap
from handlers.messages.texts import say
from handlers.rules import five_steps
from handlers.services import tasks
from handlers.talk import Scene
from nlp import mask, normalise
from nlp.replies import reply_kind
from store.models import Membership, Opinion, Step
from store.queries import members as rows

QUESTIONS = {
    "needs": ("solve", "news", "voice", "people", "learn"),
    "gives": ("time", "skills", "things", "spread", "later"),
    "often": ("daily", "weekly", "monthly", "off"),
}
"""The questions of one tap in their order, with the answers as buttons."""
OPEN = "open"
MOST_WORDS = 1000


def step_of(member: Membership, number: int) -> Step | None:
    return next((step for step in member.steps if step.number == number), None)


def answered(member: Membership) -> dict[str, str]:
    """Her answers to the questions of one tap."""
    step = step_of(member, five_steps.OPINIONS)
    return {q: a for q, a in (step.evidence if step else {}).items() if q in QUESTIONS}


def next_question(member: Membership) -> str | None:
    """The first question she has not answered; None when all three are."""
    known = answered(member)
    return next((question for question in QUESTIONS if question not in known), None)


def card(lang: str, network: str, question: str) -> Card:
    """One question with its answers one tap away."""
    title = say(lang, f"opinion.{question}")
    buttons: tuple[Button, ...] = tuple(
        tap(say(lang, f"opinion.{question}_{answer}"), "opinion", network=network, q=question, a=answer)
        for answer in QUESTIONS[question]
    )
    badge = say(lang, "opinion.badge", n=list(QUESTIONS).index(question) + 1, of=len(QUESTIONS))
    return Card(title=title, buttons=buttons, badge=badge, alt=title)


def reminder(scene: Scene, member: Membership, lang: str) -> list[Message]:
    """The question at which she stopped, once more."""
    question = next_question(member)
    if question is None:
        return []
    name = scene.book.name(scene.book.networks[member.network], lang)
    return [replace(card(lang, member.network, question), body=say(lang, "opinion.again", name=name))]


def keep(scene: Scene, member: Membership, question: str, answer: str) -> None:
    """Store a tapped answer; a second tap of the same question replaces the first."""
    rows.drop_opinion(scene.unit, member.id, question)
    scene.unit.add(
        Opinion(
            network=member.network, membership_id=member.id, question=question, answer=answer, at=scene.now
        )
    )
    step = step_of(member, five_steps.OPINIONS)
    if step is None:
        return
    step.evidence = {**step.evidence, question: answer}
    if next_question(member) is None and step.state in (*five_steps.WAITING, five_steps.SILENT):
        step.state, step.done_at, step.outcome = five_steps.ANSWERED, scene.now, "told"


def keep_words(scene: Scene, member: Membership, text: str, message_id: str | None) -> Opinion:
    """Her own words, masked; a worry is somebody's task, so that it does not lie unread."""
    kind = reply_kind(text) or ""
    words = mask(normalise(text))[:MOST_WORDS]
    if kind == "worry":
        tasks.open_task(scene, member.network, "worry", member, text=words)
    return scene.unit.add(
        Opinion(
            network=member.network,
            membership_id=member.id,
            question=OPEN,
            answer=kind if kind in ("need", "offer", "worry") else "",
            text=words,
            message_id=message_id,
            at=scene.now,
        )
    )


@dataclass(frozen=True)
class Summary:
    """Opinions of a network in counts, and words whose authors let them be quoted without a name."""

    counts: dict[str, dict[str, int]]
    quotes: list[str]


def summary(scene: Scene, network: str) -> Summary:
    """What active members answered, the most frequent first; only shared words are quoted."""
    found = rows.opinions(scene.unit, network)
    counts = {
        question: dict(Counter(row.answer for row in found if row.question == question).most_common())
        for question in QUESTIONS
    }
    quotes = [row.text for row in found if row.question == OPEN and row.shared and row.text]
    return Summary(counts, quotes[-5:])
