"""How long one routing decision takes: every area and category of the demo city, fresh and after two declines."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median, quantiles

from handlers.city import CityBook
from handlers.rules.calendar import BANGKOK
from store.city_folder import read_city

DEMO = Path(__file__).parents[2] / "store" / "demo_city"
ROUNDS = 5
TARGET_MS = 0.2


def figures() -> tuple[float, float]:
    """Median and 99th percentile of a decision, milliseconds."""
    book = CityBook(read_city(DEMO), BANGKOK)
    took = []
    for _ in range(ROUNDS):
        for area in book.data.inside:
            for category in book.categories:
                for declined in ([], ["WORKS", "HIGHWAY"]):
                    start = time.perf_counter()
                    book.route(area.code, category, declined)
                    took.append((time.perf_counter() - start) * 1000)
    return median(took), quantiles(took, n=100)[98]


def main() -> None:
    middle, high = figures()
    print(
        f"routing decision: median {middle:.4f} ms, p99 {high:.4f} ms, ratio to {TARGET_MS} ms: {high / TARGET_MS:.2f}"
    )
