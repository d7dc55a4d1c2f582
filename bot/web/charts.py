"""Charts as SVG. Each is only a picture of a table that stands beside it, so it is hidden from readers."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDE, HIGH, FOOT = 480.0, 190.0, 28.0
GAP = 0.28
"""Share of a month's width that stays empty."""


def months(labels: Sequence[str], first: Sequence[int], second: Sequence[int]) -> Markup:
    """Two bars for each month, on one scale from zero."""
    most = max([*first, *second, 1])
    step = WIDE / max(len(labels), 1)
    width = step * (1 - GAP) / 2
    parts = []
    for n, (label, one, two) in enumerate(zip(labels, first, second, strict=True)):
        left = n * step + step * GAP / 2
        parts.append(_bar("one", left, width, one / most))
        parts.append(_bar("two", left + width, width, two / most))
        parts.append(f'<text x="{n * step + step / 2:.1f}" y="{HIGH - 6:g}">{escape(label)}</text>')
    ground = HIGH - FOOT
    line = f'<line x1="0" x2="{WIDE:g}" y1="{ground:g}" y2="{ground:g}"/>'
    return Markup(
        f'<svg class="months" viewBox="0 0 {WIDE:g} {HIGH:g}" aria-hidden="true">{line}{"".join(parts)}</svg>'
    )


def _bar(name: str, left: float, width: float, height: float) -> str:
    tall = height * (HIGH - FOOT - 6)
    return (
        f'<rect class="{name}" x="{left:.1f}" y="{HIGH - FOOT - tall:.1f}" width="{width:.1f}"'
        f' height="{tall:.1f}" rx="3"/>'
    )


def parts(values: Sequence[tuple[str, float]]) -> Markup:
    """One bar cut into named parts, as wide as the column it stands in."""
    whole = sum(value for _, value in values) or 1.0
    at, found = 0.0, []
    for name, value in values:
        wide = 100 * value / whole
        found.append(f'<rect class="{escape(name)}" x="{at:.2f}" width="{wide:.2f}" height="10"/>')
        at += wide
    return Markup(
        f'<svg class="parts" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(found)}</svg>'
    )


def share(value: float) -> Markup:
    """A bar filled up to ``value`` (0 to 1)."""
    return parts((("full", value), ("empty", 1 - value)))
