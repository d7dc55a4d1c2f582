"""The shape of a network as figures: how dense, how centred, who bridges, and its stage of weaving.

Ties count as present or absent here (their weight only orders them); actors without a tie are counted as actors.
networkx is loaded when a figure is first wanted, because most commands never look at a network.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handlers.rules.sampled_betweenness import sampled
from handlers.rules.ties import Ties

if TYPE_CHECKING:
    import networkx

EXACT_UP_TO = 300
"""Actors up to which betweenness is computed from every actor; above, from a sample."""
PIVOTS = 64
"""Actors sampled above that (Brandes & Pich, "Centrality estimation in large networks", 2007)."""
SEED = 11

HUB_FROM = 0.5
"""Degree centralisation from which one actor holds the network together."""
CONNECTED_FROM = 0.5
"""Share of actors in the largest component below which a network is scattered."""
CORE_FIT_FROM = 0.6
"""Borgatti–Everett correlation from which a core is recognised."""
SMALLEST_CORE = 3
SMALLEST_NETWORK = 4

SCATTERED, HUB, MULTI_HUB, CORE = "scattered", "hub", "multi_hub", "core_periphery"


@dataclass(frozen=True)
class Shape:
    """A network in figures.

    ``density``: ties ÷ possible ties (Wasserman & Faust 1994, ch. 4). ``degree_centralisation`` and
    ``between_centralisation``: 0 (all alike) to 1 (a star), Freeman, "Centrality in social networks", Social
    Networks 1 (1978/79). ``core_fit``: best correlation of the ties with an ideal core/periphery pattern,
    Borgatti & Everett, "Models of core/periphery structures", Social Networks 21 (1999). ``brokers``: actors with
    high betweenness and low constraint (Burt, "Structural Holes", 1992), best first.
    """

    actors: int
    ties: int
    density: float
    components: int
    largest: float
    degree_centralisation: float
    between_centralisation: float
    core_fit: float
    core: tuple[str, ...]
    brokers: tuple[str, ...]
    stage: str


def graph(ties: Ties, actors: Iterable[str] = ()) -> networkx.Graph:
    """The ties as a graph, with actors that have none."""
    import networkx

    made = networkx.Graph()
    made.add_nodes_from(sorted({*actors, *(actor for pair in ties for actor in pair)}))
    made.add_weighted_edges_from((a, b, weight) for (a, b), weight in ties.items())
    return made


def shape(ties: Ties, actors: Iterable[str] = ()) -> Shape:
    """All figures of the network that the ties make."""
    import networkx

    made = graph(ties, actors)
    n, m = made.number_of_nodes(), made.number_of_edges()
    parts = [len(part) for part in networkx.connected_components(made)]
    between = betweenness(made)
    fit, core = core_periphery(made)
    largest = max(parts, default=0) / n if n else 0.0
    degree = degree_centralisation(dict(made.degree()))
    return Shape(
        actors=n,
        ties=m,
        density=networkx.density(made) if n > 1 else 0.0,
        components=len(parts),
        largest=largest,
        degree_centralisation=degree,
        between_centralisation=between_centralisation(between),
        core_fit=fit,
        core=core,
        brokers=brokers(made, between),
        stage=stage(n, largest, degree, fit, len(core)),
    )


def betweenness(made: networkx.Graph) -> dict[str, float]:
    """Share of shortest ways that lead over each actor; from a seeded sample in large networks."""
    import networkx

    if made.number_of_nodes() > EXACT_UP_TO:
        return sampled(made, PIVOTS, SEED)
    found: dict[str, float] = networkx.betweenness_centrality(made)
    return found


def degree_centralisation(degrees: Mapping[str, int]) -> float:
    """Freeman: sum of differences to the highest degree ÷ that sum in a star, (n-1)(n-2)."""
    n = len(degrees)
    if n < 3:
        return 0.0
    highest = max(degrees.values())
    return sum(highest - one for one in degrees.values()) / ((n - 1) * (n - 2))


def between_centralisation(between: Mapping[str, float]) -> float:
    """Freeman: sum of differences to the highest (normalised) betweenness ÷ (n-1)."""
    n = len(between)
    if n < 3:
        return 0.0
    highest = max(between.values())
    return min(sum(highest - one for one in between.values()) / (n - 1), 1.0)


def core_periphery(made: networkx.Graph) -> tuple[float, tuple[str, ...]]:
    """The core whose ideal pattern (core tied to all, periphery not to itself) correlates best with the ties.

    The best core of a given size consists of the actors of highest degree (Lip, "A fast algorithm for the discrete
    core/periphery bipartitioning problem", 2011), so only the sizes 1 … n-1 are tried; for two binary patterns the
    correlation is the phi coefficient of their counts.
    """
    n, m = made.number_of_nodes(), made.number_of_edges()
    pairs = n * (n - 1) // 2
    if m == 0 or m == pairs:
        return 0.0, ()
    order = sorted(made.nodes, key=lambda actor: (-made.degree(actor), actor))
    best, size, held, inside = 0.0, 0, 0, set()
    for k, actor in enumerate(order[:-1], start=1):
        held += made.degree(actor) - sum(1 for other in made[actor] if other in inside)
        inside.add(actor)
        fit = _phi(pairs, m, k * (k - 1) // 2 + k * (n - k), held)
        if fit > best:
            best, size = fit, k
    return best, tuple(order[:size])


def _phi(pairs: int, ties: int, ideal: int, both: int) -> float:
    """Correlation of two binary patterns over ``pairs``, present ``ties`` and ``ideal`` times, ``both`` together."""
    spread = ties * (pairs - ties) * ideal * (pairs - ideal)
    return (pairs * both - ties * ideal) / math.sqrt(spread) if spread else 0.0


def brokers(made: networkx.Graph, between: Mapping[str, float], most: int = 3) -> tuple[str, ...]:
    """Actors on more shortest ways than the average whose neighbours hardly know each other.

    Burt's constraint is computed for the few with the highest betweenness only: it looks at pairs of neighbours.
    """
    import networkx

    if not between:
        return ()
    mean = sum(between.values()) / len(between)
    high = sorted((a for a in made if between[a] > mean), key=lambda a: (-between[a], a))[: most * 3]
    small = made.number_of_nodes() <= EXACT_UP_TO
    bound: Any = networkx.constraint(made, high, weight="weight") if small and high else {}
    found = [a for a in high if made.degree(a) > 1 and bound.get(a, 0.0) < 1.0]
    return tuple(sorted(found, key=lambda a: (-between[a] / (1.0 + bound.get(a, 0.0)), a))[:most])


def stage(actors: int, largest: float, degree: float, fit: float, core: int) -> str:
    """The four stages of Krebs & Holley, "Building Smart Communities through Network Weaving" (2006).

    Scattered: too few actors, or the largest component holds less than half of them. Hub: one actor holds it
    together (degree centralisation). Core/periphery: several actors form a core that fits well and is no more than
    half of all. Multi-hub: what is left, several hubs that share the work. The limits are ours; the paper draws them.
    """
    if actors < SMALLEST_NETWORK or largest < CONNECTED_FROM:
        return SCATTERED
    if core >= SMALLEST_CORE and core <= actors / 2 and fit >= CORE_FIT_FROM and degree < HUB_FROM:
        return CORE
    return HUB if degree >= HUB_FROM else MULTI_HUB
