"""What everybody may see: figures of the city, one case, one network. Masked words, no people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from handlers.city import CityBook
from handlers.messages.neutral import Line
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.services import cards, clocks, lessons, network_life
from handlers.services.digests import LISTS
from nlp import mask
from store import Unit
from store.city_data import NetworkRow
from store.models import Case, Lesson, Photo
from store.queries import cases as rows
from store.queries import charters
from store.queries import lessons as lesson_rows
from store.queries import networks as member_rows
from store.words import OPEN, RowState, Status

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Viewer:
    """Who looks, from where: language, the city and its time."""

    unit: Unit
    book: CityBook
    now: datetime
    lang: str

    def when(self, at: datetime) -> str:
        return moment(at, self.now, self.book.zone, self.lang)


@dataclass(frozen=True)
class Happened:
    """One thing that happened: when (in words and as ISO 8601), what, and public words about it."""

    when: str
    iso: str
    what: str
    words: str


@dataclass(frozen=True)
class Helping:
    agency: str
    task: str
    state: str
    since: str


@dataclass(frozen=True)
class CasePage:
    """A case as anybody sees it. ``photos``: (role, token) of each picture that may be shown."""

    code: str
    status: str
    status_name: str
    title: str
    text: str
    lead: str
    promise: Line | None
    overdue: str
    """Since when everybody sees that a promise was not kept; empty while none was broken for long."""
    why: str
    helpers: list[Helping]
    place: str
    network: tuple[str, str] | None
    photos: list[tuple[str, str]]
    history: list[Happened]
    reporters: int
    followers: int
    rating: int | None


def figures(unit: Unit, now: datetime) -> dict[str, int]:
    """Cases open, overdue and ever finished in the whole city."""
    by_status = rows.status_counts(unit)
    return {
        "open": sum(by_status.get(status, 0) for status in OPEN),
        "overdue": rows.overdue_count(unit, now),
        "finished": by_status.get(Status.DONE, 0) + by_status.get(Status.CLOSED, 0),
    }


def case_page(viewer: Viewer, code: str) -> CasePage | None:
    """The case of that code; None when there is none."""
    case = rows.look_up(viewer.unit, code)
    if case is None:
        return None
    book, lang = viewer.book, viewer.lang
    network = book.networks.get(case.network or "")
    return CasePage(
        code=case.code,
        status=case.status,
        status_name=cards.status_of(case, lang),
        title=cards.title_of(book, case, lang),
        text=mask(case.public_text),
        lead=_agency(book, case.lead, lang),
        promise=_promised(viewer, case),
        overdue=viewer.when(case.overdue_at) if case.overdue_at else "",
        why=cards.why_lead(case, lang),
        helpers=_helpers(viewer, case),
        place=_place(viewer, case),
        network=(network.code, book.name(network, lang)) if network else None,
        photos=[(photo.role, photo.token) for photo in public_photos(case)],
        history=_history(viewer, case),
        reporters=len(rows.reporters(case)),
        followers=len(case.followers),
        rating=case.rating,
    )


def public_photos(case: Case) -> list[Photo]:
    """Pictures of the problem and of the result; what was sent between citizen and agency in private is not shown."""
    private = {row.message_id for row in case.history if row.message_id and not row.public}
    return [
        photo
        for photo in case.photos
        if photo.role in ("before", "after")
        and photo.state == RowState.DONE
        and photo.message_id not in private
    ]


def _agency(book: CityBook, code: str | None, lang: str) -> str:
    row = book.agencies.get(code or "")
    return book.name(row, lang) if row else ""


def _promised(viewer: Viewer, case: Case) -> Line | None:
    """The promise that runs, in words."""
    found = clocks.shown(case)
    return Line(say(viewer.lang, f"case.due_{found.kind}"), viewer.when(found.due_at)) if found else None


def _helpers(viewer: Viewer, case: Case) -> list[Helping]:
    return [
        Helping(_agency(viewer.book, h.agency, viewer.lang), mask(h.task), h.state, viewer.when(h.since))
        for h in case.helpers
        if h.state != "declined"
    ]


def _place(viewer: Viewer, case: Case) -> str:
    area = viewer.book.areas.get(case.area or "")
    name = viewer.book.name(area, viewer.lang) if area else ""
    words = mask(case.place_text)
    parts = [words] if name in words else [words, name]
    return ", ".join(part for part in parts if part) or say(viewer.lang, "case.no_place")


def _history(viewer: Viewer, case: Case) -> list[Happened]:
    shown = []
    for row in case.history:
        if not row.public:
            continue
        lead = viewer.book.agency_name(row.data.get("lead") or row.agency, viewer.lang)
        words = mask(row.text) if row.text and row.kind != "reported" else ""
        kind = viewer.book.plain_name(str(row.data.get("category", "")), viewer.lang)
        codes = cards.codes_of(row)
        what = say(viewer.lang, f"history.{row.kind}", lead=lead, category=kind, codes=codes)
        shown.append(Happened(viewer.when(row.at), row.at.isoformat(), what, words))
    return shown


@dataclass(frozen=True)
class NetworkPage:
    """A network as anybody sees it: what it is for, who can join, and how it is doing."""

    code: str
    name: str
    goal: str
    conditions: str
    integrator: str
    categories: list[str]
    members: int
    figures: dict[str, int] = field(default_factory=dict)
    size: str = ""
    level: str = ""
    levels: dict[str, int] = field(default_factory=dict)
    """Per cent of what it has decided and done together at each level of participation; levels without anything left out."""
    kind: str = ""
    integration: str = ""
    charter: str = ""
    charter_version: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)
    conditions_met: dict[str, bool] = field(default_factory=dict)
    guidelines: dict[str, bool] = field(default_factory=dict)
    steps: dict[str, float | None] = field(default_factory=dict)
    kept: int = 0
    broken: int = 0
    retention: list[tuple[str, int, list[int]]] = field(default_factory=list)
    """(month of joining, how many joined, per cent still active after 1, 2, … months); small cohorts left out."""


def network_page(viewer: Viewer, code: str) -> NetworkPage | None:
    """The network of that code; None when there is none. New and done count the last 30 days."""
    row = viewer.book.networks.get(code)
    if row is None:
        return None
    english = viewer.lang == "en"
    found = rows.in_network(viewer.unit, code, viewer.now - MONTH, viewer.now)
    by_status = rows.network_counts(viewer.unit, code)
    counted = {which: len(found[which]) for which in LISTS}
    counted["open"] = sum(by_status.get(status, 0) for status in OPEN)
    return NetworkPage(
        code=row.code,
        name=viewer.book.name(row, viewer.lang),
        goal=row.goal_en if english else row.goal_th,
        conditions=row.conditions_en if english else row.conditions_th,
        integrator=_agency(viewer.book, row.integrator, viewer.lang),
        categories=[
            viewer.book.category_name(category, viewer.lang)
            for category in row.categories
            if category in viewer.book.categories
        ],
        members=member_rows.size(viewer.unit, code),
        figures=counted,
        **_standing(viewer, row),
    )


def _standing(viewer: Viewer, row: NetworkRow) -> dict[str, Any]:
    """The checklists, the five-step score and what was kept, as the page shows them; nobody is named."""
    found = network_life.report(viewer.unit, viewer.book, row, viewer.now)
    charter = charters.charter(viewer.unit, row.code)
    networks = viewer.book.networks
    return {
        "size": found["size_class"],
        "level": row.level,
        "levels": {name: round(100 * share) for name, share in found["participation"].items() if share},
        "kind": row.kind,
        "integration": row.integration,
        "charter": (charter.text_en if viewer.lang == "en" else charter.text_th) if charter else "",
        "charter_version": charter.version if charter else 0,
        "links": [
            (code, viewer.book.name(networks[code], viewer.lang))
            for code in found["links"]
            if code in networks
        ],
        "conditions_met": found["conditions"],
        "guidelines": {point["name"]: point["met"] for point in found["guidelines"]},
        "steps": found["steps"],
        "kept": found["commitments"]["kept"],
        "broken": found["commitments"]["broken"],
        "retention": [
            (str(cohort["month"]), int(cohort["joined"]), [round(100 * share) for share in cohort["still"]])
            for cohort in found["retention"]
            if cohort["still"]
        ],
    }


@dataclass(frozen=True)
class LessonShown:
    """A lesson as anybody may read it; ``code`` is that of its case."""

    code: str
    title: str
    problem: str
    lines: tuple[Line, ...]
    when: str


def lesson_list(viewer: Viewer, words: str) -> list[LessonShown]:
    """Lessons like the words, or the newest."""
    found = lessons.search(viewer.book, lesson_rows.published(viewer.unit), words)
    return [_lesson(viewer, one) for one in found]


def _lesson(viewer: Viewer, one: Lesson) -> LessonShown:
    where = lessons.place(viewer.book, one, viewer.lang)
    name = viewer.book.category_name(one.category, viewer.lang)
    when = viewer.when(one.published_at) if one.published_at else ""
    shown = lessons.lines(viewer.book, one, viewer.lang)
    return LessonShown(one.case_code, f"{name} · {where}" if where else name, one.problem, shown, when)
