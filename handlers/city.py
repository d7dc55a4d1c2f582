"""The city as handlers see it: an immutable snapshot with the questions that flows and services ask of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from handlers.rules.calendar import WorkCalendar, calendar_of, next_allowed, quiet, thai_holidays
from handlers.rules.deadlines import Targets, targets_of
from handlers.rules.grid import distance_m, holds
from handlers.rules.routing import NO_POWER, Facts, Route, choose, mandate_fault
from nlp import Area, Gazetteer, Index, Landmark
from store.city_data import EVERYWHERE, AgencyRow, AreaRow, CategoryRow, CityData, NetworkRow, RoutingRow

_WIDE = frozenset({"village", "community", "road", "university", "water"})
"""Kinds of landmarks whose point stands for a whole stretch or neighbourhood."""


@dataclass(frozen=True)
class CityBook:
    """One loaded city. ``zone`` is the city's time zone."""

    data: CityData
    zone: ZoneInfo
    _calendars: dict[str, WorkCalendar] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def own_words(self) -> dict[str, dict[str, str]]:
        """Sentences that this city says in its own words, by language and key."""
        return {
            "th": {row.key: row.th for row in self.data.texts if row.th},
            "en": {row.key: row.en for row in self.data.texts if row.en},
        }

    @cached_property
    def categories(self) -> dict[str, CategoryRow]:
        return {row.code: row for row in self.data.categories}

    @cached_property
    def agencies(self) -> dict[str, AgencyRow]:
        return {row.code: row for row in self.data.agencies}

    @cached_property
    def networks(self) -> dict[str, NetworkRow]:
        return {row.code: row for row in self.data.networks}

    @cached_property
    def areas(self) -> dict[str, AreaRow]:
        return {row.code: row for row in self.data.areas}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The city's names for the understanding of places."""
        areas = [
            Area(a.code, a.name_th, a.name_en, a.level, a.parent, a.aliases)
            for a in self.data.areas
            if a.inside or a.level != "subdistrict"
        ]
        marks = [Landmark(p.name, p.kind, p.area, p.lat, p.lon, p.aliases) for p in self.data.places]
        return Gazetteer(areas, marks)

    @cached_property
    def faq_index(self) -> Index:
        """Finds the code of the frequent question that a text asks."""
        return Index((row.code, row.questions) for row in self.data.faq)

    @cached_property
    def wide_points(self) -> frozenset[tuple[float | None, float | None]]:
        """Points of landmarks that are too large for "the same spot"."""
        return frozenset((p.lat, p.lon) for p in self.data.places if p.kind in _WIDE)

    @cached_property
    def lexicon(self) -> dict[str, tuple[str, ...]]:
        return {row.code: row.keywords for row in self.data.categories}

    def name(self, row: CategoryRow | AgencyRow | NetworkRow | AreaRow, lang: str) -> str:
        """A row's name in the person's language."""
        return row.name_en if lang == "en" else row.name_th

    def category_name(self, code: str, lang: str) -> str:
        """With its picture sign, as buttons and cards show it."""
        row = self.categories.get(code)
        return f"{row.emoji} {self.name(row, lang)}" if row else code

    def plain_name(self, code: str, lang: str) -> str:
        """For the middle of a sentence, without the picture sign."""
        row = self.categories.get(code)
        return self.name(row, lang) if row else code

    def agency_name(self, code: str | None, lang: str) -> str:
        """The short name people use; empty for no agency."""
        row = self.agencies.get(code or "")
        return "" if row is None else (row.name_en if lang == "en" else row.short_th)

    def is_public(self, agency: str) -> bool:
        """Whether the agency is the state's or a municipality's, so that it may read personal data."""
        row = self.agencies.get(agency)
        return row is not None and row.sector in ("state", "local")

    def around(self, area: str | None) -> list[str]:
        """The area and all that contain it, smallest first."""
        chain: list[str] = []
        while area and area in self.areas and area not in chain:
            chain.append(area)
            area = self.areas[area].parent
        return chain

    def area_at(self, lat: float, lon: float) -> AreaRow | None:
        """The city's area of a point; None outside.

        The area whose border holds it; else, of those without a border, the nearest centre whose radius holds it.
        """
        for area in self.data.inside:
            if area.shape and holds(area.shape, lat, lon):
                return area
        held = [(distance_m(lat, lon, a.lat, a.lon), a) for a in self.data.inside if not a.shape]
        held = [(d, a) for d, a in held if d <= a.radius_m]
        return min(held, key=lambda pair: pair[0])[1] if held else None

    def in_country(self, lat: float, lon: float) -> bool:
        return self.data.city.thailand.holds(lat, lon)

    def serves(self, agency: str, areas: list[str] | tuple[str, ...]) -> bool:
        """Whether the agency works in one of the areas; where the place is unknown, whether it works everywhere."""
        row = self.agencies.get(agency)
        return row is not None and (EVERYWHERE in row.areas or any(code in row.areas for code in areas))

    def route(self, area: str | None, category: str, declined: list[str]) -> Route:
        """See ``rules.routing.choose``."""
        areas, network = self.around(area), self.networks.get(self.network_for(area, category) or "")
        facts = Facts(areas, category, self._mandate(category), network.integrator if network else "")
        able = lambda agency: self.serves(agency, areas) and self.lead_fault(agency, category) is None
        prime = network.integrator if network and network.integration == "prime" else ""
        rows = self._rows.get(category, self._rows[EVERYWHERE])
        return choose(rows, facts, declined, self.data.city.integrator, able, prime)

    @cached_property
    def _rows(self) -> dict[str, list[RoutingRow]]:
        """Rows by category in their order, those for all categories among them."""
        codes = {EVERYWHERE, *(row.category for row in self.data.routing)}
        return {
            code: [row for row in self.data.routing if row.category in (code, EVERYWHERE)] for code in codes
        }

    def _mandate(self, category: str) -> str:
        row = self.categories.get(category)
        return row.mandate if row else ""

    def lead_fault(self, agency: str, category: str) -> str | None:
        """Why the law keeps the agency from leading such cases (a key of ``rules.routing``); None when it may."""
        row = self.agencies.get(agency)
        if row is None:
            return NO_POWER
        return mandate_fault(self._mandate(category), category, row.sector, row.powers)

    def likely(self, area: str | None, category: str, without: Collection[str] = ()) -> list[str]:
        """Agencies that may lead such a case there: those that rows name first, then by power, codes."""
        areas = self.around(area)
        named = [row.lead for row in self._rows.get(category, ())]
        able = [
            a.code
            for a in self.data.agencies
            if a.code not in without
            and self.lead_fault(a.code, category) is None
            and (a.code in named or category in a.powers)
        ]
        order = {code: number for number, code in enumerate(dict.fromkeys(named))}
        return sorted(able, key=lambda code: (not self.serves(code, areas), order.get(code, len(order))))

    def integrators(self, network: str | None) -> list[str]:
        """Agencies whose coordinators decide about a case of that network: the city's, and a network's own.

        A network that its agencies run themselves has none of its own.
        """
        row = self.networks.get(network or "")
        own = [row.integrator] if row and row.integration != "state" else []
        return list(dict.fromkeys([self.data.city.integrator, *own]))

    def network_for(self, area: str | None, category: str) -> str | None:
        """Code of the first network that covers the issue there; a place that is unknown fits networks for all."""
        for row in self.data.networks:
            if row.covers(area or EVERYWHERE, category):
                return row.code
        return None

    def further_networks(self, area: str | None, category: str, first: str | None) -> list[str]:
        """Other networks that the issue concerns there; those that are about everything are left out."""
        return [
            row.code
            for row in self.data.networks
            if row.code != first
            and EVERYWHERE not in row.categories
            and row.covers(area or EVERYWHERE, category)
        ][:3]

    def targets(self, category: str, urgent: bool) -> Targets:
        """Working hours promised for an answer, for a date and for the fix."""
        return targets_of(self.categories[category], urgent)

    def calendar(self, agency: str) -> WorkCalendar:
        """Working hours of the agency, with national and the city's own holidays."""
        if agency not in self._calendars:
            row = self.agencies.get(agency)
            hours = row.hours if row else self.data.city.hours
            self._calendars[agency] = calendar_of(hours, self._holidays, self.zone)
        return self._calendars[agency]

    @cached_property
    def _holidays(self) -> frozenset[date]:
        return thai_holidays(range(2020, 2041), self.data.holidays_plus, self.data.holidays_minus)

    def quiet(self, at: datetime) -> bool:
        """Whether the clock must keep silent at this instant."""
        return quiet(at, self.data.city.quiet_from, self.data.city.quiet_to, self.zone)

    def next_allowed(self, at: datetime) -> datetime:
        """The first instant from ``at`` at which the clock may speak."""
        return next_allowed(at, self.data.city.quiet_from, self.data.city.quiet_to, self.zone)
