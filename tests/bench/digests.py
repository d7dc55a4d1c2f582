"""Planning the digests of 100,000 members: eight networks, three rhythms, two languages, some with cases of their own.

Everybody's news are due on one morning. Counted is the time of the clock's passes until nothing is due any more, on
SQLite, with what lands in the outbox; the goal is 60 seconds.
"""

from __future__ import annotations

import resource
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from handlers.services import member_news
from handlers.talk import Scene
from store import Store
from store.models import Base, Case, Membership, Outbox, Person, Recipient, Report, Step
from tests.town import MONDAY, Town

MEMBERS = 100_000
OWN_CASES = 2_000
"""Members with a change in a case of their own: their news are written one by one."""
GOAL_S = 60.0
AT_ONCE = 5_000
EVERY = ("daily", "weekly", "monthly")


def filled(town: Town, members: int, own: int) -> None:
    """People, memberships and steps 2 and 4 in bulk; news are due at nine."""
    networks = [row.code for row in _book(town).data.networks]
    joined = MONDAY - timedelta(days=40)
    for start in range(0, members, AT_ONCE):
        ids = range(start + 1, min(start + AT_ONCE, members) + 1)
        with town.store.writing() as unit:
            run = unit.session.execute
            run(insert(Person), [_person(n, joined) for n in ids])
            run(insert(Membership), [_member(n, networks[n % len(networks)], joined) for n in ids])
            run(insert(Step), [row for n in ids for row in _steps(n, joined)])
    with town.store.writing() as unit:
        for number in range(1, max(own // 100, 1) + 1):
            case = _case(number, networks[number % len(networks)])
            unit.add(case)
            unit.flush()
            mine = [n for n in range(1, members + 1) if n % len(networks) == number % len(networks)]
            people = mine[number * 100 : number * 100 + 100] or mine[: own // 20]
            unit.session.execute(insert(Report), [_report(case.id, n) for n in people or mine[:1]])


def _book(town: Town):  # type: ignore[no-untyped-def]
    with town.store.reading() as unit:
        return town.house.book(unit)


def _person(n: int, at: datetime) -> dict[str, object]:
    language = "en" if n % 20 == 0 else "th"
    return {"id": n, "line_id": f"U{n:032x}", "language": language, "created_at": at, "seen_at": at}


def _member(n: int, network: str, at: datetime) -> dict[str, object]:
    every = EVERY[n % 3]
    return {"id": n, "network": network, "person_id": n, "state": "active", "every": every, "joined_at": at}


def _steps(n: int, at: datetime) -> list[dict[str, object]]:
    told = {"needs": "solve", "gives": "time", "often": "weekly"} if n % 2 else {}
    common = {"membership_id": n, "due_at": at, "outcome": ""}
    due = MONDAY + timedelta(minutes=n % 300)
    return [
        {**common, "number": 2, "state": "answered", "evidence": told},
        {**common, "number": 4, "state": "due", "evidence": {}, "due_at": due},
    ]


def _case(number: int, network: str) -> Case:
    at = MONDAY - timedelta(hours=20)
    return Case(
        code=f"LOE69-{number:04d}",
        status="accepted",
        category="road",
        network=network,
        text="",
        public_text="",
        lead="WORKS",
        opened_at=at,
        changed_at=at,
    )


def _report(case_id: int, n: int) -> dict[str, object]:
    return {"case_id": case_id, "person_id": n, "text": "", "created_at": MONDAY - timedelta(hours=20)}


def plan(town: Town) -> tuple[float, int]:
    """Seconds until nothing is due, and how many passes it took."""
    started, passes = time.perf_counter(), 0
    while True:
        with town.store.writing() as unit:
            done = member_news.send_due(Scene(town.house, unit, town.now, town.now.timestamp()), set())
        passes += 1
        if done < member_news.PAGE:
            return time.perf_counter() - started, passes


def counted(store: Store) -> tuple[int, int, int]:
    """(rows for many, people in them, rows for one)."""
    with store.reading() as unit:
        number = select(func.count()).select_from(Outbox)
        many = unit.session.scalar(number.where(Outbox.many.is_(True))) or 0
        one = unit.session.scalar(number.where(Outbox.many.is_(False))) or 0
        return many, unit.session.scalar(select(func.count()).select_from(Recipient)) or 0, one


def main(members: int = MEMBERS, own: int = OWN_CASES) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        Base.metadata.create_all(store.engine)
        town = Town(store, judged=False)
        filled(town, members, own)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took, passes = plan(town)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        many, people, one = counted(store)
        print(
            f"digests of {members} members planned in {took:.1f} s ({passes} transactions, {grown} MiB more memory):"
            f" {people} people in {many} multicasts, {one} pushes; ratio to {GOAL_S:.0f} s: {took / GOAL_S:.2f}"
        )
        store.close()
