"""Step 4: what happened to a member's cases and in her network since the last news, and one question."""

from __future__ import annotations

from datetime import datetime

from handlers.messages.neutral import Card, Line, Message, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import five_steps
from handlers.services import cards, digests, opinions
from handlers.talk import Scene
from store.models import Case, Membership, Person, Step
from store.queries import members as rows
from store.queries import networks as network_rows

MOST_CASES = 3


def message(scene: Scene, step: Step, member: Membership, person: Person) -> list[Message]:
    """One card; nothing when nothing is new and less than a quarter has passed, or for those who get the digest."""
    if member.role == "representative":
        return []
    joined = member.joined_at or scene.now
    since = step.sent_at or joined
    mine = rows.cases_in(scene.unit, member.network, person.id, since)
    found = digests.collect(scene, member.network, since)
    fresh = bool(mine or found["new"] or found["done"])
    if not five_steps.news_wanted(fresh, step.sent_at, joined, scene.now):
        return []
    return [_card(scene, step, member, person.language, mine, found, since)]


def _card(
    scene: Scene,
    step: Step,
    member: Membership,
    lang: str,
    mine: list[Case],
    found: digests.Figures,
    since: datetime,
) -> Card:
    name = scene.book.name(scene.book.networks[member.network], lang)
    told = [f"{case.code} {cards.status_of(case, lang)}" for case in mine[:MOST_CASES]]
    joined = network_rows.joined_since(scene.unit, member.network, since)
    lines = [
        Line(say(lang, f"digest.{which}"), str(len(found[which])))
        for which in ("new", "done")
        if found[which]
    ]
    lines += [Line(say(lang, "digest.joined"), str(joined))] if joined else []
    question = opinions.next_question(member)
    ask = say(lang, f"opinion.{question}") if question else say(lang, "news.useful")
    body = "\n".join([*([say(lang, "news.yours"), *told] if told else [say(lang, "digest.quiet")]), "", ask])
    ref = f"step-{step.id}"
    if question:
        buttons = [
            tap(say(lang, f"opinion.{question}_{a}"), "opinion", network=member.network, q=question, a=a)
            for a in opinions.QUESTIONS[question]
        ]
    else:
        buttons = [
            tap(say(lang, "button.news_good"), "checkin", style="main", ref=ref, a="good"),
            tap(say(lang, "button.news_tell"), "checkin", ref=ref, a="tell"),
            tap(say(lang, "button.network_show"), "network.show", network=member.network),
        ]
    buttons.append(tap(say(lang, "button.how_often"), "digest.freq", style="quiet", network=member.network))
    title = say(lang, "news.title", name=name)
    badge = day(scene.now, scene.now, scene.book.zone, lang)
    return Card(title, shorten(body, 900), tuple(lines), tuple(buttons), badge=badge, alt=shorten(title, 200))
