"""Whenever the planning of members' news is killed, the next clock ends it: everybody gets them, and gets them once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from store import Store
from store.models import Membership, Outbox, Recipient, Step
from tests.bench.digests import filled
from tests.kill import planner
from tests.kill.victim import DIED
from tests.town import MONDAY, Town

pytestmark = pytest.mark.slow

MEMBERS, OWN_CASES = 700, 100
Told = Counter[int]


def fill(store: Store) -> None:
    """Members whose news are due, most of them in one network so that each page has people with equal words."""
    filled(Town(store, judged=False), MEMBERS, OWN_CASES)
    with store.writing() as unit:
        most = update(Membership).where(Membership.id % 3 > 0)
        unit.change(most.values(network=unit.session.get_one(Membership, 1).network, every="weekly"))


def start(store: Store, point: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.kill.planner", store.url, point]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def told(store: Store) -> Told:
    """How many messages each person will get."""
    with store.reading() as unit:
        one = select(Outbox.person_id).where(Outbox.many.is_(False))
        found = [*unit.session.scalars(select(Recipient.person_id)), *unit.session.scalars(one)]
    return Counter(person_id for person_id in found if person_id is not None)


def counted(store: Store) -> Told:
    """How often each member's own row says that news were sent; everybody has been looked at."""
    query = select(Membership.person_id, Step.due_at, Step.evidence).join(
        Step, Step.membership_id == Membership.id
    )
    with store.reading() as unit:
        found = list(unit.session.execute(query.where(Step.number == 4)))
    assert len(found) == MEMBERS and all(due_at > MONDAY for _, due_at, _ in found)
    return Counter({person_id: shows["times"] for person_id, _, shows in found if shows.get("times")})


@pytest.fixture
def undisturbed(new_database: Callable[[str], str]) -> Told:
    """Who gets news when nothing dies."""
    store = Store(new_database("sqlite"))
    fill(store)
    planner.plan(store, "alone")
    found = told(store)
    store.close()
    return found


@pytest.mark.parametrize("point", planner.POINTS)
def test_killed_at_a_page_everybody_gets_the_news_once(store: Store, undisturbed: Told, point: str) -> None:
    fill(store)
    assert start(store, point).wait(120) == DIED
    before = told(store)
    assert 0 < sum(before.values()) < sum(undisturbed.values()), "it died in the middle"
    planner.plan(store, "second", later_s=planner.AFTER_THE_LEASE)
    assert set(told(store).values()) == {1}
    assert told(store) == undisturbed == counted(store)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_everybody_gets_the_news_once(
    store: Store, undisturbed: Told, seed: int
) -> None:
    dice = random.Random(seed)
    fill(store)
    process = start(store, "none")
    assert process.stdout is not None and process.stdout.readline() == b"1\n"
    time.sleep(dice.uniform(0, 0.3))
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    planner.plan(store, "second", later_s=planner.AFTER_THE_LEASE)
    assert told(store) == undisturbed == counted(store)
