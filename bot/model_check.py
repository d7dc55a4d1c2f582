"""Reads a model file that somebody may have damaged or put there on purpose: one clear error instead of harm.

A model holds no pickled objects, so that reading it runs nothing. Here its size is bounded before it is unpacked, and
what the heads say is compared with the questions and categories that the program knows.
"""

from __future__ import annotations

import io
import math
import zipfile

from nlp import Gazetteer, Model, Understander
from store.city_data import CATEGORY_CODES

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
MOST_PARTS = 64
INTENTS = frozenset({"report", "question", "suggestion", "praise", "status", "none"})
KNOWN = {"category": frozenset(CATEGORY_CODES), "intent": INTENTS, "urgent": frozenset({"0", "1"})}
NEEDED = ("sure", "ask", "intent", "urgent")
_PROBE = "\u0e44\u0e1f\u0e14\u0e31\u0e1a"
"""Two Thai words ("the light is out"), spelt by their numbers because this file holds no Thai."""


def checked(content: bytes) -> Model:
    """The model in a file; raises ``ValueError`` for anything that is not a whole and sane one."""
    _bounded(content)
    model = Model.from_bytes(content)
    _heads(model)
    if not all(math.isfinite(float(model.thresholds.get(name, math.nan))) for name in NEEDED):
        raise ValueError("its thresholds are incomplete")
    _answers(model)
    return model


def _bounded(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise ValueError(f"the file is larger than {MOST_BYTES} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            found = parts.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValueError(f"not a model: {error}") from None
    if len(found) > MOST_PARTS or sum(part.file_size for part in found) > MOST_UNPACKED:
        raise ValueError("it would unpack to too much")


def _heads(model: Model) -> None:
    """Each question once, with known answers, each with a column of its own."""
    if model.heads.keys() != KNOWN.keys():
        raise ValueError("it answers other questions")
    start = 0
    for name, head in sorted(model.heads.items(), key=lambda pair: pair[1].start):
        labels = set(head.labels)
        if head.start != start or not labels or len(labels) != len(head.labels) or not labels <= KNOWN[name]:
            raise ValueError(f"its answers to {name} are not ours")
        if not math.isfinite(head.temperature) or head.temperature <= 0:
            raise ValueError(f"its temperature of {name} is none")
        start += len(head.labels)


def _answers(model: Model) -> None:
    """It can be asked: whatever else is wrong inside comes up here and not in a citizen's chat."""
    try:
        found = Understander(model, Gazetteer([], [])).understand(_PROBE)
    except Exception as error:  # numpy and the tagger raise whatever broken numbers lead to
        raise ValueError(f"it gives no answer ({type(error).__name__})") from None
    if not math.isfinite(found.confidence):
        raise ValueError("its answers are not numbers")
