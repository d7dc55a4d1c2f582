"""What networks remember of their members: steps that are due, opinions, tasks, cases and their people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from store.models import Case, CheckIn, Follower, Membership, Opinion, Outbox, Person, Report, Step, Task
from store.unit import Unit
from store.words import Member, RowState

_REACHABLE = (Person.blocked.is_(False), Person.line_id.is_not(None))


def due_steps(
    unit: Unit, now: datetime, states: Sequence[str], limit: int = 500
) -> list[tuple[Step, Membership, Person]]:
    """Steps of active members who can be reached that should be looked at, oldest first; news have a plan of their own."""
    query = (
        select(Step, Membership, Person)
        .join(Membership, Membership.id == Step.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Step.number != 4,
            Step.state.in_(states),
            Step.due_at <= now,
            Membership.state == Member.ACTIVE,
            *_REACHABLE,
        )
        .order_by(Step.due_at, Step.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Step)
    )
    return [(step, member, person) for step, member, person in unit.session.execute(query)]


def waiting_for_answer(unit: Unit, since: datetime) -> set[int]:
    """People with a question that was sent after then and is still unanswered."""
    steps = (
        select(Membership.person_id)
        .join(Step)
        .where(Step.state.in_(("sent", "nudged")), or_(Step.sent_at > since, Step.nudged_at > since))
    )
    checks = select(CheckIn.person_id).where(
        CheckIn.state == "sent", or_(CheckIn.sent_at > since, CheckIn.nudged_at > since)
    )
    return set(unit.session.scalars(steps)) | set(unit.session.scalars(checks))


def open_question(unit: Unit, person_id: int, since: datetime) -> tuple[Step, Membership] | None:
    """The step a person was asked about last and has not answered."""
    query = (
        select(Step, Membership)
        .join(Membership, Membership.id == Step.membership_id)
        .where(Membership.person_id == person_id, Membership.state == Member.ACTIVE)
        .where(Step.number != 4, Step.state.in_(("sent", "nudged")))
        .where(or_(Step.sent_at > since, Step.nudged_at > since))
        .order_by(func.coalesce(Step.nudged_at, Step.sent_at).desc())
        .limit(1)
    )
    found = unit.session.execute(query).first()
    return (found[0], found[1]) if found else None


def silent_check_ins(unit: Unit, before: datetime, limit: int = 500) -> list[CheckIn]:
    """Questions about a case that were asked, or asked again, before then and had no answer."""
    last = func.coalesce(CheckIn.nudged_at, CheckIn.sent_at)
    query = select(CheckIn).where(CheckIn.state == "sent", last <= before).order_by(CheckIn.id)
    return list(unit.session.scalars(query.limit(limit).with_for_update(skip_locked=True)))


def open_check_in(unit: Unit, person_id: int, since: datetime) -> CheckIn | None:
    query = select(CheckIn).where(CheckIn.person_id == person_id, CheckIn.state == "sent")
    query = query.where(or_(CheckIn.sent_at > since, CheckIn.nudged_at > since))
    return unit.session.scalar(query.order_by(CheckIn.id.desc()).limit(1))


def waiting_push(unit: Unit, person_id: int, room: int, now: datetime) -> Outbox | None:
    """A message to a person, put out in this pass or held until later, not tried yet and with room for more.

    Anything else is on its way already. The row is held on engines that lock rows.
    """
    unit.flush()
    query = select(Outbox).where(
        Outbox.person_id == person_id,
        Outbox.channel == "line",
        Outbox.state == RowState.WAITING,
        Outbox.reply_token.is_(None),
        Outbox.photo_id.is_(None),
        Outbox.attempts == 0,
        or_(Outbox.created_at == now, Outbox.due_at > now),
        Outbox.purpose.in_(("step", "digest", "reminder", "case", "follower", "decision", "activity")),
    )
    rows = unit.session.scalars(query.order_by(Outbox.id.desc()).limit(5).with_for_update(skip_locked=True))
    return next((row for row in rows if len(row.messages) <= room and not _ends_in_taps(row)), None)


def _ends_in_taps(row: Outbox) -> bool:
    """Whether its last message carries the taps under the chat, which another message after it would hide."""
    return bool(row.messages) and "quickReply" in row.messages[-1]


# --- opinions


def opinions(unit: Unit, network: str) -> list[Opinion]:
    """What active members of a network answered."""
    query = select(Opinion).join(Membership, Membership.id == Opinion.membership_id)
    query = query.where(Opinion.network == network, Membership.state == Member.ACTIVE)
    return list(unit.session.scalars(query.order_by(Opinion.id)))


def opinions_of(unit: Unit, membership_id: int) -> list[Opinion]:
    query = select(Opinion).where(Opinion.membership_id == membership_id)
    return list(unit.session.scalars(query.order_by(Opinion.id)))


def blank_opinions(unit: Unit, person_id: int, message_id: str | None = None) -> None:
    """Her own words go, all of them or those of one message."""
    mine = select(Membership.id).where(Membership.person_id == person_id)
    query = update(Opinion).where(Opinion.membership_id.in_(mine))
    tasks = update(Task).where(Task.membership_id.in_(mine))
    if message_id is not None:
        query = query.where(Opinion.message_id == message_id)
    else:
        unit.change(tasks.values(text="").execution_options(synchronize_session=False))
    unit.change(query.values(text="", shared=False).execution_options(synchronize_session=False))


# --- tasks


def task(unit: Unit, task_id: int) -> Task | None:
    """One task, locked on engines that lock rows because it is read to be changed."""
    return unit.session.scalar(select(Task).where(Task.id == task_id).with_for_update())


def tasks(unit: Unit, network: str, state: str = "open") -> list[Task]:
    query = select(Task).where(Task.network == network, Task.state == state)
    return list(unit.session.scalars(query.order_by(Task.due_at, Task.id)))


def overdue_tasks(unit: Unit, now: datetime, limit: int = 200) -> list[Task]:
    query = select(Task).where(Task.state == "open", Task.due_at <= now, Task.escalated_at.is_(None))
    return list(
        unit.session.scalars(query.order_by(Task.due_at).limit(limit).with_for_update(skip_locked=True))
    )


def task_counts(unit: Unit, network: str) -> tuple[int, int]:
    """(done in time, done late or overdue) of a network's tasks."""
    late = or_(Task.done_at > Task.due_at, Task.escalated_at.is_not(None))
    query = select(late, func.count()).select_from(Task).where(Task.network == network)
    found = {
        bool(k): n
        for k, n in unit.session.execute(
            query.where(or_(Task.state == "done", Task.escalated_at.is_not(None))).group_by(late)
        )
    }
    return found.get(False, 0), found.get(True, 0)


def void_tasks(unit: Unit, membership_id: int) -> None:
    """Nobody who left is called."""
    query = update(Task).where(Task.membership_id == membership_id, Task.state == "open")
    unit.change(query.values(state="void"))


# --- what her reports changed


def member(unit: Unit, membership_id: int) -> Membership | None:
    return unit.get(Membership, membership_id)


def cases_in(unit: Unit, network: str, person_id: int, since: datetime | None = None) -> list[Case]:
    """Cases of a network that a person reported or follows, newest first; only those changed since then if told."""
    mine = or_(
        Case.id.in_(select(Report.case_id).where(Report.person_id == person_id)),
        Case.id.in_(select(Follower.case_id).where(Follower.person_id == person_id)),
    )
    query = select(Case).where(Case.network == network, mine)
    if since is not None:
        query = query.where(Case.changed_at > since)
    return list(unit.session.scalars(query.order_by(Case.id.desc())))


def reported_in(unit: Unit, network: str, person_id: int) -> list[Case]:
    query = select(Case).where(
        Case.network == network, Case.id.in_(select(Report.case_id).where(Report.person_id == person_id))
    )
    return list(unit.session.scalars(query.order_by(Case.id)))


def people_of_cases(unit: Unit, case_ids: Iterable[int]) -> set[int]:
    """Everybody who reported or follows one of the cases."""
    ids = list(case_ids)
    if not ids:
        return set()
    reporters = select(Report.person_id).where(Report.case_id.in_(ids))
    followers = select(Follower.person_id).where(Follower.case_id.in_(ids))
    return set(unit.session.scalars(reporters)) | set(unit.session.scalars(followers))


def active_ids(unit: Unit, network: str) -> set[int]:
    query = select(Membership.person_id).where(
        Membership.network == network, Membership.state == Member.ACTIVE
    )
    return set(unit.session.scalars(query))


def listed(unit: Unit, network: str) -> list[Membership]:
    """Members who let the others see them."""
    query = select(Membership).where(
        Membership.network == network, Membership.state == Member.ACTIVE, Membership.listed.is_(True)
    )
    return list(unit.session.scalars(query.order_by(Membership.id)))


def terms_ending(unit: Unit, before: datetime) -> list[Membership]:
    """Leads and representatives whose term ends before then and who were not reminded."""
    query = select(Membership).where(
        Membership.state == Member.ACTIVE,
        Membership.term_ends_at <= before,
        Membership.term_told_at.is_(None),
    )
    return list(unit.session.scalars(query.order_by(Membership.id).with_for_update(skip_locked=True)))


def hide(unit: Unit, person_id: int) -> None:
    """Her lines in every directory vanish."""
    query = update(Membership).where(Membership.person_id == person_id)
    unit.change(query.values(listed=False, shown_name="", position="", skills=""))


def drop_opinion(unit: Unit, membership_id: int, question: str) -> None:
    """A tapped answer replaces the one before."""
    unit.change(delete(Opinion).where(Opinion.membership_id == membership_id, Opinion.question == question))
