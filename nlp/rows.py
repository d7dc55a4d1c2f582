"""The labelled messages shipped with the package, and files of the same format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.intent import INTENTS
from nlp.types import Row

PACKAGE = Path(__file__).parent
CORPUS = PACKAGE / "corpus"
MOST_WEIGHT = 100


def row_from(record: dict[str, Any]) -> Row:
    """A row from one decoded JSON line; ``text`` and ``category`` are needed; what does not fit is a ``ValueError``."""
    text, category, intent = record.get("text"), record.get("category"), record.get("intent", "report")
    if not isinstance(text, str) or not isinstance(category, str):
        raise ValueError("a row needs the strings 'text' and 'category'")
    if intent not in INTENTS:
        raise ValueError(f"'intent' must be one of {', '.join(INTENTS)}")
    if record.get("urgent", 0) not in (0, 1):
        raise ValueError("'urgent' must be 0 or 1")
    return Row(
        text=text,
        category=category,
        intent=intent,
        urgent=int(record.get("urgent", 0)),
        place=_strings(record, "place"),
        also=_strings(record, "also"),
        weight=_weight(record.get("weight", 1.0)),
    )


def _strings(record: dict[str, Any], key: str) -> tuple[str, ...]:
    found = record.get(key, [])
    if not isinstance(found, (list, tuple)) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"'{key}' must be a list of strings")
    return tuple(found)


def _weight(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 <= found <= MOST_WEIGHT:
        raise ValueError(f"'weight' must be a number from 0 to {MOST_WEIGHT}")
    return float(found)


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
