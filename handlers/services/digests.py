"""A network in figures, and the daily digest of its representatives."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.messages.neutral import Card, Line, Message, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.services import cards
from handlers.talk import Scene
from store.models import Case, Digest, Person
from store.queries import cases as rows
from store.queries import networks as member_rows
from store.queries import people
from store.words import OPEN, Member, Purpose, Status

LISTS = ("new", "overdue", "done")
DIGEST_HOUR = 8
"""Local hour from which the day's digest is sent."""
QUARTER = timedelta(days=91)
"""With nothing new a digest is still sent this often, so that nobody thinks the network is gone."""

Figures = dict[str, list[Case]]


def start(scene: Scene) -> datetime:
    """Since when "new" counts when somebody asks by hand: the last week."""
    return scene.now - timedelta(days=7)


def collect(scene: Scene, network: str, since: datetime) -> Figures:
    """Cases of the network: new since, overdue now, finished since."""
    return rows.in_network(scene.unit, network, since, scene.now)


def counts(scene: Scene, network: str) -> dict[str, int]:
    """How many cases are open and how many were ever finished."""
    by_status = rows.network_counts(scene.unit, network)
    done = by_status.get(Status.DONE, 0) + by_status.get(Status.CLOSED, 0)
    return {"open": sum(by_status.get(status, 0) for status in OPEN), "done": done}


def message(scene: Scene, network: str, person: Person, figures: Figures, joined: int = 0) -> list[Message]:
    """One card: the numbers, the most pressing cases in a line each, and the lists one tap away."""
    lang = person.language
    name = scene.book.name(scene.book.networks[network], lang)
    lines = [Line(say(lang, f"digest.{which}"), str(len(figures[which]))) for which in LISTS]
    if joined:
        lines.append(Line(say(lang, "digest.joined"), str(joined)))
    again = chronic(figures)
    if again:
        lines.append(Line(say(lang, "digest.chronic"), str(len(again))))
    pressing = dict.fromkeys([*again, *figures["overdue"], *figures["new"]])
    body = "\n".join(_in_a_line(scene, case, lang) for case in list(pressing)[:3])
    buttons = tuple(
        tap(
            say(lang, f"button.list_{which}", n=len(figures[which])),
            "network.show",
            network=network,
            list=which,
        )
        for which in LISTS
        if figures[which]
    )
    title = say(lang, "digest.title", name=name)
    badge = day(scene.now, scene.now, scene.book.zone, lang)
    settings = tap(say(lang, "button.how_often"), "digest.freq", style="quiet", network=network)
    return [
        Card(
            title=title,
            body=body or say(lang, "digest.quiet"),
            lines=tuple(lines),
            buttons=(*buttons, settings),
            badge=badge,
            tone="warn" if figures["overdue"] else "calm",
            alt=say(lang, "digest.alt", name=name, new=len(figures["new"]), overdue=len(figures["overdue"])),
        )
    ]


def chronic(figures: Figures) -> list[Case]:
    """New and overdue cases of a problem that came back at the same spot, the most frequent first."""
    found = [case for case in dict.fromkeys([*figures["new"], *figures["overdue"]]) if case.recurrence]
    return sorted(found, key=lambda case: -case.recurrence)


def _in_a_line(scene: Scene, case: Case, lang: str) -> str:
    place = cards.place_of(scene, case, lang)
    words = shorten(f"{case.code} {scene.book.category_name(case.category, lang)} {place}", 90)
    return f"{words} ({say(lang, 'digest.again', n=case.recurrence)})" if case.recurrence else words


def send_due(scene: Scene) -> int:
    """Send today's digests: one per representative and network, once a day, none when nothing is new."""
    local = scene.now.astimezone(scene.book.zone)
    if local.hour < DIGEST_HOUR or scene.book.quiet(scene.now):
        return 0
    return sum(_one(scene, person, network) for person, network in people.representatives(scene.unit))


def _one(scene: Scene, person: Person, network: str) -> int:
    member = member_rows.membership(scene.unit, network, person.id)
    every = member.every if member is not None and member.state == Member.ACTIVE else "daily"
    period = scene.now.astimezone(scene.book.zone).date().isoformat()
    if network not in scene.book.networks or not _wanted(scene, person, network, every):
        return 0
    if member_rows.digest_exists(scene.unit, network, person.id, period):
        return 0
    last = member_rows.last_digest(scene.unit, network, person.id)
    since = last or start(scene)
    figures = collect(scene, network, since)
    joined = member_rows.joined_since(scene.unit, network, since)
    news = any(figures[which] for which in LISTS) or joined
    if not news and (last is None or scene.now - last < QUARTER):
        return 0
    numbers = {which: len(figures[which]) for which in LISTS}
    numbers |= {"joined": joined, "chronic": len(chronic(figures))}
    scene.unit.add(
        Digest(network=network, person_id=person.id, period=period, at=scene.now, figures=numbers, sent=True)
    )
    once = f"digest-{network}-{person.id}-{period}"
    scene.post.send(person, message(scene, network, person, figures, joined), Purpose.DIGEST, once=once)
    return 1


def _wanted(scene: Scene, person: Person, network: str, every: str) -> bool:
    """Whether enough days have passed for the frequency she chose."""
    if every == "off":
        return False
    last = member_rows.last_digest(scene.unit, network, person.id)
    days = {"daily": 0, "weekly": 6, "monthly": 27}[every]
    return last is None or (scene.now - last) >= timedelta(days=days, hours=12 if days else 0)
