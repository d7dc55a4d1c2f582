"""Marks the words of a message that say where, with weights learnt from the corpus' marked places.

A linear chain over the tags begin, inside, outside; the best chain is found by Viterbi's algorithm. What speaks for
a tag: the word, each pair of neighbours, and each window of three kinds of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, NamedTuple

from nlp.wording import table
from nlp.words import edges, tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Scores = Sequence[float]
Span = tuple[int, int]
BEGIN, INSIDE, OUTSIDE = range(3)
NEVER = -1e6
_NAME_WORDS = 5
"""A name and the word for its kind are hardly longer."""


class Clues(NamedTuple):
    """What the tagger looks at in a text of n words: n words, n + 1 pairs, n + 2 windows of kinds."""

    words: Sequence[str]
    pairs: Sequence[str]
    windows: Sequence[str]


@cache
def _letters() -> dict[str, str]:
    """One letter for each known word: what it can do in a place phrase."""
    data = table("place")
    letters: dict[str, str] = {" ": "s", "\n": "n"}
    groups = (
        ("e", data["ends"]["words"]),
        ("r", data["relations"]),
        ("R", data["strong_relations"]),
        ("K", data["kinds"]),
        ("M", data["number"]["moo"]),
        ("A", [word for group in data["admin"].values() for word in group]),
        ("B", [data["village_word"]]),
    )
    for letter, words in groups:
        letters.update(dict.fromkeys(words, letter))
    return letters


@cache
def _heads() -> tuple[str, ...]:
    return tuple(table("place")["toponyms"])


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str:
    known = _letters().get(word)
    if known:
        return known
    first = word[0]
    if first.isdigit():
        return "0"
    if first.isascii() and first.isalpha():
        return "L" if first.isupper() else "l"
    if word.startswith(_heads()):
        return "t"
    return "w" if "\u0e01" <= first <= "\u0e5b" else "."


def _counts_time(words: Sequence[str], at: int) -> bool:
    """True for the number in "the temple, three nights already", which is no part of the temple's name."""
    if not words[at].isdigit():
        return False
    counted = table("place")["counted"]
    behind = [word for word in words[at + 1 : at + 3] if word.strip()][:1]
    bears_numbers = any(word in counted["numbered"] for word in words[max(at - _NAME_WORDS, 0) : at])
    return bool(behind) and behind[0] in counted["units"] and not bears_numbers


def clues(words: Sequence[str]) -> Clues:
    """The clues of a text cut into words."""
    pairs = list(map("|".join, pairwise(("^", *words, "$"))))
    kinds = "^^" + "".join(map(_kind, words)) + "$$"
    return Clues(words, pairs, list(map("".join, zip(kinds, kinds[1:], kinds[2:], strict=False))))


def best_chain(emitted: Iterable[Scores], follow: Sequence[Scores]) -> list[int]:
    """The best chain of tags; each word emits weights for begin, inside and outside, ``follow`` weighs transitions."""
    # Written out for three tags: this loop runs for every word of every message.
    (bb, bi, bo), (ib, ii, io), (ob, oi, oo) = follow
    b, i, o = 0.0, NEVER, 0.0
    steps: list[tuple[int, int, int]] = []
    for here_b, here_i, here_o in emitted:
        if steps:
            to_b, to_i, to_o = o + ob, o + oi, o + oo
            from_b = from_i = from_o = OUTSIDE
            if b + bb > to_b or i + ib > to_b:
                to_b, from_b = (i + ib, INSIDE) if i + ib >= b + bb else (b + bb, BEGIN)
            if b + bi > to_i or i + ii > to_i:
                to_i, from_i = (i + ii, INSIDE) if i + ii >= b + bi else (b + bi, BEGIN)
            if b + bo > to_o or i + io > to_o:
                to_o, from_o = (i + io, INSIDE) if i + io >= b + bo else (b + bo, BEGIN)
            b, i, o = to_b + here_b, to_i + here_i, to_o + here_o
            steps.append((from_b, from_i, from_o))
        else:
            b, o = here_b, here_o
            steps.append((OUTSIDE, OUTSIDE, OUTSIDE))
    return _trace(_best(b, i, o), steps[1:]) if steps else []


def _best(b: float, i: float, o: float) -> int:
    """The tag of the greatest of three; outside wins a tie."""
    if o >= b and o >= i:
        return OUTSIDE
    return INSIDE if i >= b else BEGIN


def _trace(tag: int, steps: Sequence[tuple[int, int, int]]) -> list[int]:
    chain = [tag]
    for step in reversed(steps):
        tag = step[tag]
        chain.append(tag)
    return chain[::-1]


@lru_cache(maxsize=256)
def _layout(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """What speaks for each of ``size`` words: its place among words, pairs and windows in one row, and which part.

    These are the word; the pair that ends with it and the one that begins so; the windows that end, surround, begin.
    """
    import numpy as np

    pairs, windows = size, 2 * size + 1
    first = np.array([[0], [pairs], [pairs + 1], [windows], [windows + 1], [windows + 2]])
    return first + np.arange(size), np.array([[0], [0], [1], [0], [1], [2]])


@dataclass(frozen=True)
class Table:
    """Rows of weights by name; ``weights`` has one row more, of noughts, for what has no name (row -1)."""

    rows: Mapping[str, int]
    weights: Floats

    @staticmethod
    def of(weights: Mapping[str, Scores], width: int) -> Table:
        """The table of some named rows of ``width`` numbers each."""
        import numpy as np

        rows = [*weights.values(), (0.0,) * width]
        return Table({name: at for at, name in enumerate(weights)}, np.array(rows, np.float32))


@dataclass(frozen=True)
class Tagger:
    """Weights for the three tags, and of one tag following another (``follow[before][after]``).

    ``words`` holds three numbers per word; ``pairs`` three for the second word of the pair, then three for the
    first; ``windows`` three for the last word of the window, then for the middle and the first one.
    """

    words: Table
    pairs: Table
    windows: Table
    follow: Sequence[Scores]

    def tags(self, found: Clues) -> list[int]:
        """The best chain of tags for a text's words."""
        import numpy as np

        if not found.words:
            return []
        rows, unknown = list[int](), len(self._stacked) - 3
        for known, names in zip(self._rows, found, strict=True):
            rows += map(known.get, names, repeat(unknown))
        at, column = _layout(len(found.words))
        emitted = np.add.reduce(self._stacked.take(np.array(rows).take(at) + column, axis=0))
        return best_chain(emitted.tolist(), self.follow)

    @cached_property
    def _stacked(self) -> Floats:
        """Three numbers per row: of each word one row, of each pair two, of each window three, and nought thrice."""
        import numpy as np

        parts = (self.words, self.pairs, self.windows)
        known = [part.weights[: len(part.rows)].reshape(-1, 3) for part in parts]
        return np.concatenate([*known, np.zeros((3, 3), np.float32)])

    @cached_property
    def _rows(self) -> list[Mapping[str, int]]:
        """The first row in ``_stacked`` of each word, pair and window."""
        found: list[Mapping[str, int]] = []
        start = 0
        for width, part in enumerate((self.words, self.pairs, self.windows), 1):
            found.append({name: start + row * width for name, row in part.rows.items()})
            start += len(part.rows) * width
        return found

    def spans(self, text: str) -> list[Span]:
        """The place phrases of a normalised text as ``(start, end)``, in order."""
        found: list[Span] = []
        words, starts = tokens(text), edges(text)
        tags = self.tags(clues(words))
        if BEGIN not in tags:
            return found
        ended = False
        for at, tag in enumerate(tags):
            if tag == BEGIN:
                found.append((starts[at], starts[at + 1]))
                ended = False
            elif tag == INSIDE and not (ended := ended or _counts_time(words, at)):
                found[-1] = (found[-1][0], starts[at + 1])
        return [(start, end) for start, end in found if text[start:end].strip()]
