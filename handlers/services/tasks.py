"""What representatives have to do for members: a task with a deadline, done by one tap, else the coordinators hear."""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.neutral import Button, Card, Line, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import participation
from handlers.services import notify
from handlers.talk import Scene
from store.models import Case, Membership, Person, Task
from store.queries import members as rows
from store.queries import people
from store.words import Purpose, RoleName

DEADLINE = timedelta(days=3)
"""By when a member who needs it is spoken with."""
KINDS = ("call", "worry", "help")


def representatives(scene: Scene, network: str) -> list[Person]:
    return people.with_role(scene.unit, (RoleName.REPRESENTATIVE,), network=network)


def open_task(
    scene: Scene,
    network: str,
    kind: str,
    member: Membership | None,
    *,
    answer: str = "",
    case: Case | None = None,
    text: str = "",
) -> Task:
    """A new task; the representatives (else the coordinators) see it at once, for somebody has just answered."""
    task = scene.unit.add(
        Task(
            network=network,
            kind=kind,
            membership_id=member.id if member else None,
            case_code=case.code if case else None,
            answer=answer,
            text=text,
            state="open",
            opened_at=scene.now,
            due_at=scene.now + DEADLINE,
        )
    )
    scene.unit.flush()
    for person in representatives(scene, network) or notify.coordinators(scene):
        if member is None or person.id != member.person_id:
            scene.post.send(
                person,
                [card(scene, task, person.language)],
                Purpose.REMINDER,
                case=case,
                once=f"task-{task.id}-{person.id}",
            )
    return task


def card(scene: Scene, task: Task, lang: str) -> Card:
    """What the member said, by when to speak with her, and the buttons: write to her, done."""
    row = scene.book.networks.get(task.network)
    name = scene.book.name(row, lang) if row else task.network
    said = say(lang, f"button.checkin_{task.answer}") if task.answer in ("yes", "notyet", "no") else ""
    body = say(lang, f"task.{task.kind}", name=name, answer=said)
    member = rows.member(scene.unit, task.membership_id) if task.membership_id else None
    who = member.shown_name if member is not None and member.listed else ""
    lines = [Line(say(lang, "task.member"), who or say(lang, "task.unnamed"))]
    if task.case_code:
        lines.append(Line(say(lang, "case.code"), task.case_code))
    if row:
        lines.append(Line(say(lang, "level.to_members"), participation.promised(row.level, lang, say)))
    lines.append(Line(say(lang, "task.until"), moment(task.due_at, scene.now, scene.book.zone, lang)))
    return Card(
        title=say(lang, f"task.title_{task.kind}"),
        body=body + (f"\n“{shorten(task.text, 300)}”" if task.text else ""),
        lines=tuple(lines),
        buttons=_buttons(task, lang),
        badge=say(lang, "task.badge"),
        tone="warn",
        alt=shorten(body, 200),
    )


def _buttons(task: Task, lang: str) -> tuple[Button, ...]:
    write = tap(say(lang, "button.task_write"), "task.write", task=task.id)
    done = tap(say(lang, "button.task_done"), "task.done", style="main", task=task.id)
    buttons = (done, write) if task.membership_id else (done,)
    if task.kind != "help":
        return buttons
    return (*buttons, tap(say(lang, "button.lead_new"), "lead.new", network=task.network))


def finish(scene: Scene, task: Task, person: Person, note: str = "") -> None:
    """Done, by whom and how; the case's history is not touched, this is between people."""
    task.state, task.done_at, task.done_by, task.note = "done", scene.now, person.id, note


def escalate(scene: Scene) -> int:
    """Overdue tasks are told to the coordinators, once, in the first minute that is not quiet."""
    if scene.book.quiet(scene.now):
        return 0
    found = rows.overdue_tasks(scene.unit, scene.now)
    for task in found:
        task.escalated_at = scene.now
        for person in notify.coordinators(scene):
            lang = person.language
            row = scene.book.networks.get(task.network)
            name = scene.book.name(row, lang) if row else task.network
            late = Card(
                title=say(lang, "task.late", name=name),
                body=card(scene, task, lang).body,
                lines=card(scene, task, lang).lines,
                buttons=_buttons(task, lang),
                badge=say(lang, "task.badge"),
                tone="urgent",
            )
            scene.post.send(person, [late], Purpose.REMINDER, once=f"task-{task.id}-late-{person.id}")
    return len(found)
