"""Changing the city's tables at the console: read, judged and shown first, applied only after a yes, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.rules.city_check import Finding
from handlers.services import routing
from handlers.services.seed import CityRefused, checked, load_city
from handlers.talk import Scene
from store import city_tables
from store.city_data import CityData
from store.city_tables import Change
from store.models import CityUpload, Person
from store.queries import city, doors

STATES = ("applied", "stale", "gone")


@dataclass(frozen=True)
class Preview:
    """What a table that was sent in would change. Without changes there is nothing to apply."""

    changes: list[Change]
    warnings: list[Finding]
    effect: dict[str, Any]
    """Of routing: how many cases of the last 90 days would first have gone elsewhere."""


def keep(scene: Scene, person: Person, file: str, content: str) -> CityUpload:
    """Keep a table until she says yes. Nothing is read from it yet."""
    row = CityUpload(
        person_id=person.id,
        file=file,
        content=content,
        base=city.version(scene.unit) or 0,
        created=scene.machine,
    )
    scene.unit.add(row)
    scene.unit.flush()
    return row


def of(scene: Scene, person: Person, number: int) -> CityUpload | None:
    """Her own upload while it waits; None for other people's and for those applied or dropped."""
    found = doors.upload(scene.unit, number)
    return found if found is not None and found.person_id == person.id and found.used is None else None


def preview(scene: Scene, upload: CityUpload) -> Preview:
    """Raises ``CityFaults`` or ``CityRefused`` with everything that is wrong."""
    before = scene.book.data
    after = _read(before, upload)
    effect = {}
    if upload.file in ("routing.csv", "agencies.csv", "categories.csv", "networks.csv", "areas.csv"):
        effect = routing.preview(scene.unit, after, scene.now, scene.book.zone)
    return Preview(city_tables.changes(before, after, upload.file), checked(after), effect)


def _read(before: CityData, upload: CityUpload) -> CityData:
    return city_tables.with_table(city_tables.of_folder(before), upload.file, upload.content)


def apply(scene: Scene, person: Person, upload: CityUpload) -> str:
    """One of ``STATES``. Raises as ``preview`` does; whatever is raised or refused, nothing has changed."""
    if upload.base != city.version(scene.unit):
        return "stale"
    stored = city.load(scene.unit)
    if stored is None:
        return "stale"
    after = _read(stored, upload)
    checked(after)
    if not doors.use_upload(scene.unit, upload.id, scene.machine):
        return "gone"
    load_city(scene.unit, after, scene.now, scene.book.zone, by=person)
    return "applied"


def drop(scene: Scene, upload: CityUpload) -> None:
    doors.use_upload(scene.unit, upload.id, scene.machine)


__all__ = ["STATES", "CityRefused", "Preview", "apply", "drop", "keep", "of", "preview"]
