"""Faults that can be switched on: the simulator then fails the way LINE or the network fails."""

from __future__ import annotations

import threading
from dataclasses import dataclass

DROPPED = 0
"""As a status: the connection is closed without an answer."""


@dataclass(frozen=True)
class Failure:
    """A send that is going to fail with `status`; `accepted`: its messages arrive all the same."""

    status: int
    accepted: bool


class Faults:
    """What goes wrong next. All counts run down as they are used; every method may be called at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: list[Failure] = []
        self._not_ready = 0
        self._ready_after = 0.0
        self._seconds = 0.0
        self.over_limit = False
        self._down = False

    def fail_next(self, n: int, status: int = 500, accepted: bool = False) -> None:
        """Let the next `n` sends (reply, push, multicast) answer `status`; 0 hangs up without an answer.

        With `accepted` the messages arrive in the chats nevertheless, as after a lost answer.
        """
        with self._lock:
            self._failures.extend([Failure(status, accepted)] * n)

    def down(self) -> None:
        """Answer every send with 503 until `clear`."""
        self._down = True

    def rate_limit(self, n: int) -> None:
        """Let the next `n` sends answer 429 because too many came at once."""
        self.fail_next(n, status=429)

    def monthly_limit(self, on: bool) -> None:
        """Answer every counted send with 429 "You have reached your monthly limit." until switched off."""
        self.over_limit = on

    def delay(self, seconds: float) -> None:
        """Answer every send this much later than it is accepted; 0 switches it off."""
        self._seconds = seconds

    def content_not_ready(self, times: int = 0, seconds: float = 0.0) -> None:
        """Answer 202 to the next `times` downloads, and to all content younger than `seconds`."""
        with self._lock:
            self._not_ready, self._ready_after = times, seconds

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._failures.clear()
            self._not_ready, self._ready_after, self._seconds, self.over_limit = 0, 0.0, 0.0, False
            self._down = False

    def take_failure(self) -> Failure | None:
        """The failure that the present send must show, if any; it is used up by asking."""
        with self._lock:
            if self._down:
                return Failure(503, False)
            return self._failures.pop(0) if self._failures else None

    def take_not_ready(self, age: float) -> bool:
        """Whether content of this `age` in seconds is still being prepared; uses up one of the tries."""
        with self._lock:
            if age < self._ready_after:
                return True
            waiting, self._not_ready = self._not_ready > 0, max(0, self._not_ready - 1)
            return waiting

    @property
    def seconds(self) -> float:
        """Delay of every answer to a send, in seconds."""
        return self._seconds

    def describe(self) -> dict[str, object]:
        """The faults that wait, for the page."""
        with self._lock:
            return {
                "down": self._down,
                "failures": len(self._failures),
                "monthly_limit": self.over_limit,
                "delay": self._seconds,
                "not_ready": self._not_ready,
            }
