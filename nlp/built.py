"""Keeps the trained model beside the program's data, so that it is trained once per corpus."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nlp.model import Model
from nlp.rows import corpus_version, read_corpus


def load_or_train(cache_folder: Path) -> Model:
    """The model of the shipped corpus: read from ``cache_folder`` when there, else trained and written.

    The file appears whole or not at all; an unreadable one is replaced. ``OSError`` when the folder is not writable.
    """
    path = cache_folder / f"model-{corpus_version()}.npz"
    try:
        return Model.from_bytes(path.read_bytes())
    except (FileNotFoundError, ValueError):
        pass
    from nlp.training import train

    model = train(read_corpus())
    _write_whole(path, model.to_bytes())
    return model


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
