"""How often one caller may ask: a bucket of tries that fills again with time, in the memory of each web process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CALLERS = 10_000


class Limit:
    """``burst`` tries at once, and ``per_minute`` more with time. Thread-safe."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, float(burst), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str) -> float:
        """Seconds to wait before the next try; 0.0 when this one may go on."""
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(caller, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            allowed = left >= 1
            self._left[caller] = (left - 1 if allowed else left, now)
            if len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate
