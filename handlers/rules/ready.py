"""Ready answers: their blanks filled from what is known of a case."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLANK = re.compile(r"{([^{}]*)}")


def blanks(text: str) -> frozenset[str]:
    """Names of the blanks in a ready answer."""
    return frozenset(_BLANK.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str | None:
    """The answer with its blanks filled; None when something it speaks of is not known.

    Values are put in once and never read again, so that words of a citizen can't open a blank of their own.
    """
    if any(not values.get(name) for name in blanks(text)):
        return None
    return _BLANK.sub(lambda found: values[found[1]], text)
