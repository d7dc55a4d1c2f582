"""What became of the half year, from the same figures that the commands print."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from bot.bootstrap import Wiring
from handlers.services import reports
from store.queries import demo as rows

Data = dict[str, Any]


def summary(wiring: Wiring, now: datetime) -> Data:
    """Cases, hours to the first answer and to the end, stars, pushes per closed case, and how each network does."""
    with wiring.store.reading() as unit:
        spent = rows.times(unit)
        book = wiring.house.book(unit)
        quota = reports.quota(unit, None, None, 0.0)
        return {
            "cases": rows.by_status(unit),
            "hours_to_first_answer": _spread([first for first, _ in spent]),
            "hours_to_finish": _spread([done for _, done in spent if done is not None]),
            "stars": rows.ratings(unit),
            "pushes_per_closed_case": quota["pushes_per_closed_case"],
            "pushes": quota["pushes"],
            "happened": rows.happened(unit),
            "networks": [_network(found) for found in reports.networks(unit, book, now)],
        }


def _network(found: Data) -> Data:
    """One network without its people: they are in `saan network CODE --json`."""
    figures = found["metrics"]
    return {
        "code": found["code"],
        "members": {name: figures[name] for name in ("members", "invited", "declined", "left")},
        "five_steps": found["steps"],
        "retention": figures["retention"],
        "decisions": dict(Counter(one["outcome"] or one["state"] for one in found["decisions"])),
        "promises": found["promises"],
        "activities": dict(Counter(one["state"] for one in found["activities"])),
        "came": sum(one["came"] for one in found["activities"]),
        "commitments": {name: figures["commitments"][name] for name in ("kept", "broken")},
        "resources": figures["resources"],
        "guidelines_met": sum(one["met"] for one in found["guidelines"]),
    }


def _spread(values: list[float]) -> dict[str, float] | None:
    if len(values) < 2:
        return None
    return {"median": round(median(values), 1), "p90": round(quantiles(values, n=10)[-1], 1)}
