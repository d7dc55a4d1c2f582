"""Whose are these words: of a case that she has open, a new problem, or must she be asked?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

CASE, NEW, ASK, THANKS = "case", "new", "ask", "thanks"

FRESH = timedelta(days=3)
"""How long after an agency's last words a short remark is taken for an answer to them."""
ASKED_FOR = timedelta(days=30)
"""How long an answer to a question that nobody waits for any more is still known as one."""
JUST_SENT = timedelta(minutes=10)
"""How long unclear words after sending a report are taken for a part of it."""
SHORT = 40
"""Letters; a remark of unclear meaning that is no longer than this answers what was just said."""


_NO_PROBLEM = ("other", "service")
"""Categories that words about a known problem are often taken for."""


@dataclass(frozen=True)
class Said:
    """What was understood of her words. ``reply``: "nudge", "thanks", "answer" or nothing of these."""

    reply: str
    intent: str
    sure: bool
    category: str
    emergency: bool
    letters: int
    place: bool


@dataclass(frozen=True)
class Open:
    """A case of hers. ``issues``: categories that people take for one another; ``heard``: since the agency spoke.

    ``asked``: its last words were a question, which she never answered. ``age``: since she sent it.
    """

    code: str
    issues: frozenset[str]
    heard: timedelta | None
    asked: bool = False
    age: timedelta | None = None


@dataclass(frozen=True)
class Verdict:
    """``kind`` is "case" (then ``codes`` holds one), "ask" (the cases it may be), "new" or "thanks"."""

    kind: str
    codes: tuple[str, ...] = ()


def whose(said: Said, cases: Sequence[Open]) -> Verdict:
    """Where her words belong. A danger to life never disappears in a case that is there."""
    if said.emergency:
        return Verdict(NEW)
    if said.reply == "thanks":
        return Verdict(THANKS)
    if not cases:
        return Verdict(NEW)
    if said.reply == "nudge":
        about = _about(said, cases)
        another = said.sure and said.category not in _NO_PROBLEM and not about
        return Verdict(ASK, _codes(cases)) if another else _one_of(about or list(cases))
    if said.sure and said.category != "other" and said.intent in ("report", "question", "suggestion"):
        same = [] if said.place else _about(said, cases)
        waits = [case for case in same if _just_sent(case) or (case.asked and _expects(case))]
        return _one_of(waits or same, sure=bool(waits)) if same else Verdict(NEW)
    if said.sure and said.intent in ("status", "praise"):
        return Verdict(NEW)
    if said.intent == "suggestion" and said.letters > SHORT // 2 and not _about(said, cases):
        return Verdict(NEW)  # an idea has its own way, whatever it is about
    return _unclear(said, cases)


def _unclear(said: Said, cases: Sequence[Open]) -> Verdict:
    """Nothing clear was said: an answer where something was just asked or told, else she knows best."""
    sent = [case for case in cases if _just_sent(case)]
    if len(sent) == 1 and said.intent == "report":
        return _one_of(sent)
    spoken = [case for case in cases if _expects(case)]
    if spoken and (said.reply == "answer" or said.letters <= SHORT):
        return _one_of(spoken)
    quiet = said.intent == "none" and said.sure
    return Verdict(NEW) if quiet and not spoken else Verdict(ASK, _codes(cases))


def _just_sent(case: Open) -> bool:
    return case.age is not None and case.age <= JUST_SENT


def _expects(case: Open) -> bool:
    """Something was just said or asked there, and her words may answer it."""
    return case.heard is not None and case.heard <= (ASKED_FOR if case.asked else FRESH)


def _about(said: Said, cases: Sequence[Open]) -> list[Open]:
    """Cases of the kind of problem that her words name."""
    return [case for case in cases if said.category in case.issues]


def _one_of(cases: Sequence[Open], sure: bool = True) -> Verdict:
    return Verdict(CASE if sure and len(cases) == 1 else ASK, _codes(cases))


def _codes(cases: Sequence[Open]) -> tuple[str, ...]:
    return tuple(case.code for case in cases)
