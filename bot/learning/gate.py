"""May a new classifier be put to use? Pure arithmetic over answers to held-out messages.

Both are asked the same messages, which neither has learnt from. The new one must have at least as many acceptable
categories overall, and may lose only little in any single category, in intent, in urgency and in honesty about its
own certainty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp import Row, Understander
from nlp.evaluation import expected_calibration_error

LEAST_ROWS_LOST = 2
SHARE_LOST = 0.1
"""A category may lose this share of its held-out rows, or so many rows where it has few: a category has about 25
of them, so that less is chance."""
SIDE_SHARE_LOST = 0.01
"""Intent and urgency are by-products: they may lose this share of all held-out rows."""
CALIBRATION_LOST = 0.02
"""How much the gap between confidence and hits (expected calibration error) may grow."""


@dataclass(frozen=True)
class Marks:
    """Answers counted: rows and acceptable answers per category, right intents and urgencies, calibration error."""

    rows: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    intents: int = 0
    urgencies: int = 0
    calibration: float = 0.0

    @property
    def total(self) -> int:
        return self.rows.total()

    @property
    def score(self) -> float:
        """Share of acceptable categories; 0 without rows."""
        return self.hits.total() / self.total if self.total else 0.0


def marked(reader: Understander, rows: Sequence[Row]) -> Marks:
    """How a reader answers labelled rows; a row's other acceptable categories count as right, too."""
    found = [reader.understand(row.text) for row in rows]
    good = [one.category in {row.category, *row.also} for one, row in zip(found, rows, strict=True)]
    return Marks(
        rows=Counter(row.category for row in rows),
        hits=Counter(row.category for row, hit in zip(rows, good, strict=True) if hit),
        intents=sum(one.intent == row.intent for one, row in zip(found, rows, strict=True)),
        urgencies=sum(one.urgent == bool(row.urgent) for one, row in zip(found, rows, strict=True)),
        calibration=expected_calibration_error(
            [(one.confidence, hit) for one, hit in zip(found, good, strict=True)]
        ),
    )


def faults(new: Marks, old: Marks) -> list[str]:
    """Where the new one is worse, in words; empty when it may be used. Both were asked the same rows."""
    found = []
    if new.hits.total() < old.hits.total():
        found.append(f"{new.hits.total()} acceptable answers instead of {old.hits.total()}")
    found += [
        f"{category} {new.hits[category]} instead of {old.hits[category]}"
        for category in sorted(old.rows)
        if old.hits[category] - new.hits[category] > may_lose(old.rows[category])
    ]
    side = max(LEAST_ROWS_LOST, round(SIDE_SHARE_LOST * old.total))
    for name, now, before in (
        ("intents", new.intents, old.intents),
        ("urgencies", new.urgencies, old.urgencies),
    ):
        if before - now > side:
            found.append(f"{now} right {name} instead of {before}")
    if new.calibration - old.calibration > CALIBRATION_LOST:
        found.append(f"calibration error {new.calibration:.3f} instead of {old.calibration:.3f}")
    return found


def city_faults(new: Marks, old: Marks) -> list[str]:
    """The city's own held-out corrections: the new one knows at least as many."""
    if new.hits.total() >= old.hits.total():
        return []
    return [f"{new.hits.total()} of the city's own corrections instead of {old.hits.total()}"]


def may_lose(rows: int) -> int:
    """How many rows a category with so many held-out ones may lose."""
    return max(LEAST_ROWS_LOST, int(SHARE_LOST * rows))
