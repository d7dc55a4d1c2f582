"""Knows the city's areas and landmarks by name, and where else in Thailand a name is."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.types import Area, Landmark, PlaceFound


class Gazetteer:
    """The names of one city; both lists may be empty."""

    def __init__(self, areas: Sequence[Area], landmarks: Sequence[Landmark]) -> None:
        self.areas = tuple(areas)
        self.landmarks = tuple(landmarks)

    def find(self, text: str) -> PlaceFound | None:
        """The place a text names, or None."""
        for landmark in self.landmarks:
            if landmark.name in text:
                return PlaceFound(landmark.name, landmark.area or None, True, landmark.lat, landmark.lon, True)
        return None

    def national(self, text: str) -> tuple[Area, ...]:
        """Every area of Thailand with that name."""
        return ()
