"""How long an official's list takes among a thousand and among a hundred thousand cases, on both databases.

A list is what the official waits for: all counts and one page of ten cases with what their cards show.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, text

from store import Store
from store.models import Case, Deadline, Helper, History, Person
from store.queries import desk
from store.queries.desk import LISTS, Desk
from store.words import Status
from tests.bench import servers

SIZES = (1_000, 100_000)
AGENCIES = [f"A{chr(65 + n)}" for n in range(19)]
BUSY = "AA"
"""An agency with a fifth of all cases."""
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ROUNDS = 20
STATUSES = (
    [Status.CLOSED] * 80 + [Status.OFFERED] * 5 + [Status.ACCEPTED] * 6 + [Status.IN_PROGRESS] * 4
    + [Status.WAITING] * 2 + [Status.DONE] * 3
)  # fmt: skip
_BATCH = 5_000


class Took(NamedTuple):
    """Milliseconds. The best round tells what the work costs on a machine that does other things besides."""

    median: float
    best: float


def main() -> None:
    """Print the median for each list, and how much slower the large town is."""
    with servers.databases() as urls:
        for engine, url in urls.items():
            store = Store(url)
            medians = {}
            filled = 0
            for size in SIZES:
                _fill(store, filled, size)
                filled = size
                medians[size] = _measure(store)
            store.close()
            _print(engine, medians)


def _print(engine: str, medians: dict[int, dict[str, Took]]) -> None:
    small, large = (medians[size] for size in SIZES)
    worst = max(large, key=lambda name: large[name].median)
    names = ", ".join(f"{name} {large[name].median:.1f} ({large[name].best:.1f})" for name in LISTS)
    ratio = large[worst].median / small[worst].median
    print(
        f"an official's list on {engine} among {SIZES[-1]} cases, median (best) of {ROUNDS} in ms: {names};"
        f" slowest {large[worst].median:.1f} ms = {ratio:.1f} × the same among {SIZES[0]}",
        flush=True,
    )


def _measure(store: Store) -> dict[str, Took]:
    """Milliseconds of counts and first page, by list."""
    mine = Desk((BUSY,), (1, 2), None)
    return {name: _took(store, mine, name) for name in LISTS}


def _took(store: Store, mine: Desk, name: str) -> Took:
    times = []
    for _ in range(ROUNDS):
        with store.reading() as unit:
            start = time.perf_counter()
            desk.counts(unit, mine, NOW)
            desk.page(unit, mine, name, NOW, 0, 10)
            times.append((time.perf_counter() - start) * 1000)
    return Took(statistics.median(times), min(times))


def _fill(store: Store, first: int, last: int) -> None:
    chance = random.Random(last)
    with store.writing() as unit:
        if first == 0:
            _people(unit)
        for start in range(first, last, _BATCH):
            numbers = range(start, min(start + _BATCH, last))
            rows = [_case(number, chance) for number in numbers]
            unit.session.execute(insert(Case), rows)
            unit.session.execute(insert(Deadline), list(_deadlines(rows, chance)))
            unit.session.execute(insert(Helper), [_helper(row) for row in rows if row["id"] % 7 == 0])
            unit.session.execute(insert(History), [h for row in rows for h in _history(row)])
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _people(unit: Any) -> None:
    for number in (1, 2):
        unit.add(Person(id=number, line_id=f"U{number}", created_at=NOW, seen_at=NOW))
    unit.flush()


def _case(number: int, chance: random.Random) -> dict[str, Any]:
    status = chance.choice(STATUSES)
    opened = NOW - timedelta(minutes=chance.randrange(1, 500_000))
    work = status in (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
    return {
        "id": number + 1,
        "code": f"LOE69-{number:07d}",
        "status": status,
        "category": "road",
        "text": "ถนนเป็นหลุมใหญ่หน้าตลาด " * 4,
        "public_text": "ถนนเป็นหลุมใหญ่หน้าตลาด " * 4,
        "urgent": chance.random() < 0.05,
        "lead": BUSY if chance.random() < 0.2 else chance.choice(AGENCIES),
        "opened_at": opened,
        "changed_at": opened,
        "assignee_id": chance.choice((1, 2, None)) if work else None,
    }


def _deadlines(rows: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    for row in rows:
        over = row["status"] in (Status.CLOSED, Status.DONE)
        due = row["opened_at"] + timedelta(days=chance.randrange(1, 300))
        state = "kept" if over else "running"
        yield {
            "case_id": row["id"],
            "agency": row["lead"],
            "kind": "finish",
            "due_at": due,
            "next_at": due,
            "state": state,
        }


def _helper(row: dict[str, Any]) -> dict[str, Any]:
    state = "done" if row["status"] == Status.CLOSED else "asked"
    agency = BUSY if row["id"] % 2 else AGENCIES[1]
    return {"case_id": row["id"], "agency": agency, "task": "-", "state": state, "since": row["opened_at"]}


def _history(row: dict[str, Any]) -> list[dict[str, Any]]:
    same = {"case_id": row["id"], "at": row["opened_at"], "role": "system"}
    return [{**same, "kind": "reported"}, {**same, "kind": "offered"}, {**same, "kind": "accepted"}]
