"""What a network has agreed about deciding together, and whether it may.

The rules of deciding (shares, rounds, days) are the network's own row; the words of its charter and who agreed to them
are in ``services.compacts``.
"""

from __future__ import annotations

from handlers.rules.conditions import Conditions, six_conditions
from handlers.rules.consensus import Charter
from handlers.services import network_life
from handlers.talk import Scene


def charter_of(scene: Scene, network: str) -> Charter:
    """The network's rules of deciding, as the city's folder gives them."""
    row = scene.book.networks[network]
    return Charter(row.consensus, row.quorum, row.quorum_least, row.rounds, row.days)


def conditions_of(scene: Scene, network: str) -> Conditions:
    """Which of the six conditions of collaborative governance the network meets now."""
    row = scene.book.networks[network]
    return six_conditions(network_life.facts(scene.unit, scene.book, row))
