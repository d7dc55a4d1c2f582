"""Lessons from closed cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from store.models import Case, Lesson, Photo
from store.unit import Unit
from store.words import CaseKind, Status


def by_case(unit: Unit, code: str) -> Lesson | None:
    return unit.session.scalar(select(Lesson).where(Lesson.case_code == code).with_for_update())


def asked_since(unit: Unit, person_id: int, since: datetime) -> bool:
    query = select(Lesson.id).where(Lesson.person_id == person_id, Lesson.asked_at > since).limit(1)
    return unit.session.scalar(query) is not None


def ripe(unit: Unit, agencies: Sequence[str], stars: int, since: datetime) -> list[Case]:
    """Problems of these agencies that were confirmed as fixed and well rated since then, not asked about yet."""
    asked = select(Lesson.case_code)
    query = select(Case).where(
        Case.lead.in_(agencies),
        Case.status == Status.CLOSED,
        Case.kind == CaseKind.PROBLEM,
        Case.closed_how == "fixed",
        Case.rating >= stars,
        Case.changed_at > since,
        Case.public_text != "",
        Case.code.not_in(asked),
    )
    return list(unit.session.scalars(query.order_by(Case.rating.desc(), Case.id.desc()).limit(10)))


def has_after_photo(unit: Unit, case_id: int) -> bool:
    query = select(Photo.id).where(Photo.case_id == case_id, Photo.role == "after")
    return unit.session.scalar(query.where(Photo.state.not_in(("removed", "failed"))).limit(1)) is not None


def published(unit: Unit, limit: int = 500) -> list[Lesson]:
    """The newest lessons everybody may read."""
    query = select(Lesson).where(Lesson.state == "published", Lesson.problem != "")
    return list(unit.session.scalars(query.order_by(Lesson.published_at.desc()).limit(limit)))


def alike(unit: Unit, category: str, but: str, limit: int = 20) -> list[Lesson]:
    """Published lessons of one category, newest first, without the one of that case."""
    query = select(Lesson).where(
        Lesson.state == "published", Lesson.category == category, Lesson.case_code != but
    )
    return list(unit.session.scalars(query.order_by(Lesson.published_at.desc()).limit(limit)))


def published_since(unit: Unit, network: str, since: datetime) -> int:
    query = select(func.count()).select_from(Lesson).where(Lesson.network == network)
    return unit.session.scalar(query.where(Lesson.published_at > since, Lesson.state == "published")) or 0


def taught_by(unit: Unit, person_id: int) -> list[Lesson]:
    return list(unit.session.scalars(select(Lesson).where(Lesson.person_id == person_id)))


def forget_case(unit: Unit, code: str) -> None:
    """The citizen took her words back: what was made from them goes, published or not."""
    unit.change(delete(Lesson).where(Lesson.case_code == code, Lesson.state != "published"))
    unit.change(update(Lesson).where(Lesson.case_code == code).values(problem=""))
