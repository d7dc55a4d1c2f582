"""Knows the city's areas and landmarks by name, and where else in Thailand a name is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from nlp.finder import Finder, Hit
from nlp.national import LEVELS, by_name, everyday_names, famous, named, spoken
from nlp.normalise import normalise
from nlp.types import Area, Landmark, PlaceFound
from nlp.where import LONGEST_NAME, Mention, is_precise, mentions, says_where, stands_free
from nlp.where_written import inner_edges, joined, with_relation, written_places
from nlp.words import edges, tokens

LONGEST_TEXT = 160
MOST_CANDIDATES = 12

Span = tuple[int, int]


class Stands(Protocol):
    """Anything found at ``start:end`` of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Gazetteer:
    """The names of one city; both lists may be empty.

    ``areas`` are the subdistricts the city serves and any larger areas it knows; subdistricts that are known but
    not served go into ``outside`` as well. Codes are taken for DOPA codes (2, 4 or 6 digits), where the code of the
    larger area begins the smaller's: so a larger area is the city's own when a served subdistrict lies in it.
    """

    def __init__(
        self, areas: Sequence[Area], landmarks: Sequence[Landmark], outside: Collection[str] = ()
    ) -> None:
        served = [area for area in areas if area.code not in outside]
        smallest = [area for area in served if area.level == "subdistrict"]
        self._codes = frozenset(area.code for area in smallest or served)
        self._levels = {level: by_name(area for area in areas if area.level == level) for level in LEVELS}
        everyday = everyday_names()
        self._areas: Finder[Area] = Finder(
            (name, area)
            for area in areas
            for name in {area.name_th, area.name_en, *area.aliases}
            if len(name) > 2 and name not in everyday
        )
        named_so: dict[str, list[Landmark]] = {}
        for landmark in landmarks:
            for name in {landmark.name, *landmark.aliases}:
                named_so.setdefault(normalise(name).lower(), []).append(landmark)
        self._landmarks = Finder((name, tuple(found)) for name, found in named_so.items())
        self._served = {area.code: area for area in areas}

    def find(self, text: str) -> PlaceFound | None:
        """The place that a text names, such as one typed as an answer; None when it names none.

        A short text that names a place is taken as a whole for the words that say where.
        """
        plain = normalise(text)[:LONGEST_TEXT]
        whole = (
            [(0, len(plain))]
            if is_precise(plain, tokens(plain)) or (len(plain) < LONGEST_NAME and named(plain))
            else []
        )
        found = self.locate(plain, whole, typed=True)
        return replace(found, text=plain) if found else None

    def national(self, text: str) -> tuple[Area, ...]:
        """Every area of Thailand that has the text's name, with or without its word of level; may be empty."""
        plain = normalise(text)[:LONGEST_TEXT]
        return named(plain) or tuple(dict.fromkeys(area for one in mentions(plain, {}) for area in one.areas))

    def locate(self, text: str, spans: Sequence[Span], typed: bool = False) -> PlaceFound | None:
        """The place of a normalised text whose place phrases stand at ``spans`` (may be empty).

        Districts named without a word of level count inside the spans only, in a ``typed`` place everywhere.
        """
        lower, cuts = text.lower(), edges(text)
        marks = self._landmarks.find(lower, inner_edges(text))
        spans = [*spans, *written_places(text)]
        said = mentions(text, self._levels)
        for hit in self._areas.find(lower, cuts):
            known = _covered(hit, [*said, *marks]) or says_where(text, hit.start)
            if not (known or joined(text, *hit[:2])):
                said.append(Mention(hit.start, hit.end, hit.value.level, (hit.value,)))
        for wide in spoken().find(lower, cuts):
            free = (
                typed
                or wide.value[0].level == "province"
                or lower[wide.start : wide.end] in famous()
                or _covered(wide, [Hit(*span, None) for span in spans])
            )
            stands = stands_free(text, wide.start) or lower[wide.start : wide.end] in famous()
            if free and stands and not (_covered(wide, [*said, *marks]) or joined(text, *wide[:2])):
                said.append(Mention(wide.start, wide.end, wide.value[0].level, wide.value))
        if typed and not said and spans and named(text):
            said += [Mention(0, len(text), area.level, (area,)) for area in named(text)]
        if not (spans or marks or said):
            return None
        parts = _merged([*spans, *(hit[:2] for hit in marks), *(one[:2] for one in said)])
        parts = _merged((with_relation(text, start), end) for start, end in parts)
        where = " ".join(text[start:end].strip() for start, end in parts)[:LONGEST_TEXT].strip()
        return self._found(where, marks, said, is_precise(where, _words_within(text, parts, said)))

    def _found(
        self, where: str, marks: Sequence[Hit[tuple[Landmark, ...]]], said: Sequence[Mention], precise: bool
    ) -> PlaceFound:
        meant = self._meant(said)
        elsewhere = bool(meant and self._codes) and not any(self._related(area) for area in meant)
        if marks and not elsewhere:
            found = _fitting(max(marks, key=_length).value, meant)
            best = found[0]
            if len({mark.area for mark in found}) == 1:
                return PlaceFound(where, best.area or None, True, best.lat, best.lon, True)
            fits = tuple(self._served[mark.area] for mark in found if mark.area in self._served)
            return PlaceFound(where, None, True, None, None, True, fits[:MOST_CANDIDATES])
        return PlaceFound(
            text=where,
            area=meant[0].code if len(meant) == 1 else None,
            inside=False if elsewhere else self._inside(meant),
            precise=precise,
            candidates=meant[:MOST_CANDIDATES] if len(meant) > 1 else (),
        )

    def _inside(self, meant: Sequence[Area]) -> bool | None:
        """True when every area meant is a subdistrict of the city; a larger one may reach beyond it."""
        own = [area.code in self._codes and area.level == "subdistrict" for area in meant]
        return True if own and all(own) else None

    def _related(self, area: Area) -> bool:
        """True for an area of the city, and for one that the city lies in."""
        return area.code in self._codes or any(code.startswith(area.code) for code in self._codes)

    def _meant(self, said: Sequence[Mention]) -> tuple[Area, ...]:
        """The smallest areas named that fit the larger ones named beside them, the city's own before others."""
        kept: tuple[Area, ...] = ()
        for level in LEVELS:
            here = [area for one in said if one.level == level for area in one.areas]
            fitting = [area for area in here if not kept or any(area.code.startswith(up.code) for up in kept)]
            own = [area for area in fitting if self._related(area)]
            kept = tuple({area.code: area for area in own or self._nearest(fitting)}.values()) or kept
        return kept

    def _nearest(self, areas: Sequence[Area]) -> Sequence[Area]:
        """Of several that fit those in the city's district, else in its province, else all."""
        for digits in (4, 2):
            near = {code[:digits] for code in self._codes}
            found = [area for area in areas if len(area.code) > digits and area.code[:digits] in near]
            if found:
                return found
        return areas


def _length(hit: Hit[tuple[Landmark, ...]]) -> int:
    return hit.end - hit.start


def _fitting(found: Sequence[Landmark], meant: Sequence[Area]) -> Sequence[Landmark]:
    """Of landmarks with one name those in an area named beside it; all when none is."""
    inside = [mark for mark in found if any(mark.area.startswith(area.code) for area in meant)]
    return inside or found


def _covered(hit: Stands, others: Iterable[Stands]) -> bool:
    return any(one.start < hit.end and hit.start < one.end for one in others)


def _words_within(text: str, parts: Sequence[Span], said: Sequence[Mention]) -> list[str]:
    """The words of some parts of a text, but for area names, whose words would look like a precise place."""
    starts, words = edges(text), tokens(text)
    return [
        words[at]
        for first, last in parts
        for at in range(bisect_left(starts, first), min(bisect_left(starts, last), len(words)))
        if not any(one.start <= starts[at] < one.end for one in said)
    ]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; those that overlap, touch or have one character between them become one."""
    parts: list[Span] = []
    for start, end in sorted(spans):
        if parts and start <= parts[-1][1] + 1:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]))
        else:
            parts.append((start, end))
    return parts
