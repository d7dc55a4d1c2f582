"""Turns a message into named features: the one function that training and run time share.

Words inside a place phrase do not speak for a category ("a light out on the market road" is no market matter),
so they are cut out of the blocks that the category is read from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from nlp.finder import Finder, Hit
from nlp.wording import table
from nlp.words import edges, tokens

MAX_FEATURE_CHARS = 1500
"""A longer message is read this far: the problem is named early, and time stays bounded."""

Names = list[str]
Span = tuple[int, int]

SCALES = (1.0, 1.0, 0.6, 0.6)
"""Length of each block's vector: words, character groups, category words, cues."""

_WORD = re.compile("[A-Za-z\u0e01-\u0e4e]")
_SQUEEZE = re.compile("[^a-z\u0e01-\u0e4e]+")
_TONES: dict[int, None] = dict.fromkeys((*range(0x0E48, 0x0E4D), 0x0E4E))
_SIZES = (2, 3)
_AMOUNTS = "0123445566667"


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(table("features")["empty_words"])


@cache
def _cues() -> Finder[str]:
    return Finder((phrase, name) for name, group in table("features")["cues"].items() for phrase in group)


def _outside(starts: Sequence[int], places: Sequence[Span]) -> list[bool]:
    """For each word whether it stands outside every place phrase."""
    free = [True] * (len(starts) - 1)
    for start, end in places:
        for at, begin in enumerate(starts[:-1]):
            if start <= begin < end:
                free[at] = False
    return free


def _word_names(words: Sequence[str]) -> Names:
    pairs = [f"b{one}|{two}" for one, two in zip(words, words[1:], strict=False)]
    return ["w" + word for word in words] + pairs


def _grams(text: str) -> Names:
    padded = f" {text} "
    return [padded[at : at + size] for size in _SIZES for at in range(len(padded) - size + 1)]


def _hit_names(hits: Sequence[Hit[str]]) -> Names:
    if not hits:
        return ["L-"]
    return ["L" + hit.value for hit in hits] + ["F" + hits[0].value]


def _cue_names(text: str, placed: bool, kept: int) -> Names:
    """What tells intent and urgency: cues alone and in pairs, the last words, how much is said besides places."""
    words = tokens(text)
    ending = [word for word in words[-4:] if not word.isspace()][-2:]
    size = _AMOUNTS[min(kept, len(_AMOUNTS) - 1)]
    cues = sorted({hit.value for hit in _cues().find(text.lower(), frozenset(edges(text)), free=3)})
    pairs = [f"Q{one}+{two}" for at, one in enumerate(cues) for two in cues[at + 1 :]]
    return [*(f"Q{cue}" for cue in cues), *pairs, *(f"E{word}" for word in ending), f"S{size}", f"P{placed}{size}"]


def outside(text: str, places: Sequence[Span]) -> str:
    """The text in lower case with each word of a place phrase replaced by a space."""
    found = [word.lower() for word in tokens(text)]
    if places:
        free = _outside(edges(text), places)
        found = [word if kept else " " for word, kept in zip(found, free, strict=True)]
    return "".join(found)


def content_words(words: str | Sequence[str]) -> list[str]:
    """The words with letters that are no polite particles; a text is cut into words first."""
    empty = _empty_words()
    found = tokens(words) if isinstance(words, str) else words
    return [word for word in found if _WORD.search(word) and word not in empty]


def features(text: str, places: Sequence[Span], category_words: Finder[str]) -> tuple[Names, ...]:
    """Named features of a normalised text, one list per block of ``SCALES``; a name may occur more than once.

    ``places`` are the spans of its place phrases and ``category_words`` finds the words of the lexicon.
    """
    text = text[:MAX_FEATURE_CHARS]
    starts = edges(text)
    found = [word.lower() for word in tokens(text)]
    if places:
        found = [word if free else " " for word, free in zip(found, _outside(starts, places), strict=True)]
        starts = tuple(accumulate(map(len, found), initial=0))
    kept = content_words(found)
    rest = "".join(found)
    letters = _SQUEEZE.sub(" ", rest).translate(_TONES).strip()
    return (
        _word_names(kept),
        _grams(letters),
        _hit_names(category_words.find(rest, frozenset(starts))),
        _cue_names(text, bool(places), len(kept)),
    )
