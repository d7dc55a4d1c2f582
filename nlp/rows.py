"""The labelled messages shipped with the package, and files of the same format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.types import Row

PACKAGE = Path(__file__).parent
CORPUS = PACKAGE / "corpus"


def row_from(record: dict[str, Any]) -> Row:
    """A row from one decoded JSON line; ``text`` and ``category`` are needed, else ``ValueError``."""
    text, category = record.get("text"), record.get("category")
    if not isinstance(text, str) or not isinstance(category, str):
        raise ValueError("a row needs the strings 'text' and 'category'")
    return Row(
        text=text,
        category=category,
        intent=str(record.get("intent", "report")),
        urgent=int(record.get("urgent", 0)),
        place=tuple(str(part) for part in record.get("place", ())),
        also=tuple(str(code) for code in record.get("also", ())),
        weight=float(record.get("weight", 1.0)),
    )


def _lines(path: Path) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield row_from(json.loads(line))
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name} line {number}: {error}") from None


def read_corpus(folder: Path | None = None) -> list[Row]:
    """All rows of ``*.jsonl`` in a folder (default: the shipped corpus), files in the order of their names.

    A bad line raises ``ValueError`` with the file's name and the line's number.
    """
    return [row for path in sorted((folder or CORPUS).glob("*.jsonl")) for row in _lines(path)]


def corpus_version(folder: Path | None = None) -> str:
    """Twelve hexadecimal digits that change with any byte that a model is learnt from or with.

    These are the corpus (file names included), and the package's own word lists and code.
    """
    files = [
        *sorted((folder or CORPUS).glob("*.jsonl")),
        *sorted(PACKAGE.glob("data/*.toml")),
        *sorted(PACKAGE.glob("*.py")),
    ]
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
