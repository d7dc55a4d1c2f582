"""Lessons in the chat: the official who solved a case well is asked, looks at the draft, corrects and publishes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Cards, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.services import lessons
from handlers.talk import KEEP, Outcome, Talk
from store.models import Case, Lesson
from store.queries import cases as case_rows
from store.queries import lessons as rows

Flow = Callable[[Talk], Outcome]
MOST_MESSAGES = 5


def along(flow: Flow) -> Flow:
    """The flow's answer with the question for a lesson behind it, when one is ripe and nothing else is asked."""

    def run(talk: Talk) -> Outcome:
        outcome = flow(talk)
        if _busy(talk, outcome) or not outcome.messages or len(outcome.messages) >= MOST_MESSAGES:
            return outcome
        case = lessons.ripe(talk)
        return outcome if case is None else _with_question(talk, outcome, case)

    return run


def _busy(talk: Talk, outcome: Outcome) -> bool:
    """Whether something else waits for an answer: one question at a time."""
    last = outcome.messages[-1].quick if outcome.messages else ()
    by_when = any(button.data.startswith("do=case.plan") for button in last)
    open_ = talk.conversation.asked or talk.conversation.draft
    return by_when or bool(open_) or outcome.asked not in (KEEP, None)


def _with_question(talk: Talk, outcome: Outcome, case: Case) -> Outcome:
    lessons.draft(talk, case)
    body = talk.say("lesson.ask_body", text=shorten(case.public_text, 120), n=case.rating)
    buttons = (
        tap(talk.say("button.lesson_tell"), "lesson.tell", style="main", case=case.code),
        tap(talk.say("button.not_now"), "lesson.refuse", case=case.code),
    )
    title = talk.say("lesson.ask", code=case.code)
    asks = Card(title=title, body=body, buttons=buttons, badge=talk.say("lesson.badge"), tone="good")
    messages, quick = list(outcome.messages), ()
    last: Message = messages[-1]
    if last.quick:  # LINE shows quick answers under the last message only
        quick, messages[-1] = last.quick, replace(last, quick=())  # type: ignore[assignment]
    return replace(outcome, messages=[*messages, replace(asks, quick=quick)])


def _hers(talk: Talk) -> Lesson | None:
    """The open draft that is hers to decide; an ended duty ends that too."""
    lesson = rows.by_case(talk.unit, talk.incoming.data.get("case", ""))
    fits = lesson is not None and lesson.person_id == talk.person.id and lesson.agency in talk.agencies
    return lesson if fits and lesson is not None and lesson.state == "asked" else None


def tell(talk: Talk) -> Outcome:
    """The draft; where the case does not say how it was solved, that is asked first."""
    lesson = _hers(talk)
    if lesson is None:
        return talk.answer("lesson.gone")
    return _draft(talk, lesson) if lesson.worked else _ask(talk, lesson, "worked")


def refuse(talk: Talk) -> Outcome:
    lesson = _hers(talk)
    if lesson is None:
        return talk.answer("lesson.gone")
    lesson.state = "refused"
    return Outcome([Text(talk.say("lesson.refused"))], asked=None)


def edit(talk: Talk) -> Outcome:
    lesson, part = _hers(talk), talk.incoming.data.get("part", "")
    if lesson is None or part not in lessons.PARTS:
        return talk.answer("lesson.gone")
    return _ask(talk, lesson, part)


def publish(talk: Talk) -> Outcome:
    lesson = _hers(talk)
    if lesson is None:
        return talk.answer("lesson.gone")
    if not (lesson.worked and lesson.problem):
        return _ask(talk, lesson, "problem" if lesson.worked else "worked")
    lessons.publish(talk, lesson)
    return Outcome([Text(talk.say("lesson.published"), quick=_page(talk))], asked=None)


def _page(talk: Talk) -> tuple[Button, ...]:
    if not talk.house.pages.startswith("https://"):
        return ()
    return (Button(talk.say("button.lessons_page"), "link", uri=f"{talk.house.pages}/lessons"),)


def _ask(talk: Talk, lesson: Lesson, part: str) -> Outcome:
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    asked = {"do": "lesson.words", "case": lesson.case_code, "part": part}
    return Outcome([Text(talk.say(f"lesson.ask_{part}"), quick=(cancel,))], asked=asked)


def words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """Her words for one part of the draft; None when the draft is gone."""
    talk.incoming.data.setdefault("case", asked.get("case", ""))
    lesson = _hers(talk)
    if lesson is None or asked.get("part") not in lessons.PARTS:
        return None
    if talk.incoming.kind != Kind.TEXT:
        return talk.answer("lesson.only_words")
    setattr(lesson, asked["part"], lessons.clean(talk.incoming.text))
    return replace(_draft(talk, lesson), asked=None)


def _draft(talk: Talk, lesson: Lesson) -> Outcome:
    """What everybody would read, and one tap for each part to change."""
    key = {"case": lesson.case_code}
    buttons = (
        tap(talk.say("button.lesson_publish"), "lesson.publish", style="main", **key),
        tap(talk.say("button.lesson_worked"), "lesson.edit", part="worked", **key),
        tap(talk.say("button.lesson_cost"), "lesson.edit", part="cost", **key),
        tap(talk.say("button.lesson_problem"), "lesson.edit", part="problem", **key),
        tap(talk.say("button.lesson_no"), "lesson.refuse", style="quiet", **key),
    )
    title = talk.say("lesson.draft")
    shown = Card(
        title=title,
        body=lesson.problem,
        lines=lessons.lines(talk.book, lesson, talk.lang),
        buttons=buttons,
        badge=talk.say("lesson.badge"),
        alt=title,
    )
    return Outcome([shown], asked=None)


# --- for officials with a similar case


def button(talk: Talk, case: Case) -> tuple[Button, ...]:
    """ "Solved like this before", where that is so."""
    if not lessons.similar(talk, case):
        return ()
    return (tap(talk.say("button.lessons"), "case.lessons", style="quiet", case=case.code),)


def show(talk: Talk) -> Outcome:
    """How similar cases were solved."""
    case = case_rows.look_up(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not talk.acts_on(case):
        return talk.answer("stale.case")
    found = lessons.similar(talk, case)
    if not found:
        return talk.answer("lesson.none")
    title = talk.say("lesson.before", n=len(found))
    shown = Cards(tuple(lessons.card(talk, one, talk.lang) for one in found), alt=title)
    return Outcome([Text(title), shown], focus=case.code)
