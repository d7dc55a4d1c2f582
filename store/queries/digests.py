"""What digests are made of, what representatives did out of them, and where they go by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update

from store.models import (
    Case,
    Digest,
    Endorsement,
    Inquiry,
    MailAddress,
    Membership,
    Opinion,
    Poll,
    Report,
    Statement,
    Task,
)
from store.unit import Unit
from store.words import OPEN, Member


def latest(unit: Unit, network: str, person_id: int) -> Digest | None:
    """The digest of a network that a person got last."""
    query = select(Digest).where(Digest.network == network, Digest.person_id == person_id)
    return unit.session.scalar(query.order_by(Digest.at.desc(), Digest.id.desc()).limit(1))


def digest(unit: Unit, digest_id: int) -> Digest | None:
    """One digest, locked on engines that lock rows because its button is being used."""
    return unit.session.scalar(select(Digest).where(Digest.id == digest_id).with_for_update())


def note_use(unit: Unit, person_id: int, network: str, now: datetime) -> None:
    """The newest digest of the network counts as answered."""
    found = latest(unit, network, person_id)
    if found is not None and found.acted_at is None:
        found.acted_at = now


def grown(unit: Unit, network: str, since: datetime) -> list[Case]:
    """Open cases that more people have reported since then, those of most people first."""
    fresh = select(Report.case_id).where(Report.joined.is_(True), Report.created_at > since)
    query = select(Case).where(Case.network == network, Case.status.in_(OPEN), Case.id.in_(fresh))
    return list(unit.session.scalars(query.order_by(Case.people.desc(), Case.id)))


def told_since(unit: Unit, network: str, since: datetime) -> int:
    """How many members have answered a question about what they need or can give, or said something, since then."""
    query = select(func.count(func.distinct(Opinion.membership_id))).join(
        Membership, Membership.id == Opinion.membership_id
    )
    query = query.where(Opinion.network == network, Opinion.at > since, Opinion.question != "often")
    return unit.session.scalar(query.where(Membership.state == Member.ACTIVE)) or 0


def waiting_polls(unit: Unit, network: str) -> list[Poll]:
    """Decisions that run, or wait for a representative: statements to read, a text to amend."""
    query = select(Poll).where(Poll.network == network, Poll.state.in_(("open", "revising")))
    return list(unit.session.scalars(query.order_by(Poll.id)))


def unread_statements(unit: Unit, poll_ids: Iterable[int]) -> dict[int, int]:
    """How many statements of members wait to be read, by decision."""
    query = select(Statement.poll_id, func.count()).where(
        Statement.poll_id.in_(list(poll_ids)), Statement.state == "waiting"
    )
    return {key: n for key, n in unit.session.execute(query.group_by(Statement.poll_id))}


def open_tasks(unit: Unit, network: str) -> list[Task]:
    query = select(Task).where(Task.network == network, Task.state == "open")
    return list(unit.session.scalars(query.order_by(Task.due_at, Task.id)))


# --- what representatives do


def endorsed(unit: Unit, case_id: int, person_id: int) -> bool:
    query = select(Endorsement.id).where(Endorsement.case_id == case_id, Endorsement.person_id == person_id)
    return unit.session.scalar(query) is not None


def endorsements(unit: Unit, case_id: int) -> int:
    query = select(func.count()).select_from(Endorsement).where(Endorsement.case_id == case_id)
    return unit.session.scalar(query) or 0


def endorsed_of(unit: Unit, case_ids: Iterable[int]) -> dict[int, int]:
    """How many representatives stand behind each of the cases."""
    query = select(Endorsement.case_id, func.count()).where(Endorsement.case_id.in_(list(case_ids)))
    return {key: n for key, n in unit.session.execute(query.group_by(Endorsement.case_id))}


def inquiry(unit: Unit, inquiry_id: int) -> Inquiry | None:
    return unit.session.scalar(select(Inquiry).where(Inquiry.id == inquiry_id).with_for_update())


def open_inquiry(unit: Unit, case_id: int, person_id: int | None = None) -> Inquiry | None:
    """The oldest question about a case that nobody has answered (of one person)."""
    query = select(Inquiry).where(Inquiry.case_id == case_id, Inquiry.answered_at.is_(None))
    if person_id is not None:
        query = query.where(Inquiry.person_id == person_id)
    return unit.session.scalar(query.order_by(Inquiry.id).limit(1))


def asked_by(unit: Unit, person_id: int) -> list[Inquiry]:
    query = select(Inquiry).where(Inquiry.person_id == person_id)
    return list(unit.session.scalars(query.order_by(Inquiry.id)))


def blank_inquiries(unit: Unit, person_id: int, message_id: str | None = None) -> None:
    """Her questions (or that of one message) lose their words; what was answered stays the agency's."""
    query = update(Inquiry).where(Inquiry.person_id == person_id)
    if message_id is not None:
        query = query.where(Inquiry.message_id == message_id)
    unit.change(query.values(text="").execution_options(synchronize_session=False))


# --- by mail


def mail_of(unit: Unit, person_id: int) -> MailAddress | None:
    return unit.session.scalar(
        select(MailAddress).where(MailAddress.person_id == person_id).with_for_update()
    )


def mails_of(unit: Unit, person_ids: Iterable[int]) -> dict[int, MailAddress]:
    """Confirmed addresses of several people."""
    query = select(MailAddress).where(
        MailAddress.person_id.in_(list(person_ids)), MailAddress.confirmed_at.is_not(None)
    )
    return {row.person_id: row for row in unit.session.scalars(query)}


def mail_by_token(unit: Unit, token_hash: str, *, look: bool = False) -> MailAddress | None:
    """Whose link it is; locked unless somebody only ``look``-s."""
    query = select(MailAddress).where(MailAddress.token_hash == token_hash)
    return unit.session.scalar(query if look else query.with_for_update())


def drop_mail(unit: Unit, person_id: int) -> None:
    unit.change(delete(MailAddress).where(MailAddress.person_id == person_id))
