"""What a city folder says, as plain frozen values: the shape that seeding, routing and understanding share.

Codes are short English words; everything a citizen reads comes from the folder. Latitudes and longitudes are
degrees (WGS 84), radii metres, working time hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

from store.city_words import FaqRow as FaqRow
from store.city_words import TextRow as TextRow

EVERYWHERE = "*"
"""In `areas` and `categories` of a row: all of them."""

_CATEGORY_CODES = """
road sidewalk bridge street_light cables water_supply public_facility building signs
flooding drainage canal waste air noise tree traffic obstruction transit safety drugs
health animals education livelihood consumer homeless welfare corruption service land other
"""
CATEGORY_CODES = tuple(_CATEGORY_CODES.split())
"""The fixed categories: the classifier answers with these, so a city names and routes every one of them."""

MANDATES = ("law", "general", "delegated")
INTEGRATIONS = ("state", "prime", "third")
"""How a network is integrated: the agencies run it themselves, one prime partner runs it, a third party coordinates."""
SECTORS = ("state", "local", "private", "civil")
GATEWAYS = ("line", "email", "open311", "traffy", "none")
AREA_LEVELS = ("province", "district", "subdistrict")
PARTICIPATION_LEVELS = ("inform", "consult", "involve", "collaborate", "empower")
STRUCTURES = ("horizontal", "vertical")
COMMITTED = ("individual", "node", "network", "agency")
"""Kinds of member that a charter may bind, each to its own commitments."""
NETWORK_KINDS = ("individual", "unit", "organisation", "area", "issue", "occupation", "structure")
_PLACE_KINDS = """
village community temple mosque church shrine school university market bus_terminal airport hospital
health_centre government park stadium hall monument bridge junction road soi water shop
"""
PLACE_KINDS = tuple(_PLACE_KINDS.split())
DEMO_ROLES = ("citizen", "official", "head", "representative", "administrator")


Shape = tuple[tuple[tuple[float, float], ...], ...]
"""Rings of (latitude, longitude); a point is inside when it lies within an odd number of them."""


@dataclass(frozen=True)
class Hours:
    """Opening hours of a week. `close` 00:00 is the midnight ending the day; weekdays are ISO, Monday 1."""

    open: time
    close: time
    weekdays: frozenset[int]

    @property
    def every_day(self) -> bool:
        """Whether the agency never closes: seven days a week means on public holidays too."""
        return len(self.weekdays) == 7


@dataclass(frozen=True)
class Box:
    """A rectangle of the map; outside the country's box a pin is certainly elsewhere."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies in the box, edges included."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True)
class Emergency:
    """A number that answers day and night, shown when life may be in danger."""

    number: str
    label_th: str
    label_en: str


@dataclass(frozen=True)
class Group:
    """A group of categories, the first level of the menu."""

    code: str
    name_th: str
    name_en: str


@dataclass(frozen=True)
class DemoPerson:
    """An invented person of the simulator; `agency` is an official's or head's, `network` a representative's."""

    id: str
    name_th: str
    role: str
    label_th: str
    label_en: str
    agency: str = ""
    network: str = ""
    language: str = "th"


@dataclass(frozen=True)
class DemoPlace:
    """A place that the simulator's location button offers."""

    title_th: str
    address_th: str
    lat: float
    lon: float


CC_BY, CC_BY_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class City:
    """The municipality itself. `integrator` is the agency that takes what no rule can place."""

    code: str
    prefix: str
    name_th: str
    name_en: str
    short_th: str
    province_th: str
    province_code: str
    district_code: str
    lat: float
    lon: float
    phone: str
    email: str
    integrator: str
    privacy_contact_th: str
    privacy_contact_en: str
    thailand: Box
    hours: Hours
    quiet_from: time
    quiet_to: time
    emergency: tuple[Emergency, ...]
    groups: tuple[Group, ...]
    demo_people: tuple[DemoPerson, ...]
    demo_places: tuple[DemoPlace, ...]
    jurisdiction: str = ""
    """What Open311 calls the city (`jurisdiction_id`); the city's code in small letters where it says nothing."""
    licence: str = CC_BY
    licence_url: str = CC_BY_URL
    """The licence of the open data."""
    line_id: str = ""
    """The LINE account's name ("@…"), for links that open its chat; "" where there is none."""
    tiles: str = ""
    """Address of map tiles with {z}, {x} and {y}; "" for a map that asks nobody else for anything."""
    tiles_by: str = ""
    """Whom the tiles are owed to, as their makers want it said."""


@dataclass(frozen=True)
class AreaRow:
    """An administrative area. Codes are the country's: 2, 4 or 6 digits; `inside` = the city serves it."""

    code: str
    name_th: str
    name_en: str
    level: str
    parent: str
    lat: float
    lon: float
    radius_m: float
    inside: bool
    aliases: tuple[str, ...]
    shape: Shape = ()
    """Its border; without one the area is its circle."""


@dataclass(frozen=True)
class PlaceRow:
    """A village or landmark; the point is absent where nobody knows it."""

    name: str
    kind: str
    area: str
    lat: float | None
    lon: float | None
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class CategoryRow:
    """A category with its targets in working hours: to answer, to say when it will be fixed (plan), to finish.

    Zero in one of the last three means that the city says nothing of its own (``rules.deadlines`` derives it).
    """

    code: str
    group: str
    name_th: str
    name_en: str
    mandate: str
    ack_hours: float
    finish_hours: float
    urgent_ack_hours: float
    emoji: str
    keywords: tuple[str, ...]
    plan_hours: float = 0.0
    urgent_plan_hours: float = 0.0
    urgent_finish_hours: float = 0.0


@dataclass(frozen=True)
class AgencyRow:
    """An agency. `powers` are the categories the law lets it act on; `areas` is `("*",)` or area codes."""

    code: str
    name_th: str
    name_en: str
    short_th: str
    sector: str
    powers: tuple[str, ...]
    areas: tuple[str, ...]
    gateway: str
    phone: str
    email: str
    hours: Hours
    parent: str
    head_title_th: str
    endpoint: str = ""
    secret: str = ""
    """A reference to the environment ("env:SAAN_AGENCY_…"), never the secret."""
    remote_id: str = ""
    """What the other system calls the agency: the jurisdiction_id of Open311, the org_id of Traffy."""
    intake: bool = False
    """What is reported to it in that system becomes a case here."""

    def serves(self, area: str) -> bool:
        """Whether the agency works in the area of that code."""
        return EVERYWHERE in self.areas or area in self.areas


class Helper(NamedTuple):
    """An agency asked to help a case's lead, with its own task."""

    agency: str
    task_th: str


@dataclass(frozen=True)
class RoutingRow:
    """One rule of who leads. Rows are tried by `position`; a later match is the next agency to offer to.

    A row counts for an area when its own area is that or everywhere, and its lead serves it. ``mandate`` and
    ``integrator`` (of the case's network) narrow it further; a row for all categories counts where its lead may lead.
    """

    position: int
    area: str
    category: str
    lead: str
    helpers: tuple[Helper, ...]
    reason_th: str
    reason_en: str
    mandate: str = EVERYWHERE
    integrator: str = EVERYWHERE


@dataclass(frozen=True)
class NetworkRow:
    """An issue network; in the folder's order the first that covers area and category is preferred."""

    code: str
    name_th: str
    name_en: str
    goal_th: str
    goal_en: str
    categories: tuple[str, ...]
    areas: tuple[str, ...]
    integrator: str
    conditions_th: str
    conditions_en: str
    level: str
    kind: str
    integration: str = "state"
    consensus: float = 0.7
    """Share of those who take a side that must agree."""
    quorum: float = 0.2
    """Share of the members that must answer."""
    quorum_least: int = 2
    """The fewest people a decision needs, however small the network."""
    rounds: int = 2
    """How often may be voted at most; a later round is about amended statements."""
    days: int = 7
    """How long each round is open."""
    structure: str = "horizontal"
    founded: bool = False
    """Not of the folder but founded by members or an administrator."""

    def covers(self, area: str, category: str) -> bool:
        """Whether a case of that category in that area belongs to the network."""
        return bool({EVERYWHERE, area} & set(self.areas)) and bool(
            {EVERYWHERE, category} & set(self.categories)
        )


TEMPLATE_BLANKS = ("code", "name", "lead", "category", "place", "date", "today")
"""What a ready answer may leave blank: the case's code, the official's name, the agency, the kind and place of the
problem, the promised day, and the day it is sent."""


@dataclass(frozen=True)
class TemplateRow:
    """A ready answer of `agency` (everywhere: of all agencies), with blanks like `{code}`."""

    agency: str
    code: str
    name_th: str
    name_en: str
    text_th: str
    text_en: str


@dataclass(frozen=True)
class ServiceCodeRow:
    """What an agency's Open311 server calls a category; EVERYWHERE as category: all that have no row."""

    agency: str
    category: str
    service_code: str


@dataclass(frozen=True)
class CharterRow:
    """What the members of a network agree to, and what each kind of member commits itself to."""

    network: str
    text_th: str
    text_en: str
    commitments: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    """(kind of member, in Thai, in English)."""


@dataclass(frozen=True)
class HolidayRow:
    """The city's own change to the public calendar: closed on that day, or open in spite of the calendar."""

    date: date
    closed: bool
    name_th: str


@dataclass(frozen=True)
class CityData:
    """A whole city folder, every reference in it checked."""

    city: City
    areas: tuple[AreaRow, ...]
    places: tuple[PlaceRow, ...]
    categories: tuple[CategoryRow, ...]
    agencies: tuple[AgencyRow, ...]
    routing: tuple[RoutingRow, ...]
    networks: tuple[NetworkRow, ...]
    holidays: tuple[HolidayRow, ...]
    templates: tuple[TemplateRow, ...] = ()
    faq: tuple[FaqRow, ...] = ()
    routing_version: int = field(default=0, compare=False)
    """Which state of the routing rows this is; 0 before any was kept."""
    service_codes: tuple[ServiceCodeRow, ...] = ()
    charters: tuple[CharterRow, ...] = ()
    texts: tuple[TextRow, ...] = ()

    @property
    def inside(self) -> tuple[AreaRow, ...]:
        """The areas the city serves."""
        return tuple(area for area in self.areas if area.inside)

    @property
    def holidays_plus(self) -> frozenset[date]:
        """Days the city closes beside the public ones."""
        return frozenset(row.date for row in self.holidays if row.closed)

    @property
    def holidays_minus(self) -> frozenset[date]:
        """Public holidays on which the city works."""
        return frozenset(row.date for row in self.holidays if not row.closed)
