"""What everybody may see: figures of the city, one case, one network. Masked words, no people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.city import CityBook
from handlers.messages.neutral import Line
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules.deadlines import HELP_KINDS
from handlers.services import cards, clocks, lessons
from handlers.services.open_cases import may_show_words
from nlp import mask
from store import Unit
from store.issues import issues
from store.models import Case, Helper, Lesson, Photo
from store.queries import cases as rows
from store.queries import lessons as lesson_rows
from store.words import RowState


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
    due: str
    """Until when its answer or its part is due; empty when nothing runs."""


@dataclass(frozen=True)
class CasePage:
    """A case as anybody sees it. ``before`` and ``after``: tokens of the pictures that may be shown."""

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
    before: list[str]
    after: list[str]
    history: list[Happened]
    reporters: int
    followers: int
    rating: int | None
    private: bool = False
    """A matter whose words, pictures and place nobody outside sees."""


def case_page(viewer: Viewer, code: str) -> CasePage | None:
    """The case of that code; None when there is none."""
    case = rows.look_up(viewer.unit, code)
    if case is None:
        return None
    book, lang = viewer.book, viewer.lang
    told = may_show_words(case.category, case.kind, case.emergency, issues())
    network = book.networks.get(case.network or "")
    return CasePage(
        code=case.code,
        status=case.status,
        status_name=cards.status_of(case, lang),
        title=cards.title_of(book, case, lang),
        text=mask(case.public_text) if told else "",
        lead=agency_name(book, case.lead, lang),
        promise=_promised(viewer, case),
        overdue=viewer.when(case.overdue_at) if case.overdue_at else "",
        why=cards.why_lead(case, lang),
        helpers=_helpers(viewer, case) if told else [],
        place=public_place(viewer, case) if told else area_name(viewer, case),
        network=(network.code, book.name(network, lang)) if network else None,
        before=[photo.token for photo in public_photos(case) if told and photo.role == "before"],
        after=[photo.token for photo in public_photos(case) if told and photo.role == "after"],
        history=_history(viewer, case, told),
        reporters=len(rows.reporters(case)),
        followers=len(case.followers),
        rating=case.rating,
        private=not told,
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


def agency_name(book: CityBook, code: str | None, lang: str) -> str:
    """Its full name; empty for no agency."""
    row = book.agencies.get(code or "")
    return book.name(row, lang) if row else ""


def _promised(viewer: Viewer, case: Case) -> Line | None:
    """The promise that runs, in words."""
    found = clocks.shown(case)
    return Line(say(viewer.lang, f"case.due_{found.kind}"), viewer.when(found.due_at)) if found else None


def _helpers(viewer: Viewer, case: Case) -> list[Helping]:
    return [_helping(viewer, case, helper) for helper in case.helpers if helper.state != "declined"]


def _helping(viewer: Viewer, case: Case, helper: Helper) -> Helping:
    running = [
        d.due_at for d in case.deadlines
        if d.agency == helper.agency and d.kind in HELP_KINDS and d.state in ("running", "paused")
    ]  # fmt: skip
    return Helping(
        agency_name(viewer.book, helper.agency, viewer.lang),
        mask(helper.task),
        helper.state,
        viewer.when(helper.since),
        viewer.when(min(running)) if running else "",
    )


def public_place(viewer: Viewer, case: Case) -> str:
    """Where it is, in words without personal data."""
    name = area_name(viewer, case)
    words = mask(case.place_text)
    parts = [words] if name in words else [words, name]
    return ", ".join(part for part in parts if part) or say(viewer.lang, "case.no_place")


def area_name(viewer: Viewer, case: Case) -> str:
    """The area it lies in; empty where it is not known."""
    area = viewer.book.areas.get(case.area or "")
    return viewer.book.name(area, viewer.lang) if area else ""


def _history(viewer: Viewer, case: Case, told: bool) -> list[Happened]:
    """What happened, with the words that were said where ``told``."""
    shown = []
    for row in case.history:
        if not row.public:
            continue
        lead = viewer.book.agency_name(row.data.get("lead") or row.agency, viewer.lang)
        words = mask(row.text) if told and row.text and row.kind != "reported" else ""
        kind = viewer.book.plain_name(str(row.data.get("category", "")), viewer.lang)
        codes = cards.codes_of(row)
        what = say(viewer.lang, f"history.{row.kind}", lead=lead, category=kind, codes=codes)
        shown.append(Happened(viewer.when(row.at), row.at.isoformat(), what, words))
    return shown


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
