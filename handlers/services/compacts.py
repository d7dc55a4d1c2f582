"""The compact of a network: each new version is shown to every member once, and her yes or no is kept."""

from __future__ import annotations

from datetime import timedelta

from handlers.messages.neutral import Card, Message, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.rules.five_steps import OFF
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Agreement, Charter, Membership
from store.queries import charters as rows
from store.queries import people
from store.words import Purpose

SETTLED = timedelta(days=7)
"""Whom the chat has not asked this long after joining, or after the new version, the clock asks."""


def ask(scene: Scene, member: Membership, lang: str) -> list[Message]:
    """The version in force as a card, if she was never asked about it; noted as asked."""
    charter = rows.charter(scene.unit, member.network)
    if charter is None or rows.agreement(scene.unit, member.id, charter.version) is not None:
        return []
    scene.unit.add(
        Agreement(
            network=member.network, version=charter.version, membership_id=member.id, asked_at=scene.now
        )
    )
    return [card(scene, charter, member, lang)]


def card(scene: Scene, charter: Charter, member: Membership, lang: str) -> Card:
    """What all agree to, what her kind of member commits itself to, and one tap."""
    name = scene.book.name(scene.book.networks[charter.network], lang)
    words = charter.text_en if lang == "en" else charter.text_th
    mine = charter.commitments.get(_kind(member), {}).get("en" if lang == "en" else "th", [])
    body = "\n".join([words, *([say(lang, "charter.yours")] if mine else []), *(f"• {one}" for one in mine)])
    buttons = tuple(
        tap(
            say(lang, f"button.charter_{answer}"),
            "charter.agree",
            style="main" if answer == "yes" else "plain",
            network=charter.network,
            version=charter.version,
            a=answer,
        )
        for answer in ("yes", "no")
    )
    title = say(lang, "charter.title", name=name)
    badge = say(lang, "charter.version", n=charter.version)
    return Card(title, shorten(body, 1200), buttons=buttons, badge=badge, alt=title)


def _kind(member: Membership) -> str:
    """Officials are bound as their agency; others by the kind of member they are."""
    return "agency" if member.sector in ("state", "local") else member.kind


def answer(scene: Scene, member: Membership, version: int, word: str) -> bool:
    """Keep her answer to the version in force; False for another version. A change of mind is a new answer."""
    charter = rows.charter(scene.unit, member.network)
    found = rows.agreement(scene.unit, member.id, version)
    if charter is None or charter.version != version or found is None:
        return False
    found.answer, found.answered_at = word, scene.now
    return True


def ask_due(scene: Scene, asked: set[int]) -> int:
    """A new version goes to members the chat has not asked, one question at a time, joined to what waits."""
    done = 0
    for code in scene.book.networks:
        charter = rows.charter(scene.unit, code)
        if charter is None:
            continue
        waiting = rows.members_to_ask(scene.unit, code, charter.version)
        ready = [m for m in waiting if m.every != OFF and m.joined_at and m.joined_at + SETTLED <= scene.now]
        persons = {person.id: person for person in people.by_ids(scene.unit, [m.person_id for m in ready])}
        for member in ready:
            person = persons[member.person_id]
            if person.id in asked or person.blocked or not person.line_id:
                continue
            once = f"charter-{code}-{charter.version}-{member.id}"
            if push(scene, person, ask(scene, member, person.language), Purpose.STEP, once=once):
                asked.add(person.id)
                done += 1
    return done
