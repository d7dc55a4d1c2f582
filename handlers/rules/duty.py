"""Who reads a card when people are away: oneself, the substitute, or the substitute's substitute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Duty:
    """One person of an agency. ``away_until`` None with ``on_duty`` false: away until she says otherwise."""

    id: int
    on_duty: bool
    away_until: datetime | None
    substitute: int | None


def away(duty: Duty, now: datetime) -> bool:
    """Whether she is off duty at this instant; a time that has passed ends it by itself."""
    return not duty.on_duty and (duty.away_until is None or now < duty.away_until)


def reader(duty: Duty, staff: Sequence[Duty], now: datetime) -> int | None:
    """Who gets what is meant for her: an id, or None when nobody stands in.

    Only colleagues in ``staff`` count, so that nobody who left or belongs elsewhere is ever reached through her.
    """
    known = {one.id: one for one in staff}
    seen: set[int] = set()
    found: Duty | None = duty
    while found is not None and away(found, now):
        if found.id in seen:
            return None
        seen.add(found.id)
        found = known.get(found.substitute or 0)
    return found.id if found else None


def readers(staff: Sequence[Duty], now: datetime) -> list[int]:
    """Who reads what is meant for the agency: those on duty and the substitutes; all of them when nobody is."""
    found = [reader(one, staff, now) for one in staff]
    present = [number for number in dict.fromkeys(found) if number is not None]
    return present or [one.id for one in staff]
