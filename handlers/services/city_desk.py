"""Changing the city's tables at the console: read, judged and shown first, applied only after a yes, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.messages.neutral import Card, Message, Text, tap
from handlers.ports import MessageRefused
from handlers.rules import own_words
from handlers.rules.city_check import Finding
from handlers.services import routing
from handlers.services.seed import CityRefused, checked, load_city
from handlers.talk import Scene
from store import city_settings_text, city_tables
from store.city_data import CityData
from store.city_settings import FILE as SETTINGS
from store.city_tables import Change
from store.city_texts import FILE as TEXTS
from store.models import CityUpload, Person
from store.queries import city, doors

STATES = ("applied", "stale", "gone")


@dataclass(frozen=True)
class Preview:
    """What a table that was sent in would change. Without changes there is nothing to apply."""

    after: CityData
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
    warnings = checked(after)
    if upload.file == SETTINGS:
        return Preview(after, city_settings_text.changes(before, after), warnings, effect)
    if upload.file == TEXTS:
        warnings = [finding for finding in warnings if finding.key.startswith("text.")]
        _render(scene, after)
    return Preview(after, city_tables.changes(before, after, upload.file), warnings, effect)


def _render(scene: Scene, after: CityData) -> None:
    """Every sentence as a message, the way it is sent: what LINE would not take is refused here."""
    refused = []
    for row in after.texts:
        for words in filter(None, (row.th, row.en)):
            shown = own_words.filled(words)
            try:
                scene.house.render(_as_messages(row.key, shown))
            except MessageRefused as why:
                refused.append(Finding("error", "text.refused", {"text": row.key, "why": str(why)[:200]}))
    if refused:
        raise CityRefused(refused)


def _as_messages(key: str, words: str) -> list[Message]:
    if key.startswith(own_words.BUTTON):
        return [Card(words, buttons=(tap(words, "menu", shown=words),))]
    return [Text(words), Card(words[:200], words)]


def _read(before: CityData, upload: CityUpload) -> CityData:
    stored = city_tables.of_folder(before)
    if upload.file == SETTINGS:
        return city_settings_text.with_settings(stored, upload.content)
    return city_tables.with_table(stored, upload.file, upload.content)


def apply(scene: Scene, person: Person, upload: CityUpload) -> str:
    """One of ``STATES``. Raises as ``preview`` does; whatever is raised or refused, nothing has changed."""
    if upload.base != city.version(scene.unit):
        return "stale"
    stored = city.load(scene.unit)
    if stored is None:
        return "stale"
    after = _read(stored, upload)
    checked(after)
    if upload.file == TEXTS:
        _render(scene, after)
    if not doors.use_upload(scene.unit, upload.id, scene.machine):
        return "gone"
    load_city(scene.unit, after, scene.now, scene.book.zone, by=person)
    return "applied"


def drop(scene: Scene, upload: CityUpload) -> None:
    doors.use_upload(scene.unit, upload.id, scene.machine)


__all__ = ["SETTINGS", "STATES", "TEXTS", "CityRefused", "Preview", "apply", "drop", "keep", "of", "preview"]
