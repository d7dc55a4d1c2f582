"""How long groups of opinion take to be found among many voters."""

from __future__ import annotations

import time

import numpy as np

from handlers.rules import opinion_groups

VOTERS, STATEMENTS, SECONDS = 10_000, 200, 5.0


def main() -> None:
    """Print the seconds for a city's worth of votes, and their ratio to what is allowed."""
    chance = np.random.default_rng(1)
    side = np.where(chance.random(VOTERS) < 0.4, -1.0, 1.0)[:, None] * np.sign(chance.normal(size=STATEMENTS))
    votes = side * np.where(chance.random((VOTERS, STATEMENTS)) < 0.15, -1.0, 1.0)
    votes[chance.random((VOTERS, STATEMENTS)) < 0.3] = np.nan
    started = time.perf_counter()
    found = opinion_groups.find(votes)
    seconds = time.perf_counter() - started
    groups = len(found.sizes) if found else 0
    print(
        f"groups of opinion among {VOTERS} voters and {STATEMENTS} statements: {seconds:.1f} s"
        f" ({seconds / SECONDS:.2f} of the allowed), {groups} groups"
    )


if __name__ == "__main__":
    main()
