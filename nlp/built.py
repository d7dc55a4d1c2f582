"""Keeps the trained model beside the program, so that it is trained once per corpus.

``python -m nlp.built`` trains the shipped corpus into the program's own folder: an installation does it once, in a
process of its own, and no service ever holds what training needs.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nlp.model import Model
from nlp.rows import corpus_version, read_corpus

SHIPPED = Path(__file__).with_name("cache")
"""Where the installation keeps the model of the shipped corpus."""


def is_built(cache_folder: Path) -> bool:
    """Whether ``load_or_train`` would find a model."""
    return any((folder / _name()).exists() for folder in (cache_folder, SHIPPED))


def load_or_train(cache_folder: Path = SHIPPED) -> Model:
    """The model of the shipped corpus: the installation's or that in ``cache_folder``, else trained and written there.

    The file appears whole or not at all; an unreadable one is replaced. ``OSError`` when the folder is not writable.
    """
    for folder in (cache_folder, SHIPPED):
        try:
            return Model.from_bytes((folder / _name()).read_bytes())
        except (OSError, ValueError):
            continue
    from nlp.training import train

    model = train(read_corpus())
    _write_whole(cache_folder / _name(), model.to_bytes())
    return model


def _name() -> str:
    return f"model-{corpus_version()}.npz"


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


if __name__ == "__main__":
    import sys

    load_or_train(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
