"""Events decided and delivered per second by the real dispatcher: one worker on SQLite, two on PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.line.raw_events import new_events
from handlers.flows.welcome import CONSENT_VERSION
from handlers.services.seed import load_city
from nlp.built import load_or_train
from store import Store
from store.city_folder import read_city
from store.models import Inbox, Outbox
from store.queries import inbox, outbox
from tests.bench import servers

PEOPLE = 250
WORKERS = {"sqlite": 1, "postgresql": 2}
PATIENCE_S = 300.0
ROOT = Path(__file__).parents[2]
MODELS = ROOT / "var" / "test-models"
SAID = ("ไฟทางดับหลายดวง มืดมาก", "น้ำท่วมถนนรถผ่านไม่ได้", "ขยะไม่มาเก็บสามวันแล้ว", "หมาจรจัดไล่กัดคน")


def main() -> None:
    """Print rates, the delay of a lone message, and memory."""
    load_or_train(MODELS)
    with servers.databases() as urls, servers.line() as line_url:
        for engine, url in urls.items():
            _measure(engine, url, line_url)


def _measure(engine: str, url: str, line_url: str) -> None:
    store = Store(url)
    with store.writing() as unit:
        load_city(unit, read_city(ROOT / "store" / "demo_city"))
    with _workers(WORKERS[engine], servers.environment(url, line_url, Path())) as pids:
        _settle(store, _consents())
        alone = _delay_alone(store)
        before = _sent(store)
        reports = _reports()
        seconds = _settle(store, reports)
        messages = _sent(store) - before
        memory = [servers.memory_mib(pid) for pid in pids]
    store.close()
    count = WORKERS[engine]
    print(
        f"throughput on {engine}, {count} worker{'s' if count > 1 else ''}: {len(reports) / seconds:.0f} events/s "
        f"decided, {messages / seconds:.0f} messages/s delivered; a lone message is answered after "
        f"{alone * 1000:.0f} ms; {' and '.join(f'{each:.0f}' for each in memory)} MiB per worker"
    )


@contextmanager
def _workers(count: int, env: dict[str, str]) -> Iterator[list[int]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(MODELS, folder / "models")
        command = [sys.executable, "-m", "bot.cli", "worker"]
        whole = {**os.environ, **env, "SAAN_DATA_DIR": str(folder)}
        running = [subprocess.Popen(command, env=whole, cwd=ROOT) for _ in range(count)]
        try:
            yield [process.pid for process in running]
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()


def _consents() -> list[dict[str, Any]]:
    data = {"data": f"do=consent&ok=1&v={CONSENT_VERSION}"}
    return [_event(person, "c", type="postback", postback=data) for person in range(PEOPLE)]


def _reports() -> list[dict[str, Any]]:
    """What she says, where it is (each landmark of the demo city in turn), and her yes."""
    places = [place.name for place in read_city(ROOT / "store" / "demo_city").places]
    made = []
    for person in range(PEOPLE):
        place = places[person % len(places)]
        made.append(_text(person, 1, SAID[person % len(SAID)]))
        made.append(_text(person, 2, f"หน้า{place}"))
        made.append(_event(person, "3", type="postback", postback={"data": "do=report.confirm"}))
    return made


def _text(person: int, number: int, words: str) -> dict[str, Any]:
    message = {"type": "text", "id": f"{number}{person:016d}", "text": words}
    return _event(person, str(number), type="message", message=message)


def _event(person: int, step: str, **more: Any) -> dict[str, Any]:
    return {
        "webhookEventId": f"bench-{step}-{person}",
        "timestamp": int(time.time() * 1000),
        "mode": "active",
        "replyToken": f"token-{step}-{person}",
        "source": {"type": "user", "userId": f"U{person:032x}"},
        **more,
    }


def _settle(store: Store, events: list[dict[str, Any]]) -> float:
    """Put events into the inbox; gives seconds until all are decided and everything is sent."""
    started = time.monotonic()
    with store.writing_connection() as connection:
        inbox.store(connection, new_events(json.dumps({"events": events}).encode(), time.time()))
    while time.monotonic() < started + PATIENCE_S:
        with store.reading() as unit:
            inside, outside = inbox.counts(unit), outbox.counts(unit)
        if not _open(inside) and not _open(outside):
            if "parked" in inside or "parked" in outside:
                raise SystemExit(f"something was parked: {inside} {outside}")
            return time.monotonic() - started
        time.sleep(0.02)
    raise SystemExit(f"it did not end: {inside} {outside}")


def _open(counts: dict[str, int]) -> int:
    return counts.get("waiting", 0) + counts.get("claimed", 0)


def _delay_alone(store: Store) -> float:
    """Seconds from a lone event's arrival to the end of its answer's delivery, the median of some."""
    for person in range(PEOPLE, PEOPLE + 15):
        _settle(store, [_text(person, 9, "สวัสดี")])
    with store.reading() as unit:
        newest = select(Outbox.sent_at - Inbox.received_at).join(Inbox, Inbox.id == Outbox.inbox_id)
        delays = unit.session.scalars(newest.order_by(Outbox.id.desc()).limit(15)).all()
    return sorted(float(delay or 0.0) for delay in delays)[len(delays) // 2]


def _sent(store: Store) -> int:
    with store.reading() as unit:
        return unit.session.execute(select(func.count()).where(Outbox.state == "done")).scalar_one()
