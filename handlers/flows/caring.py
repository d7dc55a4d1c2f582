"""Representatives looking after members: a task done by one tap, a word passed on through the bot, her answer back."""

from __future__ import annotations

from handlers.messages.neutral import Card, Cards, Text, tap
from handlers.messages.texts import say
from handlers.services import tasks
from handlers.talk import Outcome, Talk
from nlp import mask, normalise
from store.models import Person, Task
from store.queries import members as rows
from store.queries import people
from store.words import Purpose

MOST_WORDS = 1000
MOST_CARDS = 10


def _task(talk: Talk, number: str | None) -> Task | None:
    """The task, if the speaker represents its network or coordinates the city."""
    known = number is not None and number.isascii() and number.isdigit() and len(number) < 18
    task = rows.task(talk.unit, int(number or "0")) if known else None
    if task is None or not may_act(talk, task.network):
        return None
    return task


def may_act(talk: Talk, network: str) -> bool:
    """Whether the speaker represents the network or coordinates for the city."""
    return network in talk.represents or talk.book.data.city.integrator in talk.coordinates


def done(talk: Talk) -> Outcome:
    """ "I have spoken with her": the task ends now; a note is welcome but not asked twice."""
    task = _task(talk, talk.incoming.data.get("task"))
    if task is None:
        return talk.answer("stale.role_network")
    if task.state != "open":
        return talk.answer("task.already")
    tasks.finish(talk, task, talk.person)
    skip = tap(talk.say("button.task_no_note"), "task.note", task=task.id)
    return Outcome(
        [Text(talk.say("task.done"), quick=(skip,))], asked={"do": "task.note", "task": str(task.id)}
    )


def no_note(talk: Talk) -> Outcome:
    return Outcome([Text(talk.say("task.thanks"))], asked=None)


def note(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """The note after a task; kept with it for the network's own memory."""
    task = _task(talk, asked.get("task"))
    if task is None or not talk.incoming.text.strip():
        return None
    task.note = mask(normalise(talk.incoming.text))[:MOST_WORDS]
    return Outcome([Text(talk.say("task.thanks"))], asked=None)


def write(talk: Talk) -> Outcome:
    """Words to the member, passed on by the bot so that nobody has to give a number or a name."""
    task = _task(talk, talk.incoming.data.get("task"))
    if task is None:
        return talk.answer("stale.role_network")
    if _member(talk, task) is None:
        return talk.answer("task.gone")
    cancel = tap(talk.say("button.cancel"), "ask.cancel")
    return Outcome(
        [Text(talk.say("task.write"), quick=(cancel,))], asked={"do": "task.write", "task": str(task.id)}
    )


def _member(talk: Talk, task: Task) -> Person | None:
    member = rows.member(talk.unit, task.membership_id) if task.membership_id else None
    found = people.by_ids(talk.unit, [member.person_id]) if member and task.state != "void" else []
    return found[0] if found and found[0].line_id and not found[0].blocked else None


def written(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """The words go to the member at once, with one tap to answer; that is what the task was for."""
    task = _task(talk, asked.get("task"))
    if task is None or not talk.incoming.text.strip():
        return None
    person = _member(talk, task)
    if person is None:
        return Outcome([Text(talk.say("task.gone"))], asked=None)
    row = talk.book.networks.get(task.network)
    name = talk.book.name(row, person.language) if row else task.network
    words = say(person.language, "task.word", name=name, text=talk.incoming.text[:MOST_WORDS])
    reply = tap(say(person.language, "button.task_reply"), "task.reply", task=task.id)
    talk.post.send(person, [Text(words, quick=(reply,))], Purpose.STEP)
    if task.state == "open":
        tasks.finish(talk, task, talk.person, note="written")
    return Outcome([Text(talk.say("task.sent"))], asked=None)


def reply(talk: Talk) -> Outcome:
    """The member answers a representative."""
    if _own(talk, talk.incoming.data.get("task")) is None:
        return talk.answer("stale.button")
    cancel = tap(talk.say("button.cancel"), "ask.cancel")
    asked = {"do": "task.reply", "task": talk.incoming.data["task"]}
    return Outcome([Text(talk.say("task.your_words"), quick=(cancel,))], asked=asked)


def _own(talk: Talk, number: str | None) -> Task | None:
    """The task about the speaker herself."""
    known = number is not None and number.isascii() and number.isdigit() and len(number) < 18
    task = rows.task(talk.unit, int(number or "0")) if known else None
    member = rows.member(talk.unit, task.membership_id) if task is not None and task.membership_id else None
    return task if member is not None and member.person_id == talk.person.id else None


def replied(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    task = _own(talk, asked.get("task"))
    if task is None or not talk.incoming.text.strip():
        return None
    for person in people.by_ids(talk.unit, [task.done_by] if task.done_by else []):
        words = say(person.language, "task.answer", text=mask(talk.incoming.text)[:MOST_WORDS])
        again = tap(say(person.language, "button.task_write"), "task.write", task=task.id)
        talk.post.send(person, [Text(words, quick=(again,))], Purpose.STEP)
    return Outcome([Text(talk.say("task.answered"))], asked=None)


def listing(talk: Talk) -> Outcome:
    """The open tasks of a network, for those who represent it."""
    code = talk.incoming.data.get("network", "")
    if code not in talk.book.networks or not may_act(talk, code):
        return talk.answer("stale.network")
    found = rows.tasks(talk.unit, code)[:MOST_CARDS]
    if not found:
        return talk.answer("task.none")
    shown: tuple[Card, ...] = tuple(tasks.card(talk, task, talk.lang) for task in found)
    return Outcome([Cards(shown, alt=talk.say("task.list", n=len(found)))])


TAPS = {
    "task.done": done,
    "task.note": no_note,
    "task.write": write,
    "task.reply": reply,
    "task.list": listing,
}
ASKED = {"task.note": note, "task.write": written, "task.reply": replied}
