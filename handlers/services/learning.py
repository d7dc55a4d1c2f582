"""Looks whether there is enough to learn tonight; the training itself is done elsewhere, outside any transaction."""

from __future__ import annotations

from handlers.rules import learning
from handlers.talk import Scene
from store.queries import job_runs
from store.queries import learning as rows

JOB = "learning"


def due(scene: Scene) -> int:
    """1 when a training is due, else 0. A few looks at indexes."""
    looked, trained = job_runs.last(scene.unit, JOB), rows.last_training(scene.unit)
    new = rows.new_corrections(scene.unit, trained.up_to if trained else 0)
    local = scene.now.astimezone(scene.book.zone)
    return int(
        learning.due(
            local,
            looked.at if looked else None,
            trained.at if trained else None,
            new.number,
            new.first_at,
        )
    )
