"""How long list pages of the console take among 100,000 cases, through the whole application, on both databases."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text, update

from bot.app import create_app
from store.models import Case
from store.words import RoleName
from tests.bench import lists, servers
from tests.bot.console.kit import Desk, Place
from tests.installation import installed
from tests.town import Town

CASES, ROUNDS = 100_000, 10
PAGES = {
    "board": "/console/",
    "new": "/console/cases?list=new",
    "overdue": "/console/cases?list=overdue",
    "open": "/console/cases",
    "all": "/console/cases?status=all",
    "closed road": "/console/cases?status=closed&category=road",
    "word nobody wrote": "/console/cases?status=all&q=zzzz",
    "word twenty wrote": "/console/cases?status=all&lead=*&q=ลิงแสม",
    "word everybody wrote": "/console/cases?status=all&q=ตลาด",
    "two letters nobody wrote": "/console/cases?status=all&q=zz",
    "whole city": "/console/cases?lead=*&status=all",
    "page 30": "/console/cases?status=all&page=30",
}


def main() -> None:
    """Print the median and the slowest of each page, for an official of the busiest agency who coordinates too."""
    with servers.databases() as urls, tempfile.TemporaryDirectory() as folder:
        for engine, url in urls.items():
            _measure(engine, _place(Path(folder), url))


def _measure(engine: str, at: Place) -> None:
    desk = at.enter("เจ้าหน้าที่")
    for name, path in PAGES.items():
        took = [_took(desk, path) for _ in range(ROUNDS + 1)][1:]
        times, work = [wall for wall, _ in took], [cpu for _, cpu in took]
        print(
            f"console on {engine}, {name}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms of {ROUNDS};"
            f" processor {statistics.median(work):.0f} ms",
            flush=True,
        )


def _place(folder: Path, url: str) -> Place:
    wiring = installed(folder, DATABASE_URL=url)
    started = time.perf_counter()
    lists._fill(wiring.store, 0, CASES)
    print(f"console: {CASES} cases written in {time.perf_counter() - started:.0f} s", flush=True)
    with wiring.store.writing() as unit:
        rare = update(Case).where(Case.id % (CASES // 20) == 0).values(public_text="ลิงแสมรื้อถังขยะ")
        unit.change(rare)
        if not wiring.store.sqlite:  # the people above came with numbers of their own
            unit.session.execute(text("SELECT setval(pg_get_serial_sequence('person', 'id'), 100)"))
    town = Town(wiring.store, now=datetime.now(UTC))
    town.house = wiring.house
    town.settle("เจ้าหน้าที่", RoleName.OFFICIAL, agency=lists.BUSY)
    town.says("เจ้าหน้าที่", town.code_for(RoleName.COORDINATOR, agency="CENTER"))
    return Place(wiring, town, create_app(wiring))


def _took(desk: Desk, path: str) -> tuple[float, float]:
    """Milliseconds that passed, and that the processor worked: other programs share the machine."""
    start, work = time.perf_counter(), time.process_time()
    answer = desk.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return (time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000
