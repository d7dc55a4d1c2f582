"""What the open data cost among a thousand and among a hundred thousand cases, on both databases.

Pages as other programs ask for them (through the whole web application, without a socket), and the whole export with
the most memory it ever held.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bot.app import create_app
from bot.bootstrap import Wiring
from store import Store
from store.models import Case, Deadline, History
from store.words import Status
from tests.bench import servers
from tests.bench.lists import NOW, STATUSES
from tests.installation import LINE, installed

SIZES = (1_000, 100_000)
ROUNDS = 15
PAGES = {
    "api page of 50": "/api/v1/cases",
    "api page of 50, later": "/api/v1/cases?after=LOE69-0000500",
    "api page of 50, one area and status": "/api/v1/cases?area=420102&status=offered",
    "open311 page of 100": "/open311/v2/requests.json?page_size=100",
    "open311 page of 100, open": "/open311/v2/requests.json?status=open&page_size=100",
    "open311 1,000 requests": "/open311/v2/requests.xml",
    "open311 100 updates": "/open311/v2/servicerequestupdates.json?page_size=100",
    "feed of an issue": "/open-data/feeds/issue/road.atom",
    "figures": "/api/v1/figures",
    "open data page": "/open-data",
}
_BATCH = 5_000
_CATEGORIES = ("road", "waste", "street_light", "flooding", "land", "welfare")


def main() -> None:
    """Print medians in milliseconds, then the export."""
    with servers.databases() as urls:
        for engine, url in urls.items():
            with tempfile.TemporaryDirectory() as folder:
                wiring = installed(Path(folder), DATABASE_URL=url, **LINE)
                wiring.house.clock = NOW.timestamp
                _compare(engine, wiring)
                wiring.store.close()


def _compare(engine: str, wiring: Wiring) -> None:
    client, medians, filled = create_app(wiring).test_client(), [], 0
    for size in SIZES:
        _fill(wiring.store, filled, size)
        filled = size
        medians.append({name: _took(client, path) for name, path in PAGES.items()})
    small, large = medians
    told = ", ".join(
        f"{name} {took.clock:.0f} ({took.work:.0f}, {took.work / small[name].work:.1f} ×)"
        for name, took in large.items()
    )
    print(
        f"open data on {engine} among {SIZES[-1]} cases, median ms of {ROUNDS} by the clock (of this process's work,"
        f" × the same among {SIZES[0]}): {told}",
        flush=True,
    )
    for form in ("csv", "geojson"):
        _export(engine, client, form)


class Took(NamedTuple):
    """Medians in milliseconds: of the clock, and of the processor's time that this process alone has used."""

    clock: float
    work: float


def _took(client: FlaskClient, path: str) -> Took:
    clock, work = [], []
    for _ in range(ROUNDS):
        start, began = time.perf_counter(), time.process_time()
        answer = client.get(path)
        clock.append((time.perf_counter() - start) * 1000)
        work.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, path
    return Took(statistics.median(clock), statistics.median(work))


def _export(engine: str, client: FlaskClient, form: str) -> None:
    """All cases by the clock, then one month with its memory, for measuring that slows it."""
    start, size = time.perf_counter(), 0
    for piece in client.get(f"/open-data/cases.{form}", buffered=False).iter_encoded():
        size += len(piece)
    seconds = time.perf_counter() - start
    tracemalloc.start()
    for _ in client.get(f"/open-data/cases.{form}?month={NOW:%Y-%m}", buffered=False).iter_encoded():
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"open data on {engine}: whole {form} of {SIZES[-1]} cases {size / 2**20:.0f} MiB in {seconds:.1f} s;"
        f" a month of it held {most / 2**20:.1f} MiB at most",
        flush=True,
    )


def _fill(store: Store, first: int, last: int) -> None:
    chance = random.Random(last)
    with store.writing() as unit:
        for start in range(first, last, _BATCH):
            rows = [_case(n, chance) for n in range(start, min(start + _BATCH, last))]
            unit.session.execute(insert(Case), rows)
            unit.session.execute(insert(Deadline), list(_deadlines(rows)))
            unit.session.execute(insert(History), [h for row in rows for h in _history(row)])
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _case(number: int, chance: random.Random) -> dict[str, Any]:
    """A year's cases, evenly."""
    opened = NOW - timedelta(minutes=chance.randrange(1, 500_000))
    return {
        "id": number + 1,
        "code": f"LOE69-{number + 1:07d}",
        "status": chance.choice(STATUSES),
        "category": chance.choice(_CATEGORIES),
        "area": f"4201{chance.randrange(1, 15):02d}",
        "network": "ROADS",
        "lead": "WORKS",
        "text": "ถนนเป็นหลุมใหญ่หน้าตลาด " * 4,
        "public_text": "ถนนเป็นหลุมใหญ่หน้าตลาด " * 4,
        "place_text": "หน้าตลาดเมืองใหม่",
        "lat": 17.48 + chance.random() / 10,
        "lon": 101.72 + chance.random() / 10,
        "opened_at": opened,
        "changed_at": opened,
    }


def _deadlines(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        due = row["opened_at"] + timedelta(days=10)
        state = "kept" if row["status"] in (Status.CLOSED, Status.DONE) else "running"
        same = {"case_id": row["id"], "agency": "WORKS", "kind": "finish"}
        yield {**same, "due_at": due, "next_at": due, "state": state}


def _history(row: dict[str, Any]) -> list[dict[str, Any]]:
    same = {"case_id": row["id"], "at": row["opened_at"], "role": "system", "public": True}
    return [
        {**same, "kind": "reported", "status_to": None},
        {**same, "kind": "offered", "status_to": "offered"},
        {**same, "kind": "accepted", "status_to": "accepted"},
    ]
