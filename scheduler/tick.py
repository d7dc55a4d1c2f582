"""Moves the city clock forward and does at once what falls due, beside whatever else is running."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.jobs import JOBS, Job
from scheduler.steps import Clockwork
from store.queries import city, job_runs, outbox

TICK = "tick"
PATIENCE_S = 30.0
"""How long a job that another process is running is waited for."""
STILL_S = 5.0
"""When nothing was delivered for so long, nobody listens."""
PAUSE_S = 0.1


class TooEarly(ValueError):
    """The city clock is never put back."""


class Busy(RuntimeError):
    """Another process has been running a job for too long."""


class Delivers(Protocol):
    """Whatever sends what is due (see ``handlers.services.delivery``)."""

    def pass_once(self, machine_now: float, city_now: datetime) -> int: ...


@dataclass(frozen=True)
class Ticked:
    """``counts``: things done by job. ``waiting``: messages that are due and could not be delivered."""

    counts: dict[str, int]
    waiting: int


def tick(
    work: Clockwork, delivery: Delivers, at: datetime, listens: Callable[[], bool] = lambda: True
) -> Ticked:
    """Let it be ``at`` in the city. Raises ``TooEarly`` (the same instant as the last tick is fine) and ``Busy``.

    ``listens()``: whether somebody took, or at least refused, what was sent so far.
    """
    held: list[Job] = []
    try:
        for job in JOBS:  # all before the clock moves, or a running clock would do a part of it first
            if _hold(work, job):
                held.append(job)
        _move(work, at)
        counts = {job.name: work.run(job, at) if job in held else 0 for job in JOBS}
    finally:
        for job in held:
            work.let_go(job)
    return Ticked(counts, _deliver(work, delivery, listens))


def _hold(work: Clockwork, job: Job) -> bool:
    """An errand that another process is on is left to it; a job is waited for."""
    started = time.monotonic()
    while not work.hold(job):
        if job.errand:
            return False
        if time.monotonic() - started > PATIENCE_S:
            raise Busy(f"the job {job.name} is being run by another process")
        time.sleep(PAUSE_S)
    return True


def _move(work: Clockwork, at: datetime) -> None:
    """Set the offset so that the city clock shows ``at``; a repeated tick leaves the clock as it is."""
    with work.store.writing() as unit:
        machine = work.machine()
        last = job_runs.last(unit, TICK)
        if last is not None and last.at == at:
            return
        now = datetime.fromtimestamp(machine, at.tzinfo) + timedelta(seconds=city.clock_offset(unit))
        if at < now:
            raise TooEarly(f"it is already {now.isoformat(timespec='seconds')} in the city")
        city.set_clock_offset(unit, at.timestamp() - machine)
        job_runs.record(unit, TICK, at, machine, 0)


def _deliver(work: Clockwork, delivery: Delivers, listens: Callable[[], bool]) -> int:
    """Send what is due, together with any worker that runs; gives how much is left when nothing moves any more."""
    with work.store.writing() as unit:
        outbox.try_now(unit)
    left = -1
    moved = time.monotonic()
    while True:
        city_now = work.city_now()
        sent = delivery.pass_once(work.machine(), city_now)
        with work.store.reading() as unit:
            waiting = outbox.waiting(unit, city_now)
        if waiting == 0:
            return 0
        if sent and not listens():
            return waiting
        if waiting != left:
            left, moved = waiting, time.monotonic()
        elif time.monotonic() - moved > STILL_S:
            return waiting
        if not sent:
            time.sleep(PAUSE_S)
