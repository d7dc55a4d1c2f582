"""Where things stand in the plots of the report card, in units of their drawings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from nlp.evaluation import Judged, calibration, wilson

SIDE = 300.0
"""Width and height of a square plot."""
MOST_POINTS = 150
CELL = 13.0
MOST_CONFUSIONS = 12
CURVE_WIDTH, CURVE_HEIGHT = 120.0, 44.0


def _at(x: float, y: float) -> tuple[float, float]:
    """A point of the unit square on the drawing, whose y axis points down."""
    return round(x * SIDE, 1), round((1 - y) * SIDE, 1)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def calibration_plot(known: Sequence[Judged]) -> list[dict[str, Any]]:
    """One dot with its interval for each bin: mean confidence across, share of acceptable answers up."""
    dots = []
    for confidence, rate, n in calibration([(row.found.confidence, row.hit) for row in known]):
        low, high = wilson(round(rate * n), n)
        x, y = _at(confidence, rate)
        dots.append({"x": x, "y": y, "top": _at(0, high)[1], "bottom": _at(0, low)[1], "n": n})
    return dots


def coverage_plot(known: Sequence[Judged]) -> dict[str, Any]:
    """How many of the answers given are acceptable when only the most confident messages are answered at once."""
    ordered = sorted(known, key=lambda row: -row.found.confidence)
    points, hits = [], 0
    every = max(1, len(ordered) // MOST_POINTS)
    for at, row in enumerate(ordered, 1):
        hits += row.hit
        if at >= len(ordered) / 20 and (at % every == 0 or at == len(ordered)):
            points.append(_at(at / len(ordered), _upper(hits / at)))
    return {"line": _line(points), "marks": [_mark(ordered, names) for names in (("sure",), ("sure", "ask"))]}


def _upper(rate: float) -> float:
    """The plot shows the upper half: shares from 0.5 to 1."""
    return max(0.0, (rate - 0.5) * 2)


def _mark(ordered: Sequence[Judged], decisions: Sequence[str]) -> dict[str, Any]:
    part = [row for row in ordered if row.found.decision in decisions]
    coverage = len(part) / len(ordered)
    rate = sum(row.hit for row in part) / len(part) if part else 0.0
    x, y = _at(coverage, _upper(rate))
    return {"name": decisions[-1], "x": x, "y": y, "coverage": coverage, "rate": rate}


def confusion_plot(known: Sequence[Judged]) -> dict[str, Any]:
    """A square for each pair of gold (down) and said (across) category, darker for a greater share of the gold."""
    codes = sorted({row.gold for row in known} | {row.found.category for row in known})
    counts = Counter((row.gold, row.found.category) for row in known)
    totals = Counter(row.gold for row in known)
    place = {code: round(at * CELL, 1) for at, code in enumerate(codes)}
    cells = [
        {"x": place[said], "y": place[gold], "dark": round(0.12 + 0.88 * n / totals[gold], 2), "n": n}
        | {"gold": gold, "said": said, "right": gold == said}
        for (gold, said), n in sorted(counts.items())
    ]
    return {"cells": cells, "codes": place, "side": round(len(codes) * CELL, 1), "cell": CELL}


def confusions(known: Sequence[Judged]) -> list[dict[str, Any]]:
    """The pairs most often taken for each other where the answer was not acceptable."""
    counts = Counter((row.gold, row.found.category) for row in known if not row.hit)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"gold": gold, "said": said, "n": n} for (gold, said), n in ordered[:MOST_CONFUSIONS]]


def categories(known: Sequence[Judged]) -> list[dict[str, Any]]:
    """For each gold category: messages, share found, share acceptable with its interval, precision, F1."""
    found = []
    for code in sorted({row.gold for row in known}):
        own = [row for row in known if row.gold == code]
        said = [row for row in known if row.found.category == code]
        right, fine = sum(row.right for row in own), sum(row.hit for row in own)
        low, high = wilson(fine, len(own))
        found.append(
            {"code": code, "n": len(own), "recall": right / len(own), "fine": fine / len(own)}
            | {"low": low, "high": high, "f1": 2 * right / (len(own) + len(said))}
            | {"precision": sum(row.hit for row in said) / len(said) if said else 0.0}
        )
    return found


def curve_plot(counts: Sequence[int], shares: Sequence[float]) -> dict[str, Any]:
    """A small line: number of messages learnt from across, share of acceptable answers up."""
    most = max(counts)
    points = [
        (round(n / most * CURVE_WIDTH, 1), round((1 - share) * CURVE_HEIGHT, 1))
        for n, share in zip(counts, shares, strict=True)
    ]
    return {"line": _line(points), "points": points, "first": shares[0], "last": shares[-1]}
