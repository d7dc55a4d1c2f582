"""Runs the jobs while a process lives. Of several clocks one leads; another takes over when it falls silent."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.jobs import JOBS, Job
from scheduler.steps import Clockwork
from store.queries import leases

log = logging.getLogger(__name__)

LEADER = "clock"
LEADER_S = 30.0
RENEW_S = 10


class Clock:
    """``start`` and ``stop`` it. Jobs never run twice at once: APScheduler here, a lease between processes."""

    def __init__(self, work: Clockwork) -> None:
        from apscheduler.schedulers.background import BackgroundScheduler

        self._work = work
        self._scheduler: Any = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        start = datetime.now(UTC)
        self._scheduler.add_job(self._lead, "interval", seconds=RENEW_S, next_run_time=start, id="lead")
        for number, job in enumerate(JOBS):
            # A second apart, so that they don't queue up for the same lock.
            first = start + timedelta(seconds=2 + number)
            self._scheduler.add_job(
                self._turn, "interval", seconds=job.every, args=[job], next_run_time=first, id=job.name
            )

    def start(self) -> None:
        self._scheduler.start()
        log.info("clock %s started", self._work.holder)

    def stop(self) -> None:
        """Finish the job under way (break off an errand) and give the lead back."""
        self._work.closing.set()
        self._scheduler.shutdown(wait=True)
        with self._work.store.writing() as unit:
            leases.drop(unit, LEADER, self._work.holder)

    def _lead(self) -> bool:
        try:
            with self._work.store.writing() as unit:
                return leases.take(unit, LEADER, self._work.holder, self._work.machine(), LEADER_S)
        except Exception:  # the database may come back; the next turn tries again
            log.exception("the clock could not take the lead")
            return False

    def _turn(self, job: Job) -> None:
        if not self._lead():
            return
        try:
            if not self._work.has_city() or not self._work.hold(job):
                return
            try:
                self._work.run(job, self._work.city_now())
            finally:
                self._work.let_go(job)
        except Exception:  # one job's fault must not stop the clock
            log.exception("the job %s failed", job.name)
