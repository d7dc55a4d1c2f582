"""What became of the half year, from the same figures that the commands print."""

from __future__ import annotations

from datetime import datetime
from statistics import median, quantiles
from typing import Any

from bot.bootstrap import Wiring
from handlers.services import reports
from store.queries import demo as rows


def summary(wiring: Wiring, now: datetime) -> dict[str, Any]:
    """Cases, times, stars, pushes per closed case, and each network's figures."""
    with wiring.store.reading() as unit:
        spent = rows.times(unit)
        book = wiring.house.book(unit)
        found: dict[str, Any] = {
            "cases": rows.by_status(unit),
            "hours_to_first_answer": _spread([first for first, _ in spent]),
            "hours_to_finish": _spread([done for _, done in spent if done is not None]),
            "stars": rows.ratings(unit),
            "happened": rows.happened(unit),
            "pushes": reports.quota(unit, None, None, 0.0),
            "networks": reports.networks(unit, book, now),
        }
    return found


def _spread(values: list[float]) -> dict[str, float] | None:
    if len(values) < 2:
        return None
    return {"median": round(median(values), 1), "p90": round(quantiles(values, n=10)[-1], 1)}
