"""What happens when: a queue of acts in played time, and the people who add to it."""

from __future__ import annotations

import heapq
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.stage import Stage

Act = Callable[[], object]

SLOT_S = 1800
"""People's acts begin on these marks, so that some fall together as they do in life."""
AT_ONCE_S = 20
"""Somebody who has the phone in her hand answers after so long."""


@cache
def life() -> dict[str, Any]:
    """Names, sentences and seasons of the invented city."""
    return tomllib.loads(Path(__file__).with_name("life.toml").read_text("utf-8"))


@dataclass
class Story:
    """The queue and the dice; the same seed plays the same half year."""

    stage: Stage
    dice: random.Random
    zone: ZoneInfo
    end: float
    _queue: list[tuple[float, int, Act]] = field(default_factory=list)
    _number: count[int] = field(default_factory=count)

    def at(self, when: float, act: Act) -> None:
        """Let something happen, unless the play is over by then."""
        if when <= self.end:
            heapq.heappush(self._queue, (when, next(self._number), act))

    def soon(self, act: Act) -> None:
        """She holds the phone in her hand."""
        self.at(self.stage.now + AT_ONCE_S, act)

    def later(self, hours: float, act: Act, awake: tuple[float, float] = (7.5, 20.5)) -> None:
        """After about so many hours, at a time of day at which people look at their phones."""
        self.at(self.awake(self.stage.now + self.dice.uniform(0.5, 1.5) * hours * 3600, awake), act)

    def awake(self, when: float, hours: tuple[float, float], days: range = range(7)) -> float:
        """The first mark from ``when`` on within these hours and weekdays (0 = Monday)."""
        moment = datetime.fromtimestamp(when, self.zone)
        hour = moment.hour + moment.minute / 60
        if hour > hours[1]:
            moment = (moment + timedelta(days=1)).replace(hour=0, minute=0)
            hour = 0.0
        if hour < hours[0]:
            moment = moment.replace(hour=int(hours[0]), minute=int(hours[0] % 1 * 60))
            moment += timedelta(seconds=self.dice.randrange(0, 5400))
        while moment.weekday() not in days:
            moment += timedelta(days=1)
        return moment.timestamp() // SLOT_S * SLOT_S

    def next_time(self) -> float | None:
        return self._queue[0][0] if self._queue else None

    def due(self, now: float) -> list[Act]:
        """Everything that happens until ``now``, in order."""
        found = []
        while self._queue and self._queue[0][0] <= now:
            found.append(heapq.heappop(self._queue)[2])
        return found

    def pick(self, name: str) -> str:
        """One of the sentences of that name."""
        return str(self.dice.choice(life()[name]))

    def life(self, name: str) -> list[Any]:
        """All there is of that name in the invented people's life."""
        found: list[Any] = life()[name]
        return found

    def chance(self, share: float) -> bool:
        return self.dice.random() < share
