"""How long public pages take in a city with a hundred thousand cases, on both databases, and how much they send."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bot.app import create_app
from bot.bootstrap import Wiring
from handlers.services import city_figures
from store.city_folder import read_city
from store.issues import issues
from store.models import Case, Deadline
from store.words import FIXED, Status
from tests.bench import servers
from tests.installation import LINE, installed
from tests.town import DEMO_CITY

CASES, ROUNDS, BATCH = 100_000, 15, 5_000
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
STATUSES = (
    [Status.CLOSED] * 80 + [Status.OFFERED] * 5 + [Status.ACCEPTED] * 6 + [Status.IN_PROGRESS] * 4
    + [Status.WAITING] * 2 + [Status.DONE] * 3
)  # fmt: skip
RARE = "/cases?which=open&category=canal&area={area}&agency=WORKS&network=ROADS"
LIMITS = {"/": 150.0, "/map.json": 300.0}
LIST_MS, MAP_BYTES = 100.0, 500_000


def main() -> None:
    """Print for each page the median and the best, and the ratio to its limit."""
    with servers.databases() as urls, tempfile.TemporaryDirectory() as folder:
        for engine, url in urls.items():
            wiring = installed(Path(folder), DATABASE_URL=url, **LINE)
            wiring.house.clock = NOW.timestamp
            _fill(wiring)
            started = time.perf_counter()
            city_figures.count_ahead(wiring.store, wiring.house, lambda: True)
            print(
                f"pages on {engine}: figures counted ahead in {time.perf_counter() - started:.1f} s",
                flush=True,
            )
            _measure(engine, create_app(wiring).test_client(), wiring)
            wiring.store.close()


def _measure(engine: str, client: FlaskClient, wiring: Wiring) -> None:
    area = read_city(DEMO_CITY).inside[0].code
    lists = [
        "/cases",
        "/cases?which=overdue",
        "/cases?which=fixed",
        "/cases?which=all",
        RARE.format(area=area),
    ]
    for path in [
        "/",
        "/map.json",
        *lists,
        "/cases?before=LOE69-0050000",
        "/cases/LOE69-0050000",
        "/networks",
        "/networks/ROADS",
    ]:
        times, size = _took(client, path)
        limit = LIMITS.get(path, LIST_MS)
        median = statistics.median(times)
        print(
            f"pages on {engine}: {path.replace(area, 'AREA')} {median:.0f} ms (best {min(times):.0f}),"
            f" {size // 1000} KB unsqueezed, ratio to {limit:.0f} ms: {median / limit:.2f}",
            flush=True,
        )
        if path == "/map.json":
            print(
                f"pages on {engine}: map ratio to {MAP_BYTES // 1000} KB: {size / MAP_BYTES:.2f}", flush=True
            )


def _took(client: FlaskClient, path: str) -> tuple[list[float], int]:
    """Milliseconds of each round, and how many bytes came; the first round only warms up."""
    times, size = [], 0
    for number in range(ROUNDS + 1):
        started = time.perf_counter()
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        if number:
            times.append((time.perf_counter() - started) * 1000)
        size = len(answer.data)
    return times, size


def _fill(wiring: Wiring) -> None:
    chance, city = random.Random(7), read_city(DEMO_CITY)
    with wiring.store.writing() as unit:
        for start in range(0, CASES, BATCH):
            rows = [_case(number, chance, city) for number in range(start, start + BATCH)]
            unit.session.execute(insert(Case), rows)
            unit.session.execute(insert(Deadline), list(_promises(rows, chance)))
    with wiring.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _case(number: int, chance: random.Random, city: Any) -> dict[str, Any]:
    status, area = chance.choice(STATUSES), chance.choice(city.inside)
    opened = NOW - timedelta(minutes=5 * (CASES - number))
    category = chance.choice((*sorted(issues().reach), "drugs", "service"))
    accepted = opened + timedelta(hours=chance.expovariate(1 / 20))
    done = opened + timedelta(hours=chance.expovariate(1 / 200)) if status in FIXED else None
    words = "ถนนเป็นหลุมใหญ่หน้าตลาด " * 4
    return {
        "id": number + 1,
        "code": f"LOE69-{number + 1:07d}",
        "status": status,
        "category": category,
        "network": chance.choice(city.networks).code,
        "area": area.code,
        "lat": area.lat + chance.gauss(0, 0.01),
        "lon": area.lon + chance.gauss(0, 0.01),
        "lead": chance.choice(city.agencies).code,
        "text": words,
        "public_text": words,
        "opened_at": opened,
        "changed_at": opened,
        "accepted_at": accepted if status != Status.OFFERED else None,
        "done_at": min(done, NOW) if done else None,
        "rating": chance.choice((None, 3, 4, 5)) if done else None,
    }


def _promises(rows: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Two of each case: an answer that was kept, and a fix."""
    for row in rows:
        due = row["opened_at"] + timedelta(hours=200)
        same = {"case_id": row["id"], "agency": row["lead"], "due_at": due, "next_at": due}
        yield {
            **same,
            "kind": "ack",
            "state": chance.choice(("kept", "broken")),
            "ended_at": row["opened_at"],
        }
        over = row["done_at"] is not None
        yield {
            **same,
            "kind": "finish",
            "state": chance.choice(("kept", "broken")) if over else "running",
            "ended_at": row["done_at"],
        }
