"""What a network's digest tells: counted once per network and time, whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.services import opinions
from handlers.talk import Scene
from store.models import Case, Digest, Poll, Task
from store.queries import cases as rows
from store.queries import digests as digest_rows
from store.queries import networks as member_rows

LISTS = ("new", "overdue", "done")
Figures = dict[str, list[Case]]


@dataclass(frozen=True)
class Facts:
    """A network since a time. ``told``: members who said what they need or can give since then."""

    network: str
    since: datetime
    figures: Figures
    joined: int
    grown: list[Case]
    told: int
    opinions: opinions.Summary
    polls: list[Poll]
    unread: dict[int, int]
    tasks: list[Task]
    supported: dict[int, int] = field(default_factory=dict)
    """How many representatives stand behind each case."""

    @property
    def numbers(self) -> dict[str, int]:
        """What is kept to compare the next digest with."""
        counted = {which: len(self.figures[which]) for which in LISTS}
        return {**counted, "joined": self.joined, "chronic": len(self.chronic)}

    @property
    def chronic(self) -> list[Case]:
        return chronic(self.figures)

    def kept(self) -> dict[str, Any]:
        """What the row of a digest remembers: the numbers, and what was shown so that it is no news again."""
        return {
            **self.numbers,
            "late": [case.code for case in self.figures["overdue"]],
            "polls": [poll.id for poll in self.polls],
            "finished": [case.code for case in self.figures["done"]][:50],
        }

    def news(self, last: Digest | None) -> bool:
        """Whether there is anything that the last digest had not told: what is late stays late without being news."""
        known = last.figures if last is not None else {}
        late = {case.code for case in self.figures["overdue"]} - set(known.get("late", []))
        polls = {poll.id for poll in self.polls} - set(known.get("polls", []))
        tasks = [task for task in self.tasks if task.opened_at > self.since]
        counts = (self.joined, self.told, len(self.figures["new"]), len(self.figures["done"]))
        return any((*counts, late, polls, tasks, self.grown))


def collect(scene: Scene, network: str, since: datetime) -> Facts:
    """Look everything up."""
    unit = scene.unit
    figures = rows.in_network(unit, network, since, scene.now)
    polls = digest_rows.waiting_polls(unit, network)
    grown = digest_rows.grown(unit, network, since)
    shown = {case.id for found in (*figures.values(), grown) for case in found}
    return Facts(
        network=network,
        since=since,
        figures=figures,
        joined=member_rows.joined_since(unit, network, since),
        grown=grown,
        told=digest_rows.told_since(unit, network, since),
        opinions=opinions.summary(scene, network),
        polls=polls,
        unread=digest_rows.unread_statements(unit, [poll.id for poll in polls]),
        tasks=digest_rows.open_tasks(unit, network),
        supported=digest_rows.endorsed_of(unit, shown),
    )


def chronic(figures: Figures) -> list[Case]:
    """New and overdue cases of a problem that came back at the same spot, the most frequent first."""
    found = [case for case in dict.fromkeys([*figures["new"], *figures["overdue"]]) if case.recurrence]
    return sorted(found, key=lambda case: -case.recurrence)
