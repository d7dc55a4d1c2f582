"""Answers that are written down already: found by likeness to what somebody asks.

Each source gives a shelf of answers; the best over all shelves is offered. A new source is one more function in
``SOURCES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.messages.texts import say
from handlers.services import lessons
from handlers.talk import Scene
from nlp import Index, enough
from store.models import Lesson
from store.queries import lessons as lesson_rows


@dataclass(frozen=True)
class Answer:
    """A written answer. ``agency`` is who knows more ("" = by category), ``link`` a page to read on or ""."""

    source: str
    code: str
    th: str
    en: str
    agency: str = ""
    link: str = ""

    def words(self, lang: str) -> str:
        return self.en if lang == "en" else self.th


@dataclass(frozen=True)
class Shelf:
    """The answers of one source by code, and the index of their phrasings."""

    answers: Mapping[str, Answer]
    index: Index


def _faq(scene: Scene) -> Shelf:
    answers = {
        row.code: Answer("faq", row.code, row.answer_th, row.answer_en, row.agency, row.link)
        for row in scene.book.data.faq
    }
    return Shelf(answers, scene.book.faq_index)


def _lessons(scene: Scene) -> Shelf:
    """What officials told about solved cases, found among the frequent questions."""
    found = lesson_rows.published(scene.unit)
    told = {one.case_code: _solved(scene, one) for one in found}
    return Shelf({**_faq(scene).answers, **told}, lessons.index(scene.book, found))


def _solved(scene: Scene, lesson: Lesson) -> Answer:
    def words(lang: str) -> str:
        who = lessons.who(scene.book, lesson, lang)
        return say(lang, "lesson.answer", who=who, problem=lesson.problem, worked=lesson.worked)

    pages = scene.house.pages
    link = f"{pages}/lessons#{lesson.case_code}" if pages.startswith("https://") else ""
    return Answer("lesson", lesson.case_code, words("th"), words("en"), lesson.agency, link)


SOURCES: tuple[Callable[[Scene], Shelf], ...] = (_faq, _lessons)


def find(scene: Scene, text: str) -> Answer | None:
    """The answer most like the question, if it is alike enough."""
    best: tuple[float, Answer] | None = None
    for source in SOURCES:
        shelf = source(scene)
        match = shelf.index.best(text)
        if match and match.score >= enough() and (best is None or match.score > best[0]):
            best = match.score, shelf.answers[match.key]
    return best[1] if best else None


def by_code(scene: Scene, code: str) -> Answer | None:
    """The answer of that code in any source."""
    for source in SOURCES:
        found = source(scene).answers.get(code)
        if found:
            return found
    return None
