"""A report goes out: the draft as a case, and what she is told then."""

from __future__ import annotations

from dataclasses import replace

from handlers.flows import behalf, joining, thoughts
from handlers.flows.drafts import Draft
from handlers.messages.neutral import Card, Message, tap
from handlers.services import cards, notify
from handlers.services.cases import NewReport
from handlers.talk import Talk
from nlp import mask, normalise
from store.models import Case
from store.words import CaseKind


def after_sending(talk: Talk, case: Case) -> list[Message]:
    """The receipt; with a problem the invitation to its network, and an idea is shown to those who speak for it."""
    if case.kind == CaseKind.PROBLEM:
        return [receipt(talk, case), *joining.invitation(talk, case)]
    if case.kind == CaseKind.SUGGESTION:
        notify.suggested(talk, case)
    return [thoughts.receipt(talk, case)]


def of_draft(talk: Talk, draft: Draft) -> NewReport:
    """The draft as it goes into a case."""
    place = draft["place"] or {}
    area = place.get("area")
    return NewReport(
        text=draft["text"],
        masked=mask(normalise(draft["text"])),
        category=draft["category"],
        urgent=bool(draft["urgent"]),
        emergency=draft["emergency"],
        place_text=place.get("text", ""),
        area=area if area in talk.book.areas else None,
        lat=place.get("lat"),
        lon=place.get("lon"),
        photos=draft["photos"],
        messages=[m for m in draft["messages"] if m],
        behalf=behalf.of_draft(talk, draft),
        kind=CaseKind(draft.get("kind", CaseKind.PROBLEM)),
        outside=place.get("inside") is False,
    )


def receipt(talk: Talk, case: Case) -> Card:
    """Her code, who has it, by when to expect an answer, how to follow."""
    lead = notify.lead_name(talk, case, talk.lang)
    key = "report.receipt_center" if case.unassigned else "report.receipt"
    if case.routing_reason.get("outside"):
        key = "report.receipt_outside"
    card = cards.for_citizen(talk, case, talk.lang, body=talk.say(key, lead=lead), whole=True)
    return replace(
        card,
        title=talk.say("report.receipt_title", code=case.code),
        badge=talk.say("report.receipt_badge"),
        tone="good",
        image=None,
        buttons=(
            tap(talk.say("button.show"), "case.show", case=case.code),
            tap(talk.say("button.track"), "case.track", style="quiet"),
        ),
        alt=talk.say("report.receipt_alt", code=case.code, lead=lead),
    )
