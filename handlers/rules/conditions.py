"""The six conditions under which a network may decide jointly. Pure.

After Wasan Luangprapat and others (2014), who follow Ansell and Gash: started by an agency; state and non-state
actors; non-state actors decide and not only advise; a formal structure agreed by all; consensus rather than
bargaining; a public aim. Until all are met a network takes cases and members, only joint decisions wait.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from handlers.rules.guidelines import BOTH, DECIDING, Facts


@dataclass(frozen=True)
class Conditions:
    """Which of the six are met."""

    started: bool
    both_sides: bool
    members_decide: bool
    structure: bool
    consensus: bool
    aim: bool


def six_conditions(f: Facts) -> Conditions:
    """Each condition from facts.

    The structure is agreed by all: there is somebody who represents, and a charter, or the conditions everybody accepted
    by joining. A charter that as many members refuse as agree to is none; who has not answered yet is on neither side.
    """
    agreed = (f.charter_version > 0 or f.conditions) and (f.refused == 0 or f.agreed > f.refused)
    return Conditions(
        started=f.integrator_known,
        both_sides=(f.officials or bool(f.sectors & BOTH)) and bool(f.sectors - BOTH),
        members_decide=f.level in DECIDING,
        structure=agreed and f.representatives > 0,
        consensus=f.consensus > 0.5,
        aim=bool(f.goal),
    )


def missing(conditions: Conditions) -> tuple[str, ...]:
    """Names of the conditions that are not met, in the order of the literature."""
    return tuple(field.name for field in fields(conditions) if not getattr(conditions, field.name))


def may_decide(conditions: Conditions) -> bool:
    """Whether the network may take joint decisions."""
    return not missing(conditions)
