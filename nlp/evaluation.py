"""Measures how well messages are understood; pure arithmetic over labelled rows.

Shares come with 95 % intervals of Wilson, figures that are no shares with those of the bootstrap.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nlp.types import Understanding

BINS = 10
Z95 = 1.96
"""Standard deviations that hold 95 % of a normal distribution."""
MOST_DRAWS, LEAST_DRAWS, DRAWN_ROWS = 500, 50, 400_000
"""Draws of the bootstrap: fewer for many rows, so that it stays a matter of seconds."""


@dataclass(frozen=True)
class Judged:
    """One labelled message and what was understood; ``fine`` are its acceptable categories, gold among them."""

    found: Understanding
    gold: str
    fine: frozenset[str]
    intent: str | None = None
    urgent: bool | None = None
    stratum: str | None = None
    seconds: float = 0.0
    """Processor time it took."""

    @property
    def right(self) -> bool:
        return self.found.category == self.gold

    @property
    def hit(self) -> bool:
        """Whether the category is acceptable."""
        return self.found.category in self.fine

    @property
    def near(self) -> bool:
        """Whether one of the three best is."""
        return any(category in self.fine for category, _ in self.found.top[:3])


class Figure(NamedTuple):
    """A measured value, its 95 % interval and the number of messages behind it."""

    name: str
    value: float
    low: float
    high: float
    n: int


def judge(understand: Callable[[str], Understanding], rows: Iterable[Mapping[str, Any]]) -> list[Judged]:
    """What is understood of rows with ``text`` and ``gold``; ``acceptable``, ``intent``, ``urgent``, ``stratum`` may be there."""
    return [_judged(understand, row) for row in rows]


def _judged(understand: Callable[[str], Understanding], row: Mapping[str, Any]) -> Judged:
    start = time.process_time()
    found = understand(str(row["text"]))
    seconds = time.process_time() - start
    return Judged(
        found,
        gold=str(row["gold"]),
        fine=frozenset({str(row["gold"]), *map(str, row.get("acceptable", ()))}),
        intent=row.get("intent"),
        urgent=bool(row["urgent"]) if row.get("urgent") is not None else None,
        stratum=row.get("stratum"),
        seconds=seconds,
    )


def expected_calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = BINS) -> float:
    """Mean gap between confidence and hit rate over bins of equal mass, weighted by size (0 for no pairs).

    Source: Naeini et al. 2015 with the equal-mass bins of Nixon et al. 2019.
    """
    gaps = sum(abs(confidence - rate) * n for confidence, rate, n in calibration(pairs, bins))
    return gaps / len(pairs) if pairs else 0.0


def calibration(pairs: Sequence[tuple[float, bool]], bins: int = BINS) -> list[tuple[float, float, int]]:
    """Mean confidence, hit rate and size of each bin of equal mass, the least confident first."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    found = []
    for n in range(bins):
        part = ordered[len(ordered) * n // bins : len(ordered) * (n + 1) // bins]
        if part:
            mean = sum(confidence for confidence, _ in part) / len(part)
            found.append((mean, sum(hit for _, hit in part) / len(part), len(part)))
    return found


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Unweighted mean of the F1 of every label that occurs in ``gold`` (0 for no rows)."""
    scores = []
    for label in sorted(set(gold)):
        both = sum(g == s == label for g, s in zip(gold, said, strict=True))
        scores.append(2 * both / (gold.count(label) + said.count(label)))
    return sum(scores) / len(scores) if scores else 0.0


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); everything for no rows."""
    if not n:
        return 0.0, 1.0
    share, spread = hits / n, Z95 * Z95 / n
    middle = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(name: str, hits: Iterable[bool]) -> Figure:
    """A share of messages."""
    known = list(hits)
    value = sum(known) / len(known) if known else 0.0
    return Figure(name, value, *wilson(sum(known), len(known)), len(known))


def drawn(name: str, rows: Sequence[Judged], measure: Callable[[Sequence[Judged]], float]) -> Figure:
    """A figure that is no share, with the interval of the bootstrap; the same rows give the same interval."""
    chance = random.Random(0)
    draws = max(LEAST_DRAWS, min(MOST_DRAWS, DRAWN_ROWS // max(1, len(rows))))
    seen = sorted(measure(chance.choices(rows, k=len(rows))) for _ in range(draws)) if rows else [0.0]
    low, high = seen[int(len(seen) * 0.025)], seen[int(len(seen) * 0.975)]
    return Figure(name, measure(rows), low, high, len(rows))


def category_f1(rows: Sequence[Judged]) -> float:
    """Macro-F1 of the categories."""
    return macro_f1([row.gold for row in rows], [row.found.category for row in rows])


def intent_f1(rows: Sequence[Judged]) -> float:
    """Macro-F1 of the intents; every row must have one."""
    return macro_f1([str(row.intent) for row in rows], [row.found.intent for row in rows])


def calibration_error(rows: Sequence[Judged]) -> float:
    """Ten equal-mass bins, hit = acceptable."""
    return expected_calibration_error([(row.found.confidence, row.hit) for row in rows])


def evaluate(
    understand: Callable[[str], Understanding], rows: Iterable[Mapping[str, Any]]
) -> dict[str, float]:
    """Figures over rows with ``text``, ``gold`` and optionally ``acceptable`` (gold always counts as such).

    ``top1`` is agreement with gold, the ``acceptable`` ones count any acceptable label among the first one or three,
    ``macro_f1`` runs over the gold labels present, ``ece`` uses ten equal-mass bins with hit = acceptable.
    """
    return summary(judge(understand, rows))


def summary(known: Sequence[Judged]) -> dict[str, float]:
    """The figures of ``evaluate``."""
    return {
        "n": len(known),
        "top1": share("", (row.right for row in known)).value,
        "top1_acceptable": share("", (row.hit for row in known)).value,
        "top3_acceptable": share("", (row.near for row in known)).value,
        "macro_f1": category_f1(known),
        "ece": calibration_error(known),
    }


def figures(known: Sequence[Judged]) -> list[Figure]:
    """Everything that the rows tell, with intervals; what needs labels that no row has is left out."""
    sure = [row for row in known if row.found.decision == "sure"]
    unsure = [row for row in known if row.found.decision != "sure"]
    found = [
        share("top1", (row.right for row in known)),
        share("top1_acceptable", (row.hit for row in known)),
        share("top3_acceptable", (row.near for row in known)),
        drawn("macro_f1", known, category_f1),
        drawn("ece", known, calibration_error),
        share("sure_share", (row.found.decision == "sure" for row in known)),
        share("sure_acceptable", (row.hit for row in sure)),
        share("asked_acceptable_in_three", (row.near for row in unsure)),
    ]
    return found + _strata(known) + _intents(known) + _urgency(known)


def _strata(known: Sequence[Judged]) -> list[Figure]:
    names = sorted({row.stratum for row in known if row.stratum})
    return [
        share(f"{kind} {name}", (getattr(row, field) for row in known if row.stratum == name))
        for name in names
        for kind, field in (("top1", "right"), ("top1_acceptable", "hit"), ("top3_acceptable", "near"))
    ]


def _intents(known: Sequence[Judged]) -> list[Figure]:
    told = [row for row in known if row.intent]
    if not told:
        return []
    recall = [
        share(f"intent_recall {name}", (row.found.intent == name for row in told if row.intent == name))
        for name in sorted({str(row.intent) for row in told})
    ]
    right = share("intent_accuracy", (row.found.intent == row.intent for row in told))
    return [right, drawn("intent_macro_f1", told, intent_f1), *recall]


def _urgency(known: Sequence[Judged]) -> list[Figure]:
    told = [row for row in known if row.urgent is not None]
    if not told:
        return []
    return [
        share("urgent_recall", (row.found.urgent for row in told if row.urgent)),
        share("calm_recall", (not row.found.urgent for row in told if not row.urgent)),
    ]
