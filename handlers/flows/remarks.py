"""Short remarks that people type where a button could be tapped: "send it", "never mind", "not there", "I don't know"."""

from __future__ import annotations

import re
from functools import cache

from handlers.messages.texts import words
from nlp import aside, normalise

THANKS = "thanks"
FILLER = "remark.filler"
STOP, SEND, WAIT = "remark.stop", "remark.send", "remark.wait"
ELSEWHERE, NOWHERE, WRONG = "remark.elsewhere", "remark.nowhere", "remark.wrong"
ONE, TWO = "remark.one", "remark.two"
FIXED, NOT_FIXED = "remark.fixed", "remark.not_fixed"
CROSS, BEGIN, ASK, HELLO = "remark.cross", "remark.begin", "remark.ask", "remark.hello"
AGREE, REFUSE, TAKE = "remark.agree", "remark.refuse", "remark.take"
LATER, LEAVE = "remark.later", "remark.leave"
NOTHING, STATUS = "remark.nothing", "remark.status"
POLITE = "remark.particles"
"""A polite particle alone: a Thai "yes" where yes or no was asked, and nothing elsewhere."""

_KINDS = (
    *(STOP, SEND, WAIT, ELSEWHERE, NOWHERE, WRONG, ONE, TWO),
    *(FIXED, NOT_FIXED, CROSS, BEGIN, ASK, HELLO, AGREE, REFUSE, TAKE, LATER, LEAVE),
    *(NOTHING, STATUS, FILLER),
)
MOST_LETTERS = 60
"""A longer message says more than a remark."""
_GAPS = re.compile(r"[\s,.!?…~]+")


def remarks(text: str) -> tuple[str, ...]:
    """The kinds of remarks that the text consists of, without fillers; empty where anything else is said too."""
    if not text.strip() or len(text) > MOST_LETTERS:
        return ()
    said = normalise(text).lower().strip()
    whole = _kinds(_GAPS.sub(" ", said).strip())
    if whole:
        return whole
    parts = [part for part in _GAPS.split(said) if part]
    found = [_kinds(part) for part in parts if part not in words("remark.particles")]
    if parts and not found:
        return (POLITE,)
    if not all(found):
        return ()
    return tuple(kind for kinds in found for kind in kinds if kind != FILLER)


def remark(text: str, *wanted: str) -> str | None:
    """The last of the wanted remarks in the text; None where it says none of them, or more than remarks."""
    return next((kind for kind in reversed(remarks(text)) if kind in wanted), None)


def says(text: str, kind: str) -> bool:
    """Whether a word of that list stands anywhere in the text."""
    said = normalise(text).lower()
    return any(word in said for word in words(kind))


def ends_like_a_sentence(text: str) -> bool:
    """ "Very big", "for days already": more about the problem, and no name of a place."""
    return _bare(normalise(text).lower()).endswith(tuple(words("remark.tails")))


def _kinds(part: str) -> tuple[str, ...]:
    """A piece may be of several kinds: which is meant depends on what was asked."""
    plain = _bare(part)
    found = tuple(kind for kind in _KINDS if {part, plain} & _listed(kind))
    return found or ((THANKS,) if aside(part) == "thanks" else ())


@cache
def _listed(kind: str) -> frozenset[str]:
    """The remarks of a kind, normalised like what people type."""
    return frozenset(normalise(word).lower() for word in words(kind))


def _bare(part: str) -> str:
    """Without the polite particles at its end."""
    shorter = part.strip(" .!?…")
    while True:
        end = next((p for p in words("remark.particles") if shorter.endswith(p) and shorter != p), None)
        if end is None:
            return shorter
        shorter = shorter[: -len(end)].strip()
