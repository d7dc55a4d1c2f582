"""What short words mean within a conversation about a problem that is known: asking, thanking, answering."""

from __future__ import annotations

import re

from nlp.normalise import normalise
from nlp.wording import alternation, table

NUDGE, THANKS, ANSWER = "nudge", "thanks", "answer"

_ENDS = " .!?\t\n"
_PARTICLES = re.compile(alternation(re.escape(word) for word in table("intent")["particles"]) + "$")


def aside(text: str) -> str:
    """ "nudge" (why has nothing happened?), "thanks" (and nothing else), "answer" (opens like one), or ""."""
    said = normalise(text).lower().strip(_ENDS)
    lists = table("asides")
    if any(word in said for word in lists["nudges"]):
        return NUDGE
    if _bare(said) in lists["thanks"] or said in lists["thanks"]:
        return THANKS
    return ANSWER if said.startswith(tuple(lists["answers"])) else ""


def _bare(said: str) -> str:
    """Without the polite particles at its end."""
    while (shorter := _PARTICLES.sub("", said).strip(_ENDS)) != said and shorter:
        said = shorter
    return said
