"""Cuts free text to a length that people see, never inside a letter."""

from __future__ import annotations

import regex

_LETTERS = regex.compile(r"\X")


def shorten(text: str, limit: int, end: str = "…") -> str:
    """At most ``limit`` grapheme clusters (a Thai consonant with its vowel and tone mark is one), the end included.

    A cut word loses its tail at a space when one is near; text that fits is given back as it is.
    """
    letters = _LETTERS.findall(text)
    if len(letters) <= limit:
        return text
    kept = letters[: max(limit - len(_LETTERS.findall(end)), 0)]
    cut = "".join(kept).rstrip()
    at = cut.rfind(" ")
    if at > len(cut) * 0.75:
        cut = cut[:at].rstrip()
    return cut + (end if limit > 0 else "")
