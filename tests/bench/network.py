"""How long the figures of a very large network take."""

from __future__ import annotations

import random
import time

from handlers.rules import network_graph

ACTORS, TIES, LIMIT_S = 5_000, 200_000, 10.0


def main() -> None:
    draw = random.Random(1)
    made: dict[tuple[str, str], float] = {}
    while len(made) < TIES:
        a, b = sorted(f"person:{n}" for n in draw.sample(range(ACTORS), 2))
        made[a, b] = draw.random()
    started, cpu = time.perf_counter(), time.process_time()
    shape = network_graph.shape(made)
    took, worked = time.perf_counter() - started, time.process_time() - cpu
    print(f"network: {shape.actors} actors, {shape.ties} ties in {took:.1f} s ({worked:.1f} s of CPU)")
    print(
        f"network: ratio to the limit of {LIMIT_S:.0f} s: {took / LIMIT_S:.2f} ({worked / LIMIT_S:.2f} CPU)"
    )
