""" "Is it the same?": cases of others (or her own) that a report being written may mean, with what she needs to judge."""

from __future__ import annotations

from typing import Any

from handlers.messages.neutral import Button, Card, Cards, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import span
from handlers.rules.duplicates import HERE_M, MOST_SHOWN, Match
from handlers.services import cards, similar
from handlers.talk import Talk
from nlp import mask, normalise
from store.models import Case
from store.queries import cases as rows
from store.words import OPEN

MOST_ASKED = 50


def found(talk: Talk, draft: dict[str, Any], most: int = MOST_SHOWN) -> list[Match]:
    """What the report probably means, but for what she said no to."""
    place = draft["place"] or {}
    area = place.get("area")
    new = similar.problem(
        talk,
        draft["category"],
        mask(normalise(draft["text"])),
        place.get("text", ""),
        area if area in talk.book.areas else None,
        place.get("lat"),
        place.get("lon"),
    )
    return similar.probable(talk, new, draft.get("apart", ()), most)


def ask(talk: Talk, draft: dict[str, Any], matches: list[Match], opening: str = "") -> list[Message]:
    """One card for each, with one tap for yes and one for no."""
    known = rows.to_show(talk.unit, [match.known.case_id for match in matches])
    shown = [(match, known[match.known.case_id]) for match in matches if match.known.case_id in known]
    words = _question(talk, *shown[0]) if len(shown) == 1 else talk.say("same.ask_many", n=len(shown))
    cancel = tap(talk.say("button.cancel"), "report.cancel", style="quiet", draft=draft["id"])
    carousel = tuple(_card(talk, draft, match, case) for match, case in shown)
    text = "\n".join(part for part in (opening, words) if part)
    return [Text(text), Cards(carousel, alt=shorten(words, 380), quick=(cancel,))]


def _question(talk: Talk, match: Match, case: Case) -> str:
    age = span(match.age, talk.lang)
    if is_hers(talk, case):
        status = cards.status_name(case.status, talk.lang)
        return talk.say("same.ask_own", code=case.code, age=age, status=status)
    return talk.say("same.ask", n=case.people, where=_how_far(talk, match), age=age)


def _how_far(talk: Talk, match: Match) -> str:
    metres = match.distance_m
    if metres is None or match.known.problem.wide:
        return talk.say("same.around")
    if metres < HERE_M:
        return talk.say("same.here")
    return talk.say("same.near", m=round(metres / 10) * 10)


def is_hers(talk: Talk, case: Case) -> bool:
    """Whether she reported it for herself; what she wrote down for others is theirs."""
    return any(r.person_id == talk.person.id and r.channel == "line" for r in case.reports)


def _card(talk: Talk, draft: dict[str, Any], match: Match, case: Case) -> Card:
    """Masked words, a public picture, how far, how long ago and how it stands; nothing of who reported it."""
    lang = talk.lang
    return Card(
        title=talk.book.category_name(case.category, lang),
        body=shorten(mask(case.public_text), 200),
        lines=(
            Line(talk.say("case.where"), shorten(cards.place_of(talk, case, lang), 120)),
            Line(talk.say("same.distance"), _how_far(talk, match)),
            Line(talk.say("same.when"), talk.say("same.ago", age=span(match.age, lang))),
            Line(talk.say("same.now"), cards.status_name(case.status, lang)),
        ),
        buttons=_buttons(talk, draft, case),
        badge=talk.say("same.yours") if is_hers(talk, case) else talk.say("same.people", n=case.people),
        image=cards.picture(talk, case, "before", size="small"),
    )


def _buttons(talk: Talk, draft: dict[str, Any], case: Case) -> tuple[Button, ...]:
    keys = {"case": case.code, "draft": draft["id"]}
    if is_hers(talk, case) and case.status in OPEN and not draft.get("behalf"):
        yes = tap(talk.say("button.same_own"), "report.add", style="main", **keys)
    else:
        yes = tap(talk.say("button.same"), "report.join", style="main", **keys)
    return (yes, tap(talk.say("button.apart"), "report.apart", draft=draft["id"]))
