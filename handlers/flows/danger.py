"""The numbers to call come before everything else."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.flows.drafts import Draft
from handlers.messages.neutral import Button, Card, Message
from handlers.talk import Talk
from nlp import Understanding

SAFETY, HEALTH = "safety", "health"
"""Categories of dangers whose words tell no other."""


def first(talk: Talk, u: Understanding) -> list[Message]:
    """What to call now, as its own card; nothing when nobody is in danger."""
    return [_card(talk, u.emergency, u.hotlines)] if u.emergency else []


def no_questions(draft: Draft, u: Understanding) -> None:
    """Somebody in danger is not asked what it is about; who despairs is not asked where either."""
    if u.emergency and not draft["category"]:
        draft["category"] = draft["guess"] = HEALTH if u.hotlines else SAFETY
    draft["no_place"] = draft["no_place"] or bool(u.hotlines)


def _card(talk: Talk, number: str, hotlines: Sequence[str]) -> Card:
    """Who despairs is first told who listens."""
    lines = [talk.say("report.hotline", number=one, label=_label(talk, one)) for one in hotlines]
    lines.append(talk.say("report.emergency", number=number, label=_label(talk, number)))
    calls = tuple(
        Button(talk.say("button.call", number=one), "link", uri=f"tel:{one}", style="plain" if at else "main")
        for at, one in enumerate((*hotlines, number))
    )
    title = talk.say("report.emergency_title")
    return Card(title=title, body="\n".join(lines), buttons=calls, tone="urgent", alt=lines[0])


def _label(talk: Talk, number: str) -> str:
    """Who answers there, as the city's folder calls it."""
    found = next((e for e in talk.book.data.city.emergency if e.number == number), None)
    if found is None:
        return ""
    return found.label_en if talk.lang == "en" else found.label_th
