"""One lock and one journal for everything the simulator remembers.

A change is a kind and its JSON data. Writing a change applies it to memory and appends it to the
journal; starting again replays the journal through the same functions, so both ways end in the same
state. Large binary content lies in files beside the journal.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Data = dict[str, Any]
Apply = Callable[[Data], None]


class Ledger:
    """Applies changes under one lock, keeps them in `path` (if given) and wakes whoever waits for news.

    `version` grows by one with every change and counts the same after a replay.
    """

    def __init__(self, path: Path | None) -> None:
        self.lock = threading.RLock()
        self.version = 0
        self._news = threading.Condition(self.lock)
        self._apply: dict[str, Apply] = {}
        self._path = path
        self._folder = path.with_name(f"{path.stem}-content") if path else None
        self._blobs: dict[str, bytes] = {}

    def on(self, kind: str, apply: Apply) -> None:
        """Say how changes of `kind` are applied; before `replay`."""
        self._apply[kind] = apply

    def applier(self, kind: str) -> Apply:
        """The function that applies changes of `kind`, for wrapping it."""
        return self._apply[kind]

    def replay(self) -> None:
        """Apply everything the journal holds. A last line torn by a crash is cut off."""
        if self._path is None or not self._path.exists():
            return
        raw = self._path.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) != len(raw):
            self._path.write_bytes(whole)
        for line in whole.splitlines():
            change = json.loads(line)
            self._take(change["kind"], change["data"])

    def write(self, kind: str, data: Data) -> None:
        """Apply one change, keep it and wake the waiting."""
        with self.lock:
            self._take(kind, data)
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8") as journal:
                    journal.write(json.dumps({"kind": kind, "data": data}, ensure_ascii=False) + "\n")
            self._news.notify_all()

    def _take(self, kind: str, data: Data) -> None:
        self.version += 1
        self._apply[kind](data)

    def nudge(self) -> None:
        """Wake the waiting for something that is not kept, such as a typing sign."""
        with self.lock:
            self.version += 1
            self._news.notify_all()

    def wait(self, after: int, seconds: float) -> None:
        """Return when `version` is beyond `after`, or after `seconds`."""
        with self.lock:
            self._news.wait_for(lambda: self.version > after, seconds)

    def keep(self, name: str, content: bytes) -> None:
        """Keep binary content under `name` (letters, digits and dashes)."""
        if self._folder is None:
            self._blobs[name] = content
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(content)

    def fetch(self, name: str) -> bytes | None:
        """The content kept under `name`, or None."""
        if self._folder is None:
            return self._blobs.get(name)
        file = self._folder / name
        return file.read_bytes() if file.is_file() else None

    def drop(self, name: str) -> None:
        """Forget the content kept under `name`."""
        self._blobs.pop(name, None)
        if self._folder is not None:
            (self._folder / name).unlink(missing_ok=True)
