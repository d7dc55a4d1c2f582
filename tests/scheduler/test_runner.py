"""The clock of a running service: jobs run by themselves, and of two clocks one leads."""

from __future__ import annotations

import time
from collections.abc import Callable

from scheduler.runner import LEADER, Clock
from scheduler.steps import Clockwork
from store import Store
from store.models import Lease
from store.queries import job_runs
from tests.town import Town


def until(found: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.1)
    return False


def leader(store: Store) -> str | None:
    with store.reading() as unit:
        lease = unit.get(Lease, LEADER)
        return lease.holder if lease else None


def test_jobs_run_by_themselves_and_only_one_of_two_clocks_leads(store: Store) -> None:
    town = Town(store)
    town.house.clock = time.time
    first, second = (Clock(Clockwork(store, town.house, name)) for name in ("first", "second"))
    first.start()
    assert until(lambda: leader(store) == "first")
    second.start()

    def ran() -> bool:
        with store.reading() as unit:
            return job_runs.last(unit, "ladders") is not None

    assert until(ran)
    assert leader(store) == "first"
    second.stop()
    assert leader(store) == "first"
    first.stop()
    assert leader(store) is None


def test_without_a_city_the_clock_waits(store: Store) -> None:
    from bot.line.render import render
    from handlers.house import House
    from tests.town import BANGKOK, model

    house = House(render=render, model=model, base_url="https://saan.example", zone=BANGKOK)
    clock = Clock(Clockwork(store, house, "alone"))
    clock.start()
    assert until(lambda: leader(store) == "alone")
    time.sleep(2.5)
    clock.stop()
    with store.reading() as unit:
        assert job_runs.all_runs(unit) == []
