"""What the clock does, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.services import (
    city_figures,
    clock,
    closing,
    gatherings,
    introductions,
    ladders,
    learning,
    network_clock,
    routing,
    usual,
)
from handlers.talk import Scene


@dataclass(frozen=True)
class Job:
    """``run(scene)`` does what is due at ``scene.now`` and gives how many things; ``every``: seconds between runs.

    ``errand``: ``run`` only looks; when it finds something, the work of that name which was handed to the clock is
    done after it, outside any transaction.
    """

    name: str
    every: int
    run: Callable[[Scene], int]
    errand: bool = False


JOBS = (
    Job("ladders", 60, ladders.climb),
    Job("hand_overs", 300, clock.tell_hand_overs),
    Job("silence", 600, clock.end_silence),
    Job("decisions", 60, closing.run),
    Job("activities", 60, gatherings.run),
    Job("follow_up", 60, clock.follow_up),
    Job("terms", 60, clock.end_terms),
    Job("mornings", 300, clock.send_mornings),
    Job("networks", 600, network_clock.care),
    Job("digests", 300, clock.send_digests),
    Job("usual_times", 3600, usual.compute),
    Job("advice", 3600, routing.advise),
    Job("new_month", 600, clock.new_month),
    Job("network_months", 600, introductions.monthly),
    Job("thanks", 600, clock.tell_thanks),
    Job("clean_up", 3600, clock.clean_up),
    Job(city_figures.JOB, 300, city_figures.due, errand=True),
    Job(learning.JOB, 600, learning.due, errand=True),
)
