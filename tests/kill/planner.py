"""A clock that dies while it plans the news of many members: nothing is cleaned up.

``python -m tests.kill.planner DATABASE_URL POINT``. POINT "none" tells each page and plans until it is killed from outside.
"""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any

from sqlalchemy import event

from handlers.services import member_news
from handlers.talk import Scene
from scheduler.jobs import Job
from scheduler.steps import FULL, LEASE_S, Clockwork
from store import Store
from tests.kill.victim import die
from tests.town import Town

PAGE = FULL
"""Members in a page: from so many on a job looks again."""
POINTS = ("rows half written", "rows written", "page written", "page committed")
"""Where it dies in the second page; the last: before the third."""


def job(point: str = "") -> Job:
    """The clock's job of news in small pages, which dies at ``point``."""
    pages = itertools.count(1)

    def look(scene: Scene) -> int:
        page = next(pages)
        if point == "page committed" and page == 3:
            die()
        if page == 2:
            _die_at_statement(scene, point)
        done = member_news.send_due(scene, set(), PAGE)
        scene.unit.flush()
        if point == "page written" and page == 2:
            die()
        if point == "none":
            print(page, flush=True)
            time.sleep(0.05)
        return done

    return Job("follow_up", 60, look)


def _die_at_statement(scene: Scene, point: str) -> None:
    """In the middle of what a page writes: after the first people of a multicast, or before the members' steps."""
    starts = {"rows half written": "INSERT INTO recipient", "rows written": "UPDATE step"}.get(point)

    def look_at(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if starts is not None and statement.startswith(starts):
            die()

    when = "after_cursor_execute" if point == "rows half written" else "before_cursor_execute"
    event.listen(scene.unit.session.connection(), when, look_at)


def plan(store: Store, holder: str, point: str = "", later_s: float = 0.0) -> None:
    """Run the job as the clock does; ``later_s``: seconds of the machine after the first clock."""
    town = Town(store, judged=False)
    town.house.clock = lambda: town.now.timestamp() + later_s
    Clockwork(store, town.house, holder).run(job(point), town.now)


AFTER_THE_LEASE = LEASE_S + 1


if __name__ == "__main__":
    plan(Store(sys.argv[1]), "first", sys.argv[2])
