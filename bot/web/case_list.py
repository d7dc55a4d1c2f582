"""The public list of cases: what a visitor asked for, as far as it makes sense, and one page of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from handlers.messages.times import day
from handlers.services import cards, city_map
from handlers.services.showcase import Viewer, public_place
from nlp import mask
from store.issues import issues
from store.models import Case
from store.queries import showcase as rows
from store.queries.showcase import Wanted

WHICH = ("open", "overdue", "fixed", "all")
PER_PAGE = 24
CUT = 160


@dataclass(frozen=True)
class Shown:
    """A case in the list."""

    code: str
    title: str
    status: str
    status_name: str
    text: str
    place: str
    when: str
    lead: str
    late: bool


@dataclass(frozen=True)
class Choice:
    """A question of the filter: ``options`` are (code, name)."""

    name: str
    chosen: str
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class Listing:
    which: str
    tabs: list[tuple[str, str]]
    """(which, address)."""
    choices: list[Choice]
    cases: list[Shown]
    older: str
    """Address of the next page; "" when there is none."""


def build(viewer: Viewer, asked: Mapping[str, str]) -> Listing:
    """One page; what was asked and is unknown is not asked."""
    choices = _choices(viewer, asked)
    chosen = {choice.name: choice.chosen for choice in choices}
    which = asked.get("which", "")
    wanted = Wanted(
        which if which in WHICH else WHICH[0],
        chosen["category"],
        chosen["area"],
        chosen["agency"],
        chosen["network"],
    )
    found = rows.page(
        viewer.unit,
        wanted,
        city_map.confidential(viewer),
        viewer.now,
        asked.get("before", ""),
        PER_PAGE + 1,
    )
    older = _address(viewer, wanted, before=found[PER_PAGE - 1].code) if len(found) > PER_PAGE else ""
    return Listing(
        wanted.which,
        [(name, _address(viewer, replace(wanted, which=name))) for name in WHICH],
        choices,
        [_shown(viewer, case) for case in found[:PER_PAGE]],
        older,
    )


def _choices(viewer: Viewer, asked: Mapping[str, str]) -> list[Choice]:
    book, lang = viewer.book, viewer.lang
    shown = issues().reach
    found = {
        "category": [
            (c.code, book.category_name(c.code, lang)) for c in book.data.categories if c.code in shown
        ],
        "area": [(a.code, book.name(a, lang)) for a in book.data.inside],
        "agency": [(a.code, book.agency_name(a.code, lang)) for a in book.data.agencies],
        "network": [(n.code, book.name(n, lang)) for n in book.data.networks],
    }
    return [
        Choice(name, asked.get(name, "") if asked.get(name) in dict(options) else "", options)
        for name, options in found.items()
    ]


def _address(viewer: Viewer, wanted: Wanted, before: str = "") -> str:
    given = asdict(wanted)
    given["agency"] = given.pop("lead")
    given |= {"before": before, "lang": viewer.lang}
    return "/cases?" + urlencode({name: value for name, value in given.items() if value})


def _shown(viewer: Viewer, case: Case) -> Shown:
    words = mask(case.public_text)
    return Shown(
        code=case.code,
        title=cards.title_of(viewer.book, case, viewer.lang),
        status=case.status,
        status_name=cards.status_of(case, viewer.lang),
        text=words if len(words) <= CUT else words[: CUT - 1] + "…",
        place=public_place(viewer, case),
        when=day(case.opened_at, viewer.now, viewer.book.zone, viewer.lang),
        lead=viewer.book.agency_name(case.lead, viewer.lang),
        late=case.overdue_at is not None,
    )
