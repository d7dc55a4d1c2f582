"""Writers of a SQLite file take turns, in one process and between processes."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from pathlib import Path

from sqlalchemy import text

from store import Store
from store.turn import Turn


def test_two_hold_it_never_at_once(tmp_path: Path) -> None:
    turns = [Turn(str(tmp_path / "x.db")) for _ in range(2)]
    inside = [0]
    clashes: list[int] = []

    def work(turn: Turn) -> None:
        for _ in range(50):
            with turn:
                inside[0] += 1
                clashes.extend([1] * (inside[0] > 1))
                time.sleep(0.0002)
                inside[0] -= 1

    threads = [threading.Thread(target=work, args=(turn,)) for turn in turns * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clashes == []


def test_a_neighbour_that_hangs_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    started = time.monotonic()
    with Turn(path), Turn(path, patience_s=0.2):
        pass
    assert 0.2 <= time.monotonic() - started < 2


def test_a_forked_process_takes_turns_with_its_parent(tmp_path: Path) -> None:
    turn = Turn(str(tmp_path / "x.db"))
    with turn:
        pass  # the lock file is open now, and a fork copies it
    child = os.fork()
    if child == 0:
        time.sleep(0.2)
        started = time.monotonic()
        with turn:
            os._exit(0 if time.monotonic() - started > 0.3 else 1)
    with turn:
        time.sleep(0.8)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _add(url: str, count: int) -> None:
    store = Store(url)
    for _ in range(count):
        with store.writing_connection() as connection:
            value = connection.execute(text("SELECT last FROM case_number WHERE year = 1")).scalar_one()
            connection.execute(text("UPDATE case_number SET last = :v WHERE year = 1"), {"v": value + 1})
    store.close()


def test_processes_that_read_and_then_write_lose_no_update(new_database: object) -> None:
    assert callable(new_database)
    url = new_database("sqlite")
    store = Store(url)
    with store.writing_connection() as connection:
        connection.execute(text("INSERT INTO case_number (year, last) VALUES (1, 0)"))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add, args=(url, 60)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT last FROM case_number WHERE year = 1")).scalar_one() == 180
    store.close()
