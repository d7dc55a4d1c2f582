"""When each job of the clock last ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from store.models import JobRun
from store.unit import Unit


def record(unit: Unit, name: str, at: datetime, real: float, count: int) -> None:
    """Note a run at city time ``at`` and machine time ``real``."""
    row = unit.get(JobRun, name)
    if row is None:
        unit.add(JobRun(name=name, at=at, real=real, count=count))
    else:
        row.at, row.real, row.count = at, real, count


def last(unit: Unit, name: str) -> JobRun | None:
    return unit.get(JobRun, name)


def all_runs(unit: Unit) -> list[JobRun]:
    return list(unit.session.scalars(select(JobRun).order_by(JobRun.name)))
