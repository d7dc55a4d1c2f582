"""Turns a message into counted features: the one function that training and run time share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nlp.words import tokens
from nlp.wording import table

MAX_FEATURE_CHARS = 1500
"""A longer message is read this far: the problem is named early, and time stays bounded."""

Counts = dict[str, int]

_WORD = re.compile("[a-z\u0e01-\u0e4e]")
_SQUEEZE = re.compile("[^a-z\u0e01-\u0e4e]+")
_TONES = {code: None for code in (*range(0x0E48, 0x0E4D), 0x0E4E)}


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(table("features")["empty_words"])


def _word_counts(words: Sequence[str]) -> Counts:
    counts: Counts = {}
    before = ""
    for word in words:
        counts["w" + word] = counts.get("w" + word, 0) + 1
        pair = f"b{before}|{word}"
        counts[pair] = counts.get(pair, 0) + 1
        before = word
    return counts


def _gram_counts(text: str, sizes: range = range(2, 6)) -> Counts:
    counts: Counts = {}
    padded = f" {text} "
    for size in sizes:
        for start in range(len(padded) - size + 1):
            gram = padded[start : start + size]
            counts[gram] = counts.get(gram, 0) + 1
    return counts


def features(text: str) -> tuple[Counts, ...]:
    """Counted features of a normalised text, one dictionary per block (words, character groups)."""
    lower = text[:MAX_FEATURE_CHARS].lower()
    words = [word for word in tokens(lower) if _WORD.search(word) and word not in _empty_words()]
    letters = _SQUEEZE.sub(" ", lower).translate(_TONES).strip()
    return _word_counts(words), _gram_counts(letters)
