"""Measures how well messages are understood; pure arithmetic over labelled rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nlp.types import Understanding

BINS = 10


def expected_calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = BINS) -> float:
    """Mean gap between confidence and hit rate over bins of equal mass, weighted by size (0 for no pairs).

    Source: Naeini et al. 2015 with the equal-mass bins of Nixon et al. 2019.
    """
    ordered = sorted(pairs, key=lambda pair: pair[0])
    gaps = 0.0
    for n in range(bins):
        part = ordered[len(ordered) * n // bins : len(ordered) * (n + 1) // bins]
        gaps += abs(sum(confidence for confidence, _ in part) - sum(hit for _, hit in part))
    return gaps / len(ordered) if ordered else 0.0


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Unweighted mean of the F1 of every label that occurs in ``gold`` (0 for no rows)."""
    scores = []
    for label in sorted(set(gold)):
        both = sum(g == s == label for g, s in zip(gold, said, strict=True))
        scores.append(2 * both / (gold.count(label) + said.count(label)))
    return sum(scores) / len(scores) if scores else 0.0


def _share(hits: Iterable[bool]) -> float:
    known = list(hits)
    return sum(known) / len(known) if known else 0.0


def evaluate(
    understand: Callable[[str], Understanding], rows: Iterable[Mapping[str, Any]]
) -> dict[str, float]:
    """Figures over rows with ``text``, ``gold`` and optionally ``acceptable`` (gold always counts as such).

    ``top1`` is agreement with gold, the ``acceptable`` ones count any acceptable label among the first one or three,
    ``macro_f1`` runs over the gold labels present, ``ece`` uses ten equal-mass bins with hit = acceptable.
    """
    known = list(rows)
    found = [understand(str(row["text"])) for row in known]
    gold = [str(row["gold"]) for row in known]
    fine = [{g, *map(str, row.get("acceptable", ()))} for g, row in zip(gold, known, strict=True)]
    said = [one.category for one in found]
    hits = [category in good for category, good in zip(said, fine, strict=True)]
    near = [any(c in good for c, _ in one.top[:3]) for one, good in zip(found, fine, strict=True)]
    pairs = [(one.confidence, hit) for one, hit in zip(found, hits, strict=True)]
    return {
        "n": len(known),
        "top1": _share(g == s for g, s in zip(gold, said, strict=True)),
        "top1_acceptable": _share(hits),
        "top3_acceptable": _share(near),
        "macro_f1": macro_f1(gold, said),
        "ece": expected_calibration_error(pairs),
    }
