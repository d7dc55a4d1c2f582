"""The button "wrong kind" on a case: the likeliest kinds, then all of them, one tap each."""

from __future__ import annotations

from handlers.flows import guard
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.services import notify, sorting
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from store.models import Case
from store.queries import cases as rows
from store.queries import learning
from store.words import OPEN, Status

LIKELIEST = 3


def category(talk: Talk) -> Outcome:
    """Choose the kind of a case: those who lead it change it, helpers and representatives say what they think."""
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not (talk.acts_on(case) or case.network in talk.represents):
        return talk.answer("stale.case")
    if case.status in (Status.REJECTED, Status.MERGED):
        return guard.late(talk, case)
    was, chosen = talk.incoming.data.get("was"), talk.incoming.data.get("category")
    if was is not None and was != case.category:
        return talk.answer("sort.changed", code=case.code, category=_name(talk, case.category))
    if chosen not in talk.book.categories:
        return _ask(talk, case, talk.incoming.data.get("group"))
    if chosen == case.category:
        return talk.answer("sort.same", code=case.code, category=_name(talk, chosen))
    if _decides(talk, case):
        return _put_right(talk, case, chosen)
    return _hint(talk, case, chosen)


def _decides(talk: Talk, case: Case) -> bool:
    """An open case is changed by its lead's people and by the coordinators; what is finished only teaches."""
    in_charge = case.lead in talk.agencies or talk.book.data.city.integrator in talk.coordinates
    return in_charge and case.status in OPEN


def _put_right(talk: Talk, case: Case, chosen: str) -> Outcome:
    moved = sorting.put_right(talk, case, guard.me(talk, case), chosen)
    name = _name(talk, chosen)
    if not moved:
        return Outcome([Text(talk.say("sort.done", code=case.code, category=name))], focus=case.code)
    notify.offered(talk, case, headline="headline.handed_on")
    notify.handed_on(talk, case)
    lead = notify.lead_name(talk, case, talk.lang)
    return talk.answer("sort.moved", code=case.code, category=name, lead=lead)


def _hint(talk: Talk, case: Case, chosen: str) -> Outcome:
    actor = guard.me(talk, case) if talk.acts_on(case) else Actor("representative", talk.person)
    if not any(
        row.case_id == case.id and row.category == chosen
        for row in learning.made_by(talk.unit, talk.person.id)
    ):
        sorting.hint(talk, case, actor, chosen)
    return talk.answer("sort.noted", code=case.code, category=_name(talk, chosen))


def _name(talk: Talk, code: str) -> str:
    return talk.book.plain_name(code, talk.lang)


# --- what to choose from


def button(talk: Talk, case: Case) -> Button:
    """The quiet button that begins it."""
    return tap(talk.say("button.sort"), "case.category", style="quiet", case=case.code)


def _ask(talk: Talk, case: Case, group: str | None) -> Outcome:
    groups = {g.code for g in talk.book.data.city.groups}
    buttons = (
        _of_group(talk, case, group)
        if group in groups
        else _groups(talk, case)
        if group
        else _likely(talk, case)
    )
    title = talk.say("sort.ask", code=case.code)
    body = talk.say("sort.now", category=_name(talk, case.category), text=shorten(case.public_text, 200))
    return Outcome([Card(title=title, body=body, buttons=buttons, alt=title)], focus=case.code)


def _likely(talk: Talk, case: Case) -> tuple[Button, ...]:
    top = [code for code, _ in talk.understand(case.public_text).top] if case.public_text else []
    codes = [code for code in top if code != case.category and code in talk.book.categories][:LIKELIEST]
    return (*(_choice(talk, case, code) for code in codes), _more(talk, case))


def _more(talk: Talk, case: Case) -> Button:
    return tap(talk.say("button.sort_all"), "case.category", style="quiet", case=case.code, group="all")


def _groups(talk: Talk, case: Case) -> tuple[Button, ...]:
    return tuple(
        tap(
            shorten(group.name_en if talk.lang == "en" else group.name_th, 40),
            "case.category",
            case=case.code,
            group=group.code,
        )
        for group in talk.book.data.city.groups
    )


def _of_group(talk: Talk, case: Case, group: str | None) -> tuple[Button, ...]:
    codes = [
        row.code for row in talk.book.data.categories if row.group == group and row.code != case.category
    ]
    back = tap(talk.say("button.back"), "case.category", style="quiet", case=case.code, group="all")
    return (*(_choice(talk, case, code) for code in codes), back)


def _choice(talk: Talk, case: Case, code: str) -> Button:
    label = shorten(talk.book.category_name(code, talk.lang), 40)
    return tap(label, "case.category", case=case.code, category=code, was=case.category)
