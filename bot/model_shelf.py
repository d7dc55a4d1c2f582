"""The versions of the classifier, and which one is in use.

Promoted models lie in the media store, where every process of an installation finds them. Each version is a model, its
twin (learnt without the held-out messages, so that it can be compared), what is known about it, and the rows of added
files that it learnt from. A small file names the one in use; nothing is ever overwritten, so going back is one write.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import model_check
from bot.media_store import MediaStore
from nlp import Model, corpus_version
from nlp.built import is_built, load_or_train

log = logging.getLogger(__name__)

SHIPPED = "shipped"
"""The name of the model that comes with the program."""
_FOLDER = "models"
_POINTER = f"{_FOLDER}/in-use.json"


class UnknownVersion(ValueError):
    """There is no such version on the shelf."""


@dataclass(frozen=True)
class Version:
    """``about``: what was noted at the promotion. ``release``: which corpus and code it was made with."""

    name: str
    about: Mapping[str, Any]

    @property
    def release(self) -> str:
        return self.name.rpartition("-")[2]


@dataclass(frozen=True)
class ModelShelf:
    """``files``: where promoted models lie. ``built``: folder for the model trained from the shipped corpus."""

    files: MediaStore
    built: Path

    # --- which one

    def in_use(self) -> str:
        """Name of the version in use, or ``SHIPPED``. One small read."""
        named = self._json(_POINTER).get("version")
        return named if isinstance(named, str) and _is_name(named) else SHIPPED

    def fits(self, name: str) -> bool:
        """Whether a version was made by this release: another one's features would mean other things."""
        return name.endswith(f"-{corpus_version()}")

    def load(self) -> Model:
        """The model in use; one that can't be used is passed over. May train for some seconds, once."""
        name = self.in_use()
        if name != SHIPPED:
            try:
                return self._model(name)
            except ValueError as error:
                log.warning("the classifier %s can't be used (%s): the shipped one is", name, error)
        return load_or_train(self.built)

    def twin(self) -> Model | None:
        """The version in use, as learnt without the held-out messages; None for the shipped one or a broken file."""
        name = self.in_use()
        try:
            return None if name == SHIPPED else self._model(name, ".twin")
        except ValueError as error:
            log.warning("the twin of the classifier %s can't be read: %s", name, error)
            return None

    def is_built(self) -> bool:
        """Whether ``load`` needs no training."""
        return is_built(self.built) or self.fits(self.in_use())

    def versions(self) -> list[Version]:
        """Everything ever promoted, oldest first."""
        names = [name for name in self.files.list(_FOLDER) if name.endswith(".npz") and ".twin." not in name]
        plain = [name.removeprefix(f"{_FOLDER}/").removesuffix(".npz") for name in names]
        return [Version(name, self.about(name)) for name in plain if _is_name(name)]

    def about(self, name: str) -> dict[str, Any]:
        """What was noted about a version; empty when nothing is known."""
        return self._json(f"{_FOLDER}/{name}.json") if _is_name(name) else {}

    def rows(self) -> list[dict[str, Any]]:
        """The rows of added files that the version in use learnt from."""
        content = self.files.get(f"{_FOLDER}/{self.in_use()}.jsonl") or b""
        try:
            return [json.loads(line) for line in content.decode("utf-8").split("\n") if line]
        except (ValueError, RecursionError):
            log.warning("the kept rows of the classifier in use can't be read")
            return []

    # --- changes

    def promote(
        self, model: Model, twin: Model, about: Mapping[str, Any], rows: Sequence[Mapping[str, Any]] = ()
    ) -> str:
        """Put the model to use, with what is known about it beside it; gives its name.

        The file that names it is written last: a process that dies before leaves the old one in use.
        """
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        name = f"{stamp}-{time.time_ns() % 1_000_000_000:09d}-{corpus_version()}"
        lines = "\n".join(json.dumps(dict(row), ensure_ascii=False) for row in rows)
        self.files.put(f"{_FOLDER}/{name}.jsonl", lines.encode())
        self.files.put(f"{_FOLDER}/{name}.json", json.dumps({**about, "before": self.in_use()}).encode())
        self.files.put(f"{_FOLDER}/{name}.twin.npz", twin.to_bytes())
        self.files.put(f"{_FOLDER}/{name}.npz", model.to_bytes())
        self._use(name)
        return name

    def roll_back(self, to: str | None = None) -> str:
        """Use an earlier version again: the one named, else the one in use before; gives its name.

        What is left behind is withdrawn: the same rows will not promote it again. Raises ``UnknownVersion``, also for
        a model that can't be used.
        """
        left = self.in_use()
        wanted = to or self._before(left)
        if wanted == left:
            raise UnknownVersion(f"{wanted} is in use already")
        if wanted != SHIPPED:
            self._usable(wanted)
        if left != SHIPPED:
            self._note(left, withdrawn=True)
        if wanted != SHIPPED:
            self._note(wanted, withdrawn=False)
        self._use(wanted)
        return wanted

    def withdrawn(self) -> set[str]:
        """Digests of the rows of versions that were taken out of use by hand."""
        about = [version.about for version in self.versions()]
        return {str(noted["data"]) for noted in about if noted.get("withdrawn") and "data" in noted}

    def _before(self, name: str) -> str:
        if name == SHIPPED:
            raise UnknownVersion("the shipped classifier is in use; there is nothing to go back to")
        before = self.about(name).get("before", SHIPPED)
        known = {version.name for version in self.versions()}
        return before if before in known and self.fits(before) else SHIPPED

    def _usable(self, name: str) -> None:
        if name not in {version.name for version in self.versions()}:
            raise UnknownVersion(f"there is no version {name}")
        try:
            self._model(name)
        except ValueError as error:
            raise UnknownVersion(f"{name} can't be used: {error}") from None

    def _note(self, name: str, **more: Any) -> None:
        self.files.put(f"{_FOLDER}/{name}.json", json.dumps({**self.about(name), **more}).encode())

    def _use(self, name: str) -> None:
        self.files.put(_POINTER, json.dumps({"version": name, "since": time.time()}).encode())

    def _model(self, name: str, kind: str = "") -> Model:
        if not self.fits(name):
            raise ValueError("it was made by another release of the program")
        content = self.files.get(f"{_FOLDER}/{name}{kind}.npz")
        if content is None:
            raise ValueError("the file is missing")
        return model_check.checked(content)

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(self.files.get(name) or b"{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def _is_name(name: str) -> bool:
    """Names are made by ``promote``; whatever else lies in the folder is none of ours."""
    return len(name) <= 80 and name.replace("-", "").isalnum() and name.isascii() and name.count("-") == 2
