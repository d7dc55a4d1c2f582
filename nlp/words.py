"""Cuts text into words: pythainlp's newmm, loaded on first use because its dictionary takes half a second."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import accumulate


@cache
def _segmenter() -> Callable[[str], list[str]]:
    from pythainlp.tokenize.newmm import segment

    return segment


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, spaces and line breaks among them; joined again they give the text back.

    The last texts are remembered, because several readers ask for the words of the same message.
    """
    return tuple(_segmenter()(text)) if text else ()


@lru_cache(maxsize=64)
def edges(text: str) -> tuple[int, ...]:
    """Where the words of a text begin, and as last entry where the text ends."""
    return tuple(accumulate(map(len, tokens(text)), initial=0))


def warm() -> None:
    """Loads the dictionary now, so that the first message does not wait for it."""
    _segmenter()("a")
