"""Turns a message into named features: the one function that training and run time share.

Words inside a place phrase do not speak for a category ("a light out on the market road" is no market matter),
so they are cut out of the blocks that the category is read from.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nlp.finder import Finder, Hit
from nlp.wording import table
from nlp.words import edges, tokens

MAX_FEATURE_CHARS = 1500
"""A longer message is read this far: the problem is named early, and time stays bounded."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Names = list[str]
Span = tuple[int, int]

SCALES = (1.0, 0.6, 0.6)
"""Length of each named block's vector: words, category words, cues."""
GRAM_SCALE = 1.0
"""Length of the vector of letter groups."""


class Features(NamedTuple):
    """Named features, one list per block of ``SCALES``, and letter groups as numbers; both may repeat.

    ``words`` are what is said besides places, without polite particles; ``hits`` the known words among it that name
    a category.
    """

    named: tuple[Names, ...]
    grams: NDArray[np.int32]
    words: Sequence[str]
    hits: Sequence[Hit[str]]


_WORD = re.compile("[A-Za-z\u0e01-\u0e4e]")
_TONES = frozenset((*range(0x0E48, 0x0E4D), 0x0E4E, *range(0x0E3B, 0x0E40)))
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
        for at in range(bisect_left(starts, start), min(bisect_left(starts, end), len(free))):
            free[at] = False
    return free


def _word_names(words: Sequence[str]) -> Names:
    return [*map("w".__add__, words), *map("|".join, pairwise(words))]


_LETTERS = [*range(0x61, 0x7B), *(code for code in range(0x0E01, 0x0E4F) if code not in _TONES)]
"""Code points of the letters that count."""
_BASE = len(_LETTERS) + 1
GRAM_CODES = _BASE * _BASE * (_BASE + 1)
"""Letter groups are numbered from 0 up to here."""
_CODEC = "cp874"
_BLANK = ord(" ")


@cache
def _alphabet() -> tuple[bytes, bytes]:
    """For each byte of a text in the Thai code page the byte that stands for it, and the bytes that vanish.

    Letters become the bytes behind the blank, all else a blank. Tone marks and the like vanish, because they are
    what is mistyped most.
    """
    numbers = bytearray([_BLANK]) * 256
    for at, letter in enumerate(map(chr, _LETTERS), 1):
        numbers[letter.encode(_CODEC)[0]] = _BLANK + at
    return bytes(numbers), "".join(map(chr, sorted(_TONES))).encode(_CODEC, "ignore")


def grams(text: str) -> NDArray[np.int32]:
    """Each pair and each triple of neighbouring letters of a lower-case text as a number.

    What stands between letters counts as one space, also before the first and behind the last.
    """
    import numpy as np

    words = text.encode(_CODEC, "replace").translate(*_alphabet()).split()
    letters = np.frombuffer(b" %b " % b" ".join(words), np.uint8) - np.int32(_BLANK)
    pairs = letters[:-1] * _BASE + letters[1:]
    return np.concatenate([pairs, (pairs[:-1] + _BASE) * _BASE + letters[2:]])


def _hit_names(hits: Sequence[Hit[str]]) -> Names:
    if not hits:
        return ["L-"]
    return ["L" + hit.value for hit in hits] + ["F" + hits[0].value]


def _cue_names(text: str, lower: str, placed: bool, kept: int) -> Names:
    """What tells intent and urgency: cues alone and in pairs, the last words, how much is said besides places."""
    words = tokens(text)
    ending = [word for word in words[-4:] if not word.isspace()][-2:]
    size = _AMOUNTS[min(kept, len(_AMOUNTS) - 1)]
    cues = sorted({hit.value for hit in _cues().find(lower, edges(text))})
    pairs = [f"Q{one}+{two}" for at, one in enumerate(cues) for two in cues[at + 1 :]]
    return [
        *(f"Q{cue}" for cue in cues),
        *pairs,
        *(f"E{word}" for word in ending),
        f"S{size}",
        f"P{placed}{size}",
    ]


def words_outside(text: str, places: Sequence[Span]) -> list[str]:
    """The words of a text in lower case, those of a place phrase replaced by as many spaces."""
    found = list(map(str.lower, tokens(text)))
    if places:
        free = _outside(edges(text), places)
        found = [word if kept else " " * len(word) for word, kept in zip(found, free, strict=True)]
    return found


def content_words(words: Sequence[str]) -> list[str]:
    """The words with letters that are no polite particles."""
    return list(filter(_has_content, words))


@lru_cache(maxsize=20_000)
def _has_content(word: str) -> bool:
    return bool(_WORD.search(word)) and word not in _empty_words()


def features(text: str, places: Sequence[Span], category_words: Finder[str]) -> Features:
    """The features of a normalised text.

    ``places`` are the spans of its place phrases and ``category_words`` finds the words of the lexicon.
    """
    text = text[:MAX_FEATURE_CHARS]
    found, lower = words_outside(text, places), text.lower()
    kept = content_words(found)
    rest = "".join(found) if places else lower
    hits = category_words.find(rest, edges(text))
    named = (
        _word_names(kept),
        _hit_names(hits),
        _cue_names(text, lower, bool(places), len(kept)),
    )
    return Features(named, grams(rest), kept, hits)
