"""The six conditions under which a network may decide jointly. Pure.

After Wasan Luangprapat and others (2014), who follow Ansell and Gash: started by an agency; state and non-state
actors; non-state actors decide and not only advise; a formal structure agreed by all; consensus rather than
bargaining; a public aim. Until all are met a network takes cases and members, only joint decisions wait.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Conditions:
    """Which of the six are met."""

    started: bool
    both_sides: bool
    members_decide: bool
    structure: bool
    consensus: bool
    aim: bool


def missing(conditions: Conditions) -> tuple[str, ...]:
    """Names of the conditions that are not met, in the order of the literature."""
    return tuple(field.name for field in fields(conditions) if not getattr(conditions, field.name))


def may_decide(conditions: Conditions) -> bool:
    """Whether the network may take joint decisions."""
    return not missing(conditions)
