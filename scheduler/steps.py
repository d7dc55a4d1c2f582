"""One run of one job, by whoever holds the job's lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.house import House
from handlers.services.intake import city_time
from handlers.talk import Scene
from scheduler.jobs import Job
from store import Store, Unit
from store.queries import city, job_runs, leases

log = logging.getLogger(__name__)

LEASE_S = 60.0
"""Longer than one look of any job; renewed with each. The lease of a process that died ends by itself."""
FULL = 200
"""A run that did at least so many things may have met the limit of one look, so there may be more."""


Errand = Callable[[Callable[[], bool]], int]
"""Long work outside any transaction. It asks every few seconds whether it may go on, and gives how much it did."""


@dataclass(frozen=True)
class Clockwork:
    """What jobs need. ``holder`` names this process among those that may run the clock.

    ``errands``: the long work of jobs by their names. ``closing`` is set when the process ends: errands then stop.
    """

    store: Store
    house: House
    holder: str
    errands: Mapping[str, Errand] = field(default_factory=dict)
    closing: threading.Event = field(default_factory=threading.Event)

    def machine(self) -> float:
        """Machine time in seconds."""
        return float(self.house.clock())

    def city_now(self) -> datetime:
        with self.store.reading() as unit:
            return city_time(unit, self.machine())

    def city_time(self, unit: Unit) -> datetime:
        """The city's time as a unit of work sees it."""
        return city_time(unit, self.machine())

    def has_city(self) -> bool:
        with self.store.reading() as unit:
            return city.version(unit) is not None

    def hold(self, job: Job) -> bool:
        """Take (or keep) the right to run a job; False while another process has it."""
        with self.store.writing() as unit:
            return leases.take(unit, f"job:{job.name}", self.holder, self.machine(), LEASE_S)

    def let_go(self, job: Job) -> None:
        with self.store.writing() as unit:
            leases.drop(unit, f"job:{job.name}", self.holder)

    def run(self, job: Job, at: datetime) -> int:
        """Everything that is due for a job at ``at``."""
        found = self._looks(job, at)
        if not job.errand or not found:
            return found
        errand = self.errands.get(job.name)
        # The look is noted already: when this process dies in the errand, the same look will not start it again.
        return errand(lambda: self._may_go_on(job)) if errand else 0

    def _may_go_on(self, job: Job) -> bool:
        return not self.closing.is_set() and self.hold(job)

    def _looks(self, job: Job, at: datetime) -> int:
        """Each look in a transaction of its own, until one finds less than may be left."""
        total = 0
        while True:
            with self.store.writing() as unit:
                if not leases.take(unit, f"job:{job.name}", self.holder, self.machine(), LEASE_S):
                    return total  # it took so long that another process has gone on with it
                done = job.run(Scene(self.house, unit, at, self.machine()))
                total += done
                job_runs.record(unit, job.name, at, self.machine(), total)
            if done < FULL:
                return total
