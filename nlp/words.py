"""Cuts text into words, with pythainlp's dictionary, loaded on first use because it takes a third of a second."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate

from nlp.segmenter import Segmenter


@cache
def _segmenter() -> Segmenter:
    from pythainlp.corpus import thai_words

    return Segmenter(thai_words())


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, spaces and line breaks among them; joined again they give the text back.

    The last texts are remembered, because several readers ask for the words of the same message.
    """
    return tuple(_segmenter().cut(text))


@lru_cache(maxsize=64)
def edges(text: str) -> tuple[int, ...]:
    """Where the words of a text begin, and as last entry where the text ends."""
    return tuple(accumulate(map(len, tokens(text)), initial=0))


def warm() -> None:
    """Loads the dictionary now, so that the first message does not wait for it."""
    _segmenter()
