"""Cases as rows of a list: masked words only, so that looking through many of them shows nobody's personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.messages.shorten import shorten
from handlers.services import cards, clocks
from nlp import mask
from store.models import Case
from store.words import OPEN, RowState

if TYPE_CHECKING:
    from bot.web.console.visit import Visit


@dataclass(frozen=True)
class Row:
    """One case of a list, in the reader's language."""

    id: int
    code: str
    title: str
    text: str
    place: str
    status: str
    status_name: str
    lead: str
    opened: str
    due: str
    late: bool
    urgent: bool
    people: int
    picture: str
    """Token of a picture, or empty."""


def row_of(visit: Visit, case: Case, most: int = 160) -> Row:
    """``most``: letters of the citizen's words."""
    talk, lang = visit.talk, visit.lang
    due = clocks.shown(case) if case.status in OPEN else None
    return Row(
        id=case.id,
        code=case.code,
        title=cards.title_of(talk.book, case, lang),
        text=shorten(mask(case.public_text), most),
        place=shorten(cards.place_of(talk, case, lang), 80),
        status=case.status,
        status_name=cards.status_of(case, lang),
        lead=talk.book.agency_name(case.lead, lang),
        opened=visit.when(case.opened_at),
        due=visit.when(due.due_at) if due else "",
        late=bool(due and due.due_at < talk.now),
        urgent=case.urgent,
        people=case.people,
        picture=_picture(case),
    )


def rows_of(visit: Visit, found: Sequence[Case], most: int = 160) -> list[Row]:
    return [row_of(visit, case, most) for case in found]


def _picture(case: Case) -> str:
    return next((p.token for p in case.photos if p.role == "before" and p.state == RowState.DONE), "")
