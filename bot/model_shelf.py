"""Which classifier is in use: the newest one that was promoted, else the one of the shipped corpus.

Promoted models lie in the media store, where every process of an installation finds them. Their names begin with the
time of promotion, so the last name is the newest.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.media_store import MediaStore
from nlp import Model, corpus_version
from nlp.built import is_built, load_or_train

log = logging.getLogger(__name__)

_FOLDER = "models"


@dataclass(frozen=True)
class ModelShelf:
    """``files``: where promoted models lie. ``built``: folder for the model trained from the shipped corpus."""

    files: MediaStore
    built: Path

    def newest(self) -> str | None:
        """Name of the newest promoted model; None when there is none."""
        names = [name for name in self.files.list(_FOLDER) if name.endswith(".npz")]
        return names[-1] if names else None

    def load(self) -> Model:
        """The model in use; one that can't be read is passed over. May train for some seconds, once."""
        name = self.newest()
        content = self.files.get(name) if name else None
        if content is not None:
            try:
                return Model.from_bytes(content)
            except ValueError as error:
                log.warning("the promoted model %s can't be used (%s): the shipped one is", name, error)
        return load_or_train(self.built)

    def is_built(self) -> bool:
        """Whether ``load`` needs no training."""
        return self.newest() is not None or is_built(self.built)

    def promote(self, model: Model, about: dict[str, Any]) -> str:
        """Put the model to use, with what is known about it beside it; gives its name."""
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        base = f"{_FOLDER}/{stamp}-{time.time_ns() % 1_000_000_000:09d}-{corpus_version()}"
        self.files.put(f"{base}.json", json.dumps(about).encode())
        self.files.put(f"{base}.npz", model.to_bytes())
        return f"{base}.npz"

    def about(self) -> dict[str, Any]:
        """What was noted about the newest promoted model; empty when there is none."""
        name = self.newest()
        found = self.files.get(name.removesuffix(".npz") + ".json") if name else None
        try:
            noted = json.loads(found) if found else {}
        except ValueError:
            return {}
        return noted if isinstance(noted, dict) else {}
