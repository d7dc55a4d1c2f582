"""Case codes: city prefix, two digits of the Buddhist year, a number."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

_CODE = re.compile(r"(?<![A-Z0-9])([A-Z]|[A-Z]{3,4})[0-9]{2}-[0-9]{4,}", re.ASCII)
_FOLD = str.maketrans(
    "\u0e50\u0e51\u0e52\u0e53\u0e54\u0e55\u0e56\u0e57\u0e58\u0e59\u2010\u2011\u2012\u2013\u2014",
    "0123456789-----",
)


_LOOSE = re.compile(r"(?:([A-Z]{1,4})[ .-]?)?(?:([0-9]{2})[ ./-]?)?([0-9]{4,6})", re.ASCII)
"""A code as people type it: without its dash, its letters or its year."""


def buddhist_year(now: datetime, zone: ZoneInfo) -> int:
    """The Buddhist year at ``now``; it turns at midnight of the city's zone."""
    return now.astimezone(zone).year + 543


def case_code(prefix: str, year: int, number: int) -> str:
    """For example ``LOE69-0001``."""
    return f"{prefix}{year % 100:02d}-{number:04d}"


def find_code(text: str) -> str | None:
    """A case code anywhere in what somebody typed, with Thai digits and long dashes folded."""
    found = _CODE.search(text.translate(_FOLD).upper())
    return found.group(0) if found else None


def loose_code(text: str, prefix: str, year: int) -> str | None:
    """The code that the whole text may mean: ``loe690001``, ``69-0001`` or ``0001``; None for anything else.

    ``prefix`` is the city's, ``year`` the Buddhist year that is meant where none is typed.
    """
    found = _LOOSE.fullmatch(text.translate(_FOLD).upper().strip())
    if found is None or (found[1] is None and found[2] is None and len(found[3]) != 4):
        return None
    return f"{found[1] or prefix}{found[2] or f'{year % 100:02d}'}-{found[3]}"
