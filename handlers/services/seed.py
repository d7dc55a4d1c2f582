"""Loads a city: judged first, then saved whole or not at all."""

from __future__ import annotations

from datetime import datetime, tzinfo

from handlers.house import NoCity
from handlers.messages.texts import LANGUAGES, sentences
from handlers.rules import own_words
from handlers.rules.calendar import BANGKOK
from handlers.rules.city_check import Finding, judge
from handlers.services import routing
from store import Unit
from store.city_data import CityData
from store.models import Person
from store.queries import city as rows
from store.queries import inbox


class CityRefused(ValueError):
    """The folder breaks rules; ``findings`` holds every error."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} faults")


def load_city(
    unit: Unit,
    data: CityData,
    now: datetime | None = None,
    zone: tzinfo = BANGKOK,
    by: Person | None = None,
) -> tuple[bool, list[Finding]]:
    """Save the city: whether anything changed, and the warnings. Raises ``CityRefused`` and changes nothing.

    ``now``: the city's time, at which the new state of the routing rows is kept; None keeps no state of them.
    ``by``: who changed it at the console; None for an operator's folder.
    """
    findings = checked(data)
    before = rows.load(unit)
    changed = rows.save(unit, data)
    if now is not None:
        routing.remember(unit, before, data, now, zone, by)
    inbox.release_parked_with(unit, NoCity.__name__)  # what came in before there was a city is decided now
    return changed, findings


def checked(data: CityData) -> list[Finding]:
    """The warnings about a city that may be loaded; raises ``CityRefused`` with every error of one that may not."""
    program = {lang: sentences(lang) for lang in LANGUAGES}
    findings = [*judge(data), *own_words.judge(data.texts, program)]
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise CityRefused(errors)
    return findings
