"""When a photo can't be had: the person is told, the report goes on without it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.house import House
from handlers.messages.neutral import Text
from handlers.messages.texts import say
from handlers.services.photos import OnFailed
from handlers.talk import Scene
from store import Unit
from store.models import Photo
from store.queries import city, people
from store.words import Purpose

_FAULTS = ("too_big", "not_a_picture")
"""What the person can mend by sending another photo; a photo taken back ("gone") was her own wish."""


def teller(house: House) -> OnFailed:
    """The callback of the photo pass."""

    def tell(unit: Unit, photo: Photo, why: str) -> None:
        if why not in _FAULTS or photo.person_id is None:
            return
        machine = house.clock()
        now = datetime.fromtimestamp(machine, UTC) + timedelta(seconds=city.clock_offset(unit))
        scene = Scene(house, unit, now, machine)
        for person in people.by_ids(unit, [photo.person_id]):
            words = Text(say(person.language, "report.photo_failed"))
            scene.post.send(person, [words], Purpose.ANSWER, once=f"photo-{photo.id}")

    return tell
