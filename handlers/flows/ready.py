"""Ready answers of an agency: pick one, see it as the citizen will, send it."""

from __future__ import annotations

from handlers.flows import undoing
from handlers.flows.guard import late, led, me
from handlers.messages.neutral import Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import day
from handlers.rules import deadlines, lifecycle
from handlers.rules.ready import fill
from handlers.services import cards, cases, notify
from handlers.services.clocks import due_of
from handlers.talk import Outcome, Talk
from store.city_data import EVERYWHERE, TemplateRow
from store.models import Case

MOST_SHOWN = 10


def _answer(talk: Talk, case: Case) -> Outcome:
    """Without a choice: the list. With one: how it reads. With ``ok``: sent."""
    if case.status not in lifecycle.BEFORE_DONE:
        return late(talk, case)
    offered = usable(talk, case)
    chosen = next((row for row in offered if key(row) == talk.incoming.data.get("t")), None)
    if chosen is None:
        return _list(talk, case, offered)
    if talk.incoming.data.get("ok") != "1":
        return _preview(talk, case, chosen)
    return _send(talk, case, chosen)


def usable(talk: Talk, case: Case) -> list[TemplateRow]:
    """Those of the lead and of everybody whose blanks can all be filled for this case, its own first."""
    mine = [row for row in talk.book.data.templates if row.agency in (case.lead, EVERYWHERE)]
    mine.sort(key=lambda row: row.agency == EVERYWHERE)
    return [row for row in mine if words(talk, case, row, talk.lang) is not None]


def key(row: TemplateRow) -> str:
    return f"{row.agency}/{row.code}"


def words(talk: Talk, case: Case, row: TemplateRow, lang: str) -> str | None:
    """The answer in that language; None where something it speaks of is not known."""
    due = due_of(case, deadlines.FINISH)
    values = {
        "code": case.code,
        "name": talk.person.name,
        "lead": notify.lead_name(talk, case, lang),
        "category": talk.book.plain_name(case.category, lang),
        "place": cards.place_of(talk, case, lang) if case.place_text or case.area else "",
        "date": day(due.due_at, talk.now, talk.book.zone, lang) if due else "",
        "today": day(talk.now, talk.now, talk.book.zone, lang),
    }
    return fill(row.text_en if lang == "en" else row.text_th, values)


def _list(talk: Talk, case: Case, offered: list[TemplateRow]) -> Outcome:
    if not offered:
        return talk.answer("ready.none", code=case.code)
    title = talk.say("ready.which", code=case.code)
    buttons = tuple(
        tap(shorten(_name(talk, row), 40), "case.ready", case=case.code, t=key(row))
        for row in offered[:MOST_SHOWN]
    )
    return Outcome([Card(title=title, buttons=buttons, alt=title)], focus=case.code)


def _name(talk: Talk, row: TemplateRow) -> str:
    return row.name_en if talk.lang == "en" else row.name_th


def _preview(talk: Talk, case: Case, row: TemplateRow) -> Outcome:
    buttons = (
        tap(talk.say("button.send_answer"), "case.ready", style="main", case=case.code, t=key(row), ok="1"),
        tap(talk.say("button.other_answer"), "case.ready", case=case.code),
        tap(talk.say("button.write_answer"), "case.progress", style="quiet", case=case.code),
    )
    title = talk.say("ready.preview", code=case.code)
    body = words(talk, case, row, talk.lang) or ""
    return Outcome([Card(title=title, body=body, buttons=buttons, alt=title)], focus=case.code)


def _send(talk: Talk, case: Case, row: TemplateRow) -> Outcome:
    from handlers.flows.official import taken

    def act() -> None:
        taken(talk, case)
        cases.progress(talk, case, me(talk, case), words(talk, case, row, "th") or "", None)
        notify.progressed(talk, case, lambda lang: words(talk, case, row, lang) or "")

    back = undoing.acting(talk, case, act)
    return Outcome([Text(talk.say("official.noted", code=case.code), quick=back)], focus=case.code)


begin = led(_answer)
