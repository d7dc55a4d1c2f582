"""New networks: proposed by people, decided by an administrator or the coordinators, or made by an administrator."""

from __future__ import annotations

from handlers.messages.neutral import Card, Line, Text, tap
from handlers.messages.texts import say
from handlers.services import notify
from handlers.services import people as roles
from handlers.talk import Scene
from store import Unit
from store.city_data import NetworkRow
from store.models import Person, Proposal
from store.queries import city as city_rows
from store.queries import people
from store.words import Purpose, RoleName

MOST_WAITING = 2
"""Proposals one person can have open, so that nobody floods those who decide."""


def deciders(scene: Scene) -> list[Person]:
    """Administrators and the coordinators of the city."""
    found = people.with_role(scene.unit, (RoleName.ADMINISTRATOR,))
    return list({person.id: person for person in [*found, *notify.coordinators(scene)]}.values())


def propose(scene: Scene, person: Person, name: str, goal: str, area: str, categories: list[str]) -> Proposal:
    """Put a proposal before those who decide; they hear at once."""
    made = scene.unit.add(
        Proposal(
            person_id=person.id,
            name=name,
            goal=goal,
            area=area,
            categories=categories,
            state="waiting",
            at=scene.now,
        )
    )
    scene.unit.flush()
    for reader in deciders(scene):
        scene.post.send(
            reader,
            [_card(scene, made, reader.language)],
            Purpose.CARD,
            once=f"proposal-{made.id}-{reader.id}",
        )
    return made


def _card(scene: Scene, made: Proposal, lang: str) -> Card:
    topics = ", ".join(scene.book.plain_name(code, lang) for code in made.categories)
    area = scene.book.areas.get(made.area)
    lines = (
        Line(say(lang, "found.area"), scene.book.name(area, lang) if area else say(lang, "found.everywhere")),
        Line(say(lang, "found.topics"), topics),
    )
    buttons = (
        tap(say(lang, "button.found_yes"), "found.decide", style="main", proposal=made.id, a="yes"),
        tap(say(lang, "button.found_no"), "found.decide", proposal=made.id, a="no"),
    )
    badge = say(lang, "found.badge")
    return Card(made.name, made.goal, lines, buttons, badge=badge, alt=f"{badge}: {made.name}"[:200])


def decide(scene: Scene, made: Proposal, by: Person, yes: bool) -> None:
    """The network exists from this moment, its proposer represents it; or she hears a kind no."""
    made.state, made.decided_at, made.decided_by = ("accepted" if yes else "refused"), scene.now, by.id
    proposer = next(iter(people.by_ids(scene.unit, [made.person_id])), None)
    if yes:
        made.network = f"NET{made.id}"
        area = (made.area,) if made.area else ("*",)
        found(scene.unit, _row(scene, made.network, made.name, made.goal, area, tuple(made.categories)))
        scene.house.forget_book()
        if proposer is not None and proposer.line_id:
            roles.give_role(scene, proposer, RoleName.REPRESENTATIVE, None, made.network)
    if proposer is not None:
        key = "found.accepted" if yes else "found.refused"
        words = say(proposer.language, key, name=made.name)
        scene.post.send(proposer, [Text(words)], Purpose.CARD, once=f"proposal-{made.id}-{made.state}")


def _row(
    scene: Scene, code: str, name: str, goal: str, areas: tuple[str, ...], categories: tuple[str, ...]
) -> NetworkRow:
    return NetworkRow(
        code=code,
        name_th=name,
        name_en=name,
        goal_th=goal,
        goal_en=goal,
        categories=categories,
        areas=areas,
        integrator=scene.book.data.city.integrator,
        conditions_th=conditions("th"),
        conditions_en=conditions("en"),
        level="involve",
        kind="area" if areas != ("*",) else "issue",
        founded=True,
    )


def conditions(lang: str) -> str:
    """Who can join a network about which nobody has said more yet."""
    return say(lang, "found.conditions")


def found(unit: Unit, row: NetworkRow) -> None:
    """Add the network to the city. ``row.founded`` keeps it when the folder is loaded again."""
    city_rows.found(unit, row)
