"""Two checklists of a network, each point with what it is seen by. Pure.

Starkey (1997), "Networking for Development": ten guidelines. Collaborative governance: the six conditions themselves are
in ``handlers.rules.conditions``; here are the facts that both look at.
"""

from __future__ import annotations

from dataclasses import dataclass

BOTH = frozenset(("state", "local"))
"""Sectors of the state; every other sector is non-state."""
DECIDING = frozenset(("collaborate", "empower"))


@dataclass(frozen=True)
class Facts:
    """What is known of a network; every number counts rows of the database."""

    goal: str
    level: str
    integration: str
    integrator_known: bool
    founded: bool
    members: int
    sectors: frozenset[str]
    representatives: int
    terms_set: int
    """Representatives and leads whose term has an end."""
    charter_version: int
    """0 = none."""
    agreed: int
    """Active members who agreed to the newest version."""
    refused: int
    """Active members who said no to it."""
    conditions: bool
    """Whether there are conditions that everybody accepted by joining."""
    officials: bool
    """Whether an official is a member, or works at an agency of the state that leads the network's cases."""
    links: int
    answered: int
    """Active members who told their opinion."""
    tasks_done: int
    resources: int
    loans: int
    digests: int
    areas: int
    """Areas the network is there for; 0 = the whole city."""
    consensus: float = 0.7


@dataclass(frozen=True)
class Point:
    """One guideline: its name, whether it is met, and the figures that show it."""

    name: str
    met: bool
    evidence: dict[str, int | str]


def ten_guidelines(f: Facts) -> tuple[Point, ...]:
    """Starkey's ten, in his order, each judged by what the data can show.

    1 common meeting: at least two members who told their opinion. 2 agreed goals: more than half of the members agreed to
    the charter. 3 core group with rotating leaders: representatives, all with a term. 4 ownership: non-state members are
    the larger part of the sectors, or one is there. 5 democratic ways: the level gives members a decision. 6 legal standing:
    an agency answers for it. 7 links: at least one other network. 8 regular evaluation: a digest was made. 9 training and
    exchange: something was lent. 10 decentralised benefits: tied to areas, or founded by members.
    """
    return (
        Point("meeting", f.answered >= 2, {"answered": f.answered}),
        Point(
            "goals", f.members > 0 and 2 * f.agreed > f.members, {"agreed": f.agreed, "members": f.members}
        ),
        Point(
            "core",
            0 < f.representatives <= f.terms_set,
            {"representatives": f.representatives, "terms": f.terms_set},
        ),
        Point("ownership", bool(f.sectors - BOTH), {"sectors": ", ".join(sorted(f.sectors))}),
        Point("democratic", f.level in DECIDING, {"level": f.level}),
        Point("standing", f.integrator_known, {"integration": f.integration}),
        Point("links", f.links > 0, {"links": f.links}),
        Point("evaluation", f.digests > 0, {"digests": f.digests}),
        Point("exchange", f.loans > 0, {"resources": f.resources, "loans": f.loans}),
        Point("decentral", f.areas > 0 or f.founded, {"areas": f.areas}),
    )
