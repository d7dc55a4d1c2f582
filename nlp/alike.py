"""How alike two messages are, and marks by which alike messages are found in an index without reading the others.

A message is seen as its set of three-letter groups, without spaces, tone marks and polite words, so that typing faults
and the order of the words matter little. The marks are a MinHash of that set in bands: two messages share a mark with
probability 1 - (1 - j²)¹⁶ where j is the share of groups they have in common.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b

from nlp.normalise import normalise
from nlp.wording import table
from nlp.words import tokens

BANDS, ROWS = 16, 2
GROUP = 3
ENOUGH = 15
"""Groups that a message must have before its words alone say which problem it means."""
_MOST_CHARS = 400
"""A longer message is read this far: the problem is named early, and time stays bounded."""
_NOT_LETTERS = re.compile("[^a-z0-9\u0e01-\u0e46]+")


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(table("features")["empty_words"])


@lru_cache(maxsize=512)
def groups(text: str) -> frozenset[str]:
    """The three-letter groups of a message."""
    words = tokens(normalise(text)[:_MOST_CHARS].lower())
    letters = _NOT_LETTERS.sub("", "".join(word for word in words if word not in _empty_words()))
    return frozenset(letters[at : at + GROUP] for at in range(len(letters) - GROUP + 1))


def alike(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words): twice the common groups by all groups (Dice)."""
    a, b = groups(one), groups(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def telling(text: str) -> bool:
    """Whether the message says enough for its words alone to be compared."""
    return len(groups(text)) >= ENOUGH


def marks(text: str) -> tuple[str, ...]:
    """Short marks of a message, the same in every process; messages that are alike share at least one. May be empty."""
    found = groups(text)
    if not found:
        return ()
    least = [min(numbers) for numbers in zip(*map(_numbers, found), strict=True)]
    pairs = (least[at : at + ROWS] for at in range(0, len(least), ROWS))
    return tuple(f"{band:x}{''.join(f'{number:04x}' for number in pair)}" for band, pair in enumerate(pairs))


@lru_cache(maxsize=20_000)
def _numbers(group: str) -> tuple[int, ...]:
    """A group's place in as many random orders as there are rows in all bands: two bytes of one hash for each."""
    digest = blake2b(group.encode(), digest_size=2 * BANDS * ROWS).digest()
    return tuple(int.from_bytes(digest[at : at + 2]) for at in range(0, len(digest), 2))
