"""Cases written straight into a database, for pages and figures about many of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from store import Store
from store.models import Case, Deadline
from store.words import Status

FIRST = 1_000
"""The first id, far from those of cases that a test has people report."""


def write(store: Store, now: datetime, rows: Iterable[dict[str, Any]], first: int = FIRST) -> list[str]:
    """Add cases; what a row leaves out is that of an open case about a road from an hour ago. Gives their codes."""
    made = [_case(number, now, row) for number, row in enumerate(rows, start=first)]
    with store.writing() as unit:
        unit.session.execute(insert(Case), made)
    return [row["code"] for row in made]


def _case(number: int, now: datetime, row: dict[str, Any]) -> dict[str, Any]:
    opened = row.get("opened_at", now - timedelta(hours=1))
    blank = dict.fromkeys(("network", "area", "lat", "lon", "lead", "accepted_at", "done_at", "rating"))
    return {
        **blank,
        "id": number,
        "code": f"LOE69-{number:05d}",
        "status": Status.ACCEPTED,
        "category": "road",
        "text": "ถนนเป็นหลุม",
        "public_text": "ถนนเป็นหลุม",
        "changed_at": opened,
        "opened_at": opened,
        **row,
    }


def promise(store: Store, case: int, state: str, due: datetime, ended: datetime | None = None) -> None:
    """A promise of the lead of the case with that id."""
    with store.writing() as unit:
        unit.add(
            Deadline(
                case_id=case,
                agency="WORKS",
                kind="finish",
                due_at=due,
                next_at=due,
                state=state,
                ended_at=ended,
            )
        )
