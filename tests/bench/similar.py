"""How long it takes to look for similar cases among 1,000, 10,000 and 100,000."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, text

from bot.line.render import render
from handlers.house import House
from handlers.rules.duplicates import Problem
from handlers.services import similar
from handlers.services.seed import load_city
from handlers.talk import Scene
from store import Store
from store.city_folder import read_city
from store.models import Case, Trace
from store.queries import traces
from store.words import Status
from tests.bench import servers

SIZES = (1_000, 10_000, 100_000)
"""In the same town: what grows from the first to the second is how many cases there are to compare; then the caps of
the index hold."""
LOOKUPS = 200
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAYS = 3 * 365
"""Cases are spread over three years; those older than sixty days are closed."""
ROOT = Path(__file__).parents[2]
THINGS = ("ไฟทางดับ", "ถนนเป็นหลุม", "ขยะไม่มาเก็บ", "ท่อระบายน้ำตัน", "กิ่งไม้หัก", "หมาจรจัดไล่กัด", "น้ำประปาไม่ไหล")
WHERE = ("หน้าวัด", "ข้างตลาด", "ในซอย", "ริมคลอง", "หน้าโรงเรียน", "ใกล้สะพาน", "หลังอนามัย", "ตรงทางแยก")
SINCE = ("สามคืนแล้ว", "หลายวันแล้ว", "ตั้งแต่เมื่อวาน", "อันตรายมาก", "ช่วยมาดูหน่อย")
CATEGORIES = ("street_light", "road", "waste", "drainage", "tree", "animals", "water_supply")


def main() -> None:
    """Print medians and their ratio for each engine."""
    with servers.databases() as urls:
        for engine, url in urls.items():
            _measure(engine, url)


def _measure(engine: str, url: str) -> None:
    store, rng = Store(url), random.Random(11)
    with store.writing() as unit:
        load_city(unit, read_city(ROOT / "store" / "demo_city"))
    house = House(render, None, "https://saan.example", ZoneInfo("Asia/Bangkok"))
    medians: list[float] = []
    for count in SIZES:
        _fill(store, house, rng, count)
        medians.append(_median_ms(store, house, random.Random(5)))
    with store.reading() as unit:
        keys = unit.session.scalar(select(func.count()).select_from(Trace))
    store.close()
    among = ", ".join(f"{ms:.1f} ms among {size:,}" for ms, size in zip(medians, SIZES, strict=True))
    ratios = " and ".join(f"{later / before:.2f}" for before, later in pairwise(medians))
    print(f"looking for similar cases on {engine}: {among} ({keys:,} traces): ratios {ratios}", flush=True)


def _problem(rng: random.Random) -> Problem:
    """Somewhere in a town of ten by ten kilometres; one in four without a point."""
    kind = rng.randrange(len(THINGS))
    words = f"{THINGS[kind]} {rng.choice(WHERE)} {rng.randrange(12)} {rng.choice(SINCE)}"
    point = (
        (17.44 + rng.random() * 0.09, 101.68 + rng.random() * 0.09) if rng.random() < 0.75 else (None, None)
    )
    return Problem(CATEGORIES[kind], words, rng.choice(("420101", "420102", "420103", "420111")), *point)


def _fill(store: Store, house: House, rng: random.Random, upto: int) -> None:
    """More cases with their traces, as many as are missing."""
    with store.writing() as unit:
        have = unit.session.scalar(select(func.count()).select_from(Case)) or 0
        for start in range(have, upto, 2_000):
            numbers = range(start, min(start + 2_000, upto))
            found = [(n + 1, _problem(rng), NOW - timedelta(days=rng.randrange(1, DAYS))) for n in numbers]
            unit.session.execute(insert(Case), [_case(*facts) for facts in found])
            unit.session.execute(insert(Trace), [row for facts in found for row in _traces(*facts)])
        unit.session.execute(text("ANALYZE"))  # as engines do by themselves in the course of a day


def _closed(opened: datetime) -> datetime | None:
    return opened + timedelta(days=20) if NOW - opened > timedelta(days=60) else None


def _case(number: int, problem: Problem, opened: datetime) -> dict[str, object]:
    closed = _closed(opened)
    return {
        "id": number,
        "code": f"LOE69-{number:06}",
        "status": Status.CLOSED if closed else Status.OFFERED,
        "category": problem.category,
        "text": problem.words,
        "public_text": problem.words,
        "area": problem.area,
        "lat": problem.lat,
        "lon": problem.lon,
        "opened_at": opened,
        "changed_at": opened,
        "closed_at": closed,
    }


@cache
def _word_keys(problem: Problem) -> tuple[str, ...]:
    """Remembered, because filling says the same in many places."""
    return similar.word_keys(problem)


def _traces(number: int, problem: Problem, opened: datetime) -> list[dict[str, object]]:
    ends = _closed(opened) or traces.FAR
    keys = [("place", key) for key in similar.place_keys(problem, around=False)]
    keys += [("words", key) for key in _word_keys(replace(problem, lat=None, lon=None))]
    return [{"case_id": number, "kind": kind, "key": key, "ends_at": ends} for kind, key in keys]


def _median_ms(store: Store, house: House, rng: random.Random) -> float:
    """The median of looking for what a report may mean, the first few left out."""
    taken = []
    for _ in range(LOOKUPS + 10):
        problem = _problem(rng)
        with store.reading() as unit:
            scene = Scene(house, unit, NOW, NOW.timestamp())
            scene.book  # read before the time is taken
            start = time.perf_counter()
            similar.probable(scene, problem)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken[10:]) * 1000
