"""Lessons: what a well-solved case teaches, told by the official who solved it, found again by likeness."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from handlers.city import CityBook
from handlers.messages.neutral import Card, Line, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.talk import Scene, Talk
from nlp import Index, mask, normalise
from store.models import Case, Lesson
from store.queries import lessons as rows

GOOD_STARS = 4
ASKED_APART = timedelta(days=7)
"""An official is asked for a lesson once a week at most."""
RECENT = timedelta(days=30)
REAL_TEXT = 20
"""Letters from which the words with which a case was finished tell how it was done."""
MOST_TEXT = 600
PARTS = ("worked", "cost", "problem")
MOST_SHOWN = 3
ALIKE_FROM = 0.08
"""Likeness of problems of one category from which another's lesson is worth a look."""


def ripe(talk: Talk) -> Case | None:
    """A case of hers that deserves a lesson, unless she was asked within the week."""
    if not talk.agencies or rows.asked_since(talk.unit, talk.person.id, talk.now - ASKED_APART):
        return None
    found = rows.ripe(talk.unit, talk.agencies, GOOD_STARS, talk.now - RECENT)
    return next((case for case in found if _hers(talk, case) and _tells(talk, case)), None)


def _hers(talk: Talk, case: Case) -> bool:
    done = [row for row in case.history if row.kind == "done"]
    return bool(done) and done[-1].person_id == talk.person.id


def _tells(talk: Talk, case: Case) -> bool:
    return len(_done_text(case)) >= REAL_TEXT or rows.has_after_photo(talk.unit, case.id)


def _done_text(case: Case) -> str:
    return next((row.text for row in reversed(case.history) if row.kind == "done"), "")


def draft(talk: Talk, case: Case) -> Lesson:
    """The lesson as the case tells it, personal data masked; noted as asked, so that she is asked once."""
    days = (case.done_at - case.opened_at).days if case.done_at else 0
    helpers = [h.agency for h in case.helpers if h.state != "declined"]
    return talk.unit.add(
        Lesson(
            case_code=case.code,
            network=case.network,
            category=case.category,
            area=case.area,
            agency=case.lead or "",
            who={"helpers": helpers, "days": days},
            problem=shorten(mask(case.public_text), MOST_TEXT),
            worked=clean(_done_text(case)),
            cost="",
            state="asked",
            person_id=talk.person.id,
            asked_at=talk.now,
        )
    )


def clean(text: str) -> str:
    """An official's words as everybody may read them."""
    return shorten(mask(normalise(text)).strip(), MOST_TEXT)


def publish(scene: Scene, lesson: Lesson) -> None:
    lesson.state, lesson.published_at = "published", scene.now


def who(book: CityBook, lesson: Lesson, lang: str) -> str:
    """The agencies that did it."""
    codes = dict.fromkeys([lesson.agency, *lesson.who.get("helpers", [])])
    return ", ".join(name for name in (book.agency_name(code, lang) for code in codes) if name)


def lines(book: CityBook, lesson: Lesson, lang: str) -> tuple[Line, ...]:
    """What worked, what it cost, who did it, how long it took."""
    days = int(lesson.who.get("days", 0))
    told = [
        ("lesson.worked", shorten(lesson.worked, 400)),
        ("lesson.cost", shorten(lesson.cost, 200)),
        ("lesson.who", shorten(who(book, lesson, lang), 200)),
        ("lesson.took", say(lang, "lesson.days", n=days) if days else say(lang, "lesson.one_day")),
    ]
    return tuple(Line(say(lang, key), words) for key, words in told if words)


def place(book: CityBook, lesson: Lesson, lang: str) -> str:
    area = book.areas.get(lesson.area or "")
    return book.name(area, lang) if area else ""


def card(scene: Scene, lesson: Lesson, lang: str) -> Card:
    """A published lesson for an official with a similar case."""
    show = tap(say(lang, "button.thread"), "case.show", style="quiet", case=lesson.case_code)
    return Card(
        title=scene.book.category_name(lesson.category, lang),
        body=shorten(lesson.problem, 200),
        lines=lines(scene.book, lesson, lang),
        badge=say(lang, "lesson.badge"),
        buttons=(show,),
        tone="good",
    )


# --- finding them again


@lru_cache(maxsize=8)
def _index(documents: tuple[tuple[str, tuple[str, ...]], ...]) -> Index:
    return Index(documents)


def index(book: CityBook, found: list[Lesson]) -> Index:
    """Finds lessons by their problem, beside the frequent questions; made anew when lessons change.

    The questions are there because likeness needs to know which words are common, which a few lessons can't tell.
    """
    told = tuple((one.case_code, (one.problem,)) for one in found if one.problem)
    return _index(told + tuple((row.code, row.questions) for row in book.data.faq))


def similar(scene: Scene, case: Case) -> list[Lesson]:
    """Published lessons about the same kind of problem, the most alike first."""
    found = rows.alike(scene.unit, case.category, case.code)
    return search(scene.book, found, case.public_text, MOST_SHOWN) if found and case.public_text else []


def search(book: CityBook, found: list[Lesson], words: str, most: int = 20) -> list[Lesson]:
    """Lessons that are somewhat like the words, the most alike first; all of them without words."""
    if not words.strip():
        return found[:most]
    by_code = {one.case_code: one for one in found}
    ranked = index(book, found).ranked(words)
    return [by_code[m.key] for m in ranked if m.score >= ALIKE_FROM and m.key in by_code][:most]
