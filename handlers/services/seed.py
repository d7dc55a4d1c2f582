"""Loads a city: judged first, then saved whole or not at all."""

from __future__ import annotations

from handlers.house import NoCity
from handlers.rules.city_check import Finding, judge
from store import Unit
from store.city_data import CityData
from store.queries import city as rows
from store.queries import inbox


class CityRefused(ValueError):
    """The folder breaks rules; ``findings`` holds every error."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} faults")


def load_city(unit: Unit, data: CityData) -> tuple[bool, list[Finding]]:
    """Save the city: whether anything changed, and the warnings. Raises ``CityRefused`` and changes nothing."""
    findings = judge(data)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise CityRefused(errors)
    changed = rows.save(unit, data)
    inbox.release_parked_with(unit, NoCity.__name__)  # what came in before there was a city is decided now
    return changed, findings
