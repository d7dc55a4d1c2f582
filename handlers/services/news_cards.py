"""News of a network as a member sees them: what it did, her own cases before that, and one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.messages.neutral import Button, Card, Line, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import participation
from handlers.services import cards, doing, opinions
from handlers.talk import Scene
from store.models import Case
from store.queries.news import REF

MOST_CASES = 3


@dataclass(frozen=True)
class Did:
    """What a network did in one period."""

    new: list[Case]
    done: list[Case]
    joined: int

    @property
    def fresh(self) -> bool:
        return bool(self.new or self.done)


def common(scene: Scene, network: str, lang: str, did: Did, question: str | None) -> Card:
    """What the network did, then one question (none where ``question`` is "")."""
    row = scene.book.networks[network]
    name = scene.book.name(row, lang)
    counted = (("new", len(did.new)), ("done", len(did.done)), ("joined", did.joined))
    lines = [Line(say(lang, f"digest.{which}"), str(n)) for which, n in counted if n]
    lines.append(Line(say(lang, "level.title"), participation.promise(row.level, lang, say)))
    fixed = [f"• {_fixed(scene, case, lang)}" for case in did.done[:MOST_CASES]]
    body = [say(lang, "news.fixed"), *fixed] if fixed else [] if did.new else [say(lang, "digest.quiet")]
    title = say(lang, "news.title", name=name)
    return Card(
        title,
        shorten("\n".join([*body, *_asked(lang, question)]).strip(), 900),
        tuple(lines),
        _buttons(scene, network, lang, question),
        badge=day(scene.now, scene.now, scene.book.zone, lang),
        alt=shorten(title, 200),
    )


def _asked(lang: str, question: str | None) -> list[str]:
    if question == "":
        return []
    return ["", say(lang, f"opinion.{question}") if question else say(lang, "news.useful")]


def with_own(did: Did, shared: Card, mine: Sequence[Case], lang: str, question: str | None) -> Card:
    """Her own cases before what the network did, unless that were hers alone."""
    told = [f"{case.code} {cards.status_of(case, lang)}" for case in mine[:MOST_CASES]]
    others = {case.id for case in did.done} - {case.id for case in mine}
    rest = [shared.body] if others else _asked(lang, question)
    body = "\n".join([say(lang, "news.yours"), *told, *rest])
    return replace(shared, body=shorten(body, 900))


def _fixed(scene: Scene, case: Case, lang: str) -> str:
    return shorten(f"{scene.book.category_name(case.category, lang)} {cards.place_of(scene, case, lang)}", 80)


def _buttons(scene: Scene, network: str, lang: str, question: str | None) -> tuple[Button, ...]:
    often = tap(say(lang, "button.how_often"), "digest.freq", style="quiet", network=network)
    show = tap(say(lang, "button.network_show"), "network.show", network=network)
    if question:
        answers = opinions.QUESTIONS[question]
        asked = [
            tap(say(lang, f"opinion.{question}_{a}"), "opinion", network=network, q=question, a=a)
            for a in answers
        ]
        return (*asked, often)
    useful = (
        tap(say(lang, "button.news_good"), "checkin", style="main", ref=f"{REF}{network}", a="good"),
        tap(say(lang, "button.news_tell"), "checkin", ref=f"{REF}{network}", a="tell"),
    )
    together = doing.buttons(scene, network, lang, leads=False)[:2]
    return (*(() if question == "" else useful), *together, show, often)
