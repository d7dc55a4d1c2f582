"""What an agency is to be told, before any gateway has given it a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class News:
    """``kind``: "offer" (the case is theirs to take), "help" (a task is), "update" or "remind"."""

    headline: str
    """Key of a sentence: ``headline.…``."""
    kind: str = "update"
    words: str = ""
    """What somebody has just said."""
    task: str = ""
    acts: bool = True
    """The agency may act on it."""
