"""Threads that do a step again and again, and a lock between processes."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

FAULT_PAUSE_S = 1.0
STUCK_S = 120.0
"""A step that takes longer than this has hung."""


class Loop:
    """Runs ``step`` in a thread: at once again while it finds work, else when woken or after ``poll_s`` seconds.

    ``gather_s``: pause before each turn, in which more work may gather.
    """

    def __init__(self, name: str, step: Callable[[], int], poll_s: float, gather_s: float = 0.0) -> None:
        self._name = name
        self._step = step
        self._poll_s = poll_s
        self._gather_s = gather_s
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._turned = time.monotonic()

    def start(self) -> None:
        self._turned = time.monotonic()
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self, timeout_s: float) -> None:
        """End after the step under way."""
        self._stopped.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def turning(self) -> bool:
        """Whether it has not died or hung (before its start: it has not)."""
        if self._thread.ident is None:
            return True
        return self._thread.is_alive() and time.monotonic() - self._turned < STUCK_S

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._turned = time.monotonic()
            if self._gather_s:
                time.sleep(self._gather_s)
            self._woken.clear()
            if not self._turn():
                self._woken.wait(self._poll_s)

    def _turn(self) -> int:
        try:
            return self._step()
        except Exception:  # a loop must outlive any fault of its step: the database may come back
            log.exception("a turn of the %s loop failed", self._name)
            self._stopped.wait(FAULT_PAUSE_S)
            return 1  # and again: the pause was long enough


class FileLock:
    """An advisory lock on a file, held until given back or until the process ends, however it ends."""

    def __init__(self, path: str | None) -> None:
        """Without a path there is nothing to lock, and taking succeeds."""
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """False when another process (or another lock of this one) holds it."""
        if self._path is None:
            return True
        handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def give_back(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
