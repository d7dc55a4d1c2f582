"""What the clock does, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.services import clock
from handlers.talk import Scene


@dataclass(frozen=True)
class Job:
    """``run(scene)`` does what is due at ``scene.now`` and gives how many things; ``every``: seconds between runs."""

    name: str
    every: int
    run: Callable[[Scene], int]


JOBS = (
    Job("ladders", 60, clock.climb_ladders),
    Job("silence", 600, clock.end_silence),
    Job("follow_up", 60, clock.follow_up),
    Job("terms", 60, clock.end_terms),
    Job("mornings", 300, clock.send_mornings),
    Job("digests", 300, clock.send_digests),
    Job("new_month", 600, clock.new_month),
    Job("clean_up", 3600, clock.clean_up),
)
