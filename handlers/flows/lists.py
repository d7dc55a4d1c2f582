"""An official's lists with their counts, a page at a time as cards side by side."""

from __future__ import annotations

from handlers.messages.neutral import Button, Cards, Text, tap
from handlers.services import cards, desks, seeing
from handlers.services.morning import shown
from handlers.talk import Outcome, Talk
from store.queries.desk import LISTS, MOST_COUNTED

MOST_CARDS = 10
ALWAYS = ("new", "mine", "overdue")
"""Lists whose emptiness is worth knowing."""


def inbox(talk: Talk) -> Outcome:
    """The chosen list, or the first that is not empty; all others one tap away with their counts."""
    if not talk.agencies:
        return talk.answer("stale.role")
    wanted, number = talk.incoming.data.get("list"), _page(talk)
    desk = desks.desk_of(talk, talk.person, talk.agencies)
    found = desks.counts(talk, desk)
    name = wanted if wanted in LISTS else next((one for one in LISTS if found[one]), "new")
    quick = (*_more(talk, name, number, found[name]), *_lists(talk, found))
    cases = desks.page(talk, desk, name, number * MOST_CARDS, MOST_CARDS)
    if not cases:
        words = talk.say("list.empty", name=talk.say(f"list.{name}"))
        return Outcome([Text(words, quick=quick)])
    title = talk.say("list.title", name=talk.say(f"list.{name}"), n=shown(found[name]))
    if number:
        title = talk.say("list.page", title=title, first=number * MOST_CARDS + 1)
    seeing.listed(talk, [case for case in cases if talk.sees_original(case)])
    carousel = tuple(
        cards.for_official(talk, case, talk.lang, most=120, original=talk.sees_original(case))
        for case in cases
    )
    return Outcome([Text(title), Cards(carousel, alt=title, quick=quick)])


def _page(talk: Talk) -> int:
    """The page asked for, from 0; a page that can't be is the first."""
    told = talk.incoming.data.get("page", "")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else 0
    return number if number * MOST_CARDS < MOST_COUNTED else 0


def _more(talk: Talk, name: str, number: int, total: int) -> tuple[Button, ...]:
    if (number + 1) * MOST_CARDS >= total:
        return ()
    return (tap(talk.say("button.next_page"), "inbox", list=name, page=number + 1),)


def _lists(talk: Talk, found: dict[str, int]) -> tuple[Button, ...]:
    return tuple(
        tap(talk.say("list.button", name=talk.say(f"list.{name}"), n=shown(found[name])), "inbox", list=name)
        for name in LISTS
        if found[name] or name in ALWAYS
    )
