"""A network's digest as cards side by side: first the three numbers that matter, then one thing to act on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.messages.neutral import Bar, Button, Card, Line, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import participation, rhythm
from handlers.services import cards, clocks
from handlers.services.digest_facts import LISTS, Facts
from handlers.talk import Scene
from store.models import Case, Digest
from store.words import OPEN

MOST_OF_A_KIND = 2
MOST_QUOTES = 3


def cover(scene: Scene, facts: Facts, lang: str, before: Digest | None = None) -> Card:
    """New, overdue and finished, against the last time; the most pressing cases in a line each; the lists one tap away."""
    name = scene.book.name(scene.book.networks[facts.network], lang)
    known = before.figures if before is not None else {}
    lines = [
        Line(say(lang, f"digest.{which}"), _against(facts.numbers[which], known.get(which), lang))
        for which in LISTS
    ]
    more = [("joined", facts.joined), ("chronic", len(facts.chronic))]
    lines += [Line(say(lang, f"digest.{key}"), str(n)) for key, n in more if n]
    row = scene.book.networks[facts.network]
    lines.append(Line(say(lang, "level.to_members"), participation.promised(row.level, lang, say)))
    pressing = dict.fromkeys([*facts.chronic, *facts.figures["overdue"], *facts.figures["new"]])
    body = "\n".join(_in_a_line(scene, case, lang) for case in list(pressing)[:3])
    return Card(
        title=say(lang, "digest.title", name=name),
        body=body or say(lang, "digest.quiet"),
        lines=tuple(lines),
        buttons=_lists(facts, lang),
        badge=day(scene.now, scene.now, scene.book.zone, lang),
        tone="warn" if facts.figures["overdue"] else "calm",
        alt=say(lang, "digest.alt", name=name, new=facts.numbers["new"], overdue=facts.numbers["overdue"]),
    )


def _against(now: int, before: int | None, lang: str) -> str:
    more = rhythm.change(now, before)
    if not more:
        return str(now)
    return say(lang, "digest.more" if more > 0 else "digest.fewer", n=now, change=abs(more))


def _lists(facts: Facts, lang: str) -> tuple[Button, ...]:
    found = tuple(
        tap(
            say(lang, f"button.list_{which}", n=len(facts.figures[which])),
            "network.show",
            network=facts.network,
            list=which,
        )
        for which in LISTS
        if facts.figures[which]
    )
    often = tap(say(lang, "button.how_often"), "digest.freq", style="quiet", network=facts.network)
    return (*found, often)


def _in_a_line(scene: Scene, case: Case, lang: str) -> str:
    place = cards.place_of(scene, case, lang)
    words = shorten(f"{case.code} {scene.book.category_name(case.category, lang)} {place}", 90)
    return f"{words} ({say(lang, 'digest.again', n=case.recurrence)})" if case.recurrence else words


def whole(
    scene: Scene, facts: Facts, lang: str, digest: Digest, before: Digest | None, most: int
) -> list[Card]:
    """The cover and what can be acted on, the most pressing first, at most so many cards."""
    return [cover(scene, facts, lang, before), *list(_acts(scene, facts, lang, digest))[: most - 1]]


def _acts(scene: Scene, facts: Facts, lang: str, digest: Digest) -> Iterator[Card]:
    shown: set[str] = set()
    for case in _fresh(facts.figures["overdue"], shown):
        yield _late(scene, facts, case, lang)
    for case in _fresh([*facts.grown, *facts.chronic], shown):
        yield _many(scene, facts, case, lang)
    if facts.tasks:
        yield _tasks(facts, lang)
    if facts.polls:
        yield _polls(facts, lang)
    if facts.told:
        yield _opinions(facts, lang)
    if facts.figures["done"]:
        yield _done(scene, facts, lang, digest)
    for case in _fresh([case for case in facts.figures["new"] if case.status in OPEN], shown):
        yield _new(scene, facts, case, lang)


def _fresh(found: list[Case], shown: set[str]) -> list[Case]:
    """The first few that no other card shows."""
    mine = [case for case in dict.fromkeys(found) if case.code not in shown][:MOST_OF_A_KIND]
    shown.update(case.code for case in mine)
    return mine


def _about(
    scene: Scene, facts: Facts, case: Case, lang: str, badge: str, buttons: tuple[Button, ...]
) -> Card:
    """A case as a representative may see it: masked words, place, who has it, who stands behind it."""
    card = cards.for_citizen(scene, case, lang, buttons=buttons)
    behind = facts.supported.get(case.id, 0)
    more = (Line(say(lang, "case.endorsed"), say(lang, "case.endorsed_by", n=behind)),) if behind else ()
    return replace(card, badge=badge, lines=(*card.lines, *more), alt=f"{badge}: {case.code}")


def ask(case: Case, lang: str, style: str = "plain") -> Button:
    return tap(say(lang, "button.ask_agency"), "digest.ask", style=style, case=case.code)


def endorse(case: Case, lang: str, style: str = "plain") -> Button:
    return tap(say(lang, "button.endorse"), "digest.endorse", style=style, case=case.code)


def _decide(facts: Facts, case: Case, lang: str) -> tuple[Button, ...]:
    keys = {"network": facts.network, "case": case.code}
    return (
        tap(say(lang, "button.poll_new"), "poll.new", **keys),
        tap(say(lang, "button.activity_new"), "activity.new", **keys),
    )


def _late(scene: Scene, facts: Facts, case: Case, lang: str) -> Card:
    promised = clocks.shown(case)
    days = (scene.now - promised.due_at).days if promised else 0
    badge = say(lang, "digest.late_days", n=days) if days > 0 else say(lang, "digest.overdue")
    buttons = (ask(case, lang, "main"), endorse(case, lang), *_decide(facts, case, lang)[1:])
    return replace(_about(scene, facts, case, lang, badge, buttons), tone="warn")


def _many(scene: Scene, facts: Facts, case: Case, lang: str) -> Card:
    """Many people with one problem, or one that comes back: worth more than one repair."""
    badge = (
        say(lang, "digest.again", n=case.recurrence)
        if case.recurrence
        else say(lang, "digest.many", n=case.people)
    )
    buttons = (endorse(case, lang, "main"), *_decide(facts, case, lang), ask(case, lang))
    return _about(scene, facts, case, lang, badge, buttons)


def _new(scene: Scene, facts: Facts, case: Case, lang: str) -> Card:
    follow = tap(say(lang, "button.follow"), "case.follow", case=case.code)
    buttons = (endorse(case, lang), follow)
    return _about(scene, facts, case, lang, say(lang, "digest.new"), buttons)


def _tasks(facts: Facts, lang: str) -> Card:
    n = len(facts.tasks)
    button = tap(say(lang, "button.task_list", n=n), "task.list", style="main", network=facts.network)
    kinds = dict.fromkeys(task.kind for task in facts.tasks)
    lines = tuple(
        Line(say(lang, f"task.title_{kind}"), str(sum(task.kind == kind for task in facts.tasks)))
        for kind in kinds
    )
    title = say(lang, "digest.call", n=n)
    return Card(title, lines=lines, buttons=(button,), badge=say(lang, "task.badge"), tone="warn", alt=title)


def _polls(facts: Facts, lang: str) -> Card:
    """Decisions that run, and how many statements wait to be read."""
    shown = facts.polls[:3]
    lines = tuple(
        Line(say(lang, "digest.unread"), str(facts.unread[poll.id]))
        for poll in shown
        if facts.unread.get(poll.id)
    )
    buttons = tuple(
        tap(shorten(say(lang, "button.poll_open", question=poll.question), 40), "poll.show", poll=poll.id)
        for poll in shown
    )
    title = say(lang, "digest.deciding", n=len(facts.polls))
    body = "\n".join(f"• {shorten(poll.question, 120)}" for poll in shown)
    return Card(title, body, lines, buttons, badge=say(lang, "digest.decisions"), alt=title)


def _opinions(facts: Facts, lang: str) -> Card:
    """What members need and can give, in counts; words only of those who let them be quoted without a name."""
    bars = []
    for question in ("needs", "gives"):
        counts = facts.opinions.counts[question]
        total = sum(counts.values())
        for answer, n in list(counts.items())[:2]:
            parts = ((n, "good"), (total - n, "calm"))
            caption = say(lang, "digest.of", n=n, total=total)
            bars.append(Bar(say(lang, f"opinion.{question}_{answer}"), parts, caption))
    quotes = [f"“{shorten(quote, 120)}”" for quote in facts.opinions.quotes[-MOST_QUOTES:]]
    button = tap(say(lang, "button.poll_new"), "poll.new", network=facts.network)
    title = say(lang, "digest.told", n=facts.told)
    badge = say(lang, "digest.opinions")
    return Card(title, "\n".join(quotes), buttons=(button,), badge=badge, bars=tuple(bars), alt=title)


def _done(scene: Scene, facts: Facts, lang: str, digest: Digest) -> Card:
    """What was finished, and thanks to those who did it with one tap."""
    done = facts.figures["done"]
    button = tap(say(lang, "button.thank"), "digest.thank", style="main", digest=digest.id)
    body = "\n".join(
        f"• {_in_a_line(scene, case, lang)} · {scene.book.agency_name(case.lead, lang)}" for case in done[:4]
    )
    title = say(lang, "digest.list_done", n=len(done))
    return Card(
        title, shorten(body, 500), buttons=(button,), badge=say(lang, "digest.done"), tone="good", alt=title
    )
