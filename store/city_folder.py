"""Reads a city folder: all of it with every reference checked, or a CityFolderError and nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from store.city_cells import CityFolderError, Once, Row
from store.city_charters import read_charters
from store.city_data import (
    AREA_LEVELS,
    CATEGORY_CODES,
    EVERYWHERE,
    GATEWAYS,
    INTEGRATIONS,
    MANDATES,
    NETWORK_KINDS,
    PARTICIPATION_LEVELS,
    PLACE_KINDS,
    SECTORS,
    AgencyRow,
    AreaRow,
    Box,
    CategoryRow,
    City,
    CityData,
    Group,
    Helper,
    HolidayRow,
    Hours,
    NetworkRow,
    PlaceRow,
    RoutingRow,
)
from store.city_faq import read_faq
from store.city_files import rows_of, text_of
from store.city_open311 import read_service_codes
from store.city_settings import FILE as SETTINGS
from store.city_settings import read_settings
from store.city_shapes import read_shapes
from store.city_templates import read_templates
from store.city_texts import read_texts

__all__ = ["CityFolderError", "read_city", "read_tables"]

_DIGITS_OF = {"province": 2, "district": 4, "subdistrict": 6}
_REMOTE_ID = re.compile(r"[^\s,]{1,80}")
_AREA_CODE = re.compile(r"([1-9][0-9])([0-9]{2}){0,2}", re.ASCII)


def read_city(folder: Path) -> CityData:
    """The folder's content.

    Files are UTF-8, a byte order mark is accepted. Any fault of shape or reference raises CityFolderError
    that reads "areas.csv row 7: …"; rows count as Excel numbers them, the heading is row 1.
    """
    return read_tables(read_settings(text_of(folder, SETTINGS)), folder)


def read_tables(city: City, folder: Path) -> CityData:
    """The tables of a folder around settings that are known already; faults as with ``read_city``."""
    areas = _areas(folder, city.thailand)
    area_codes = {area.code for area in areas}
    categories = _categories(folder, city.groups)
    agencies = _agencies(folder, area_codes, city.hours)
    agency_codes = {agency.code for agency in agencies}
    networks, charters = read_charters(folder, _networks(folder, area_codes, agency_codes))
    data = CityData(
        city=city,
        areas=areas,
        places=_places(folder, area_codes, city.thailand),
        categories=categories,
        agencies=agencies,
        routing=_routing(folder, area_codes, agency_codes),
        networks=networks,
        holidays=_holidays(folder),
        templates=read_templates(folder, agency_codes),
        faq=read_faq(folder, agency_codes),
        service_codes=read_service_codes(folder, agencies),
        charters=charters,
        texts=read_texts(folder),
    )
    _check_city(city, areas, agency_codes, {network.code for network in data.networks})
    return data


def _areas(folder: Path, box: Box) -> tuple[AreaRow, ...]:
    rows = list(rows_of(folder, "areas.csv"))
    areas, codes = tuple(_area(row, box) for row in rows), Once("code")
    for row, area in zip(rows, areas, strict=True):
        codes.add(row, area.code)
    levels = {area.code: area.level for area in areas}
    for row, area in zip(rows, areas, strict=True):
        _check_parent(row, area, levels)
    if not any(area.inside for area in areas):
        raise CityFolderError("areas.csv", None, "no area has inside = 1, so the city serves nobody")
    shapes = read_shapes(folder, levels, box)
    return tuple(replace(area, shape=shapes.get(area.code, ())) for area in areas)


def _area(row: Row, box: Box) -> AreaRow:
    level = row.choice("level", AREA_LEVELS)
    code = row.match("code", _AREA_CODE, "2, 4 or 6 digits")
    if len(code) != _DIGITS_OF[level]:
        row.fail(f"code {code!r} of a {level} must have {_DIGITS_OF[level]} digits")
    inside = row.choice("inside", ("0", "1")) == "1"
    if inside and level != "subdistrict":
        row.fail("inside = 1 is for subdistricts only")
    return AreaRow(
        code=code,
        name_th=row.text("name_th"),
        name_en=row.text("name_en"),
        level=level,
        parent=row.maybe("parent"),
        lat=row.number_in("lat", box.south, box.north),
        lon=row.number_in("lon", box.west, box.east),
        radius_m=row.number_in("radius_m", 1, 1_000_000),
        inside=inside,
        aliases=row.parts("aliases"),
    )


def _check_parent(row: Row, area: AreaRow, levels: dict[str, str]) -> None:
    above = {"province": "", "district": "province", "subdistrict": "district"}[area.level]
    if area.parent and area.parent not in levels:
        row.fail(f"unknown area {area.parent!r} in parent")
    if levels.get(area.parent, "") != above:
        row.fail(f"the parent of a {area.level} is {'a ' + above if above else 'empty'}, not {area.parent!r}")


def _places(folder: Path, areas: Collection[str], box: Box) -> tuple[PlaceRow, ...]:
    places, names = list[PlaceRow](), Once("place")
    for row in rows_of(folder, "places.csv"):
        place = _place(row, areas, box)
        names.add(row, f"{place.name} in {place.area}")
        places.append(place)
    return tuple(places)


def _place(row: Row, areas: Collection[str], box: Box) -> PlaceRow:
    pinned = bool(row.maybe("lat") or row.maybe("lon"))
    return PlaceRow(
        name=row.text("name"),
        kind=row.choice("kind", PLACE_KINDS),
        area=row.known("area", areas, "area"),
        lat=row.number_in("lat", box.south, box.north) if pinned else None,
        lon=row.number_in("lon", box.west, box.east) if pinned else None,
        aliases=row.parts("aliases"),
    )


def _categories(folder: Path, groups: Sequence[Group]) -> tuple[CategoryRow, ...]:
    categories, codes = list[CategoryRow](), Once("code")
    for row in rows_of(folder, "categories.csv"):
        category = _category(row, [group.code for group in groups])
        codes.add(row, category.code)
        categories.append(category)
    missing = set(CATEGORY_CODES) - {category.code for category in categories}
    if missing:
        raise CityFolderError("categories.csv", None, f"missing category {', '.join(sorted(missing))}")
    return tuple(categories)


def _category(row: Row, groups: Collection[str]) -> CategoryRow:
    ack, finish, urgent = (
        row.number_in(f"{what}_hours", 0.1, 10_000) for what in ("ack", "finish", "urgent_ack")
    )
    if not urgent <= ack <= finish:
        row.fail("hours must rise from urgent_ack_hours over ack_hours to finish_hours")
    return CategoryRow(
        code=row.known("code", CATEGORY_CODES, "category"),
        group=row.known("group", groups, "group"),
        name_th=row.text("name_th"),
        name_en=row.text("name_en"),
        mandate=row.choice("mandate", MANDATES),
        ack_hours=ack,
        finish_hours=finish,
        urgent_ack_hours=urgent,
        emoji=row.text("emoji"),
        keywords=row.parts("keywords"),
        plan_hours=_own_hours(row, "plan_hours", ack, finish),
        urgent_plan_hours=_own_hours(row, "urgent_plan_hours", urgent, finish),
        urgent_finish_hours=_own_hours(row, "urgent_finish_hours", urgent, finish),
    )


def _own_hours(row: Row, column: str, low: float, high: float) -> float:
    """Working hours that a city may leave open: 0 then."""
    return row.number_in(column, low, high) if row.maybe(column) else 0.0


def _agencies(folder: Path, areas: Collection[str], default: Hours) -> tuple[AgencyRow, ...]:
    rows = list(rows_of(folder, "agencies.csv"))
    agencies, codes = tuple(_agency(row, areas, default) for row in rows), Once("code")
    for row, agency in zip(rows, agencies, strict=True):
        codes.add(row, agency.code)
    parents = {agency.code: agency.parent for agency in agencies}
    for row, agency in zip(rows, agencies, strict=True):
        _check_chain(row, agency.code, parents)
    return agencies


def _agency(row: Row, areas: Collection[str], default: Hours) -> AgencyRow:
    gateway, email = row.choice("gateway", GATEWAYS), row.email("email")
    if gateway == "email" and not email:
        row.fail("gateway is email but email is empty")
    if gateway == "open311" and not row.maybe("endpoint"):
        row.fail("gateway is open311 but endpoint is empty")
    remote_id, intake = _remote(row, gateway)
    return AgencyRow(
        code=row.agency_code(),
        name_th=row.text("name_th"),
        name_en=row.text("name_en"),
        short_th=row.text("short_th"),
        sector=row.choice("sector", SECTORS),
        powers=row.known_parts("powers", CATEGORY_CODES, "category"),
        areas=row.known_parts("areas", areas, "area", star=True),
        gateway=gateway,
        phone=row.phone("phone"),
        email=email,
        hours=row.hours(default),
        parent=row.maybe("parent"),
        head_title_th=row.text("head_title_th"),
        endpoint=row.endpoint("endpoint"),
        secret=row.secret("secret"),
        remote_id=remote_id,
        intake=intake,
    )


def _remote(row: Row, gateway: str) -> tuple[str, bool]:
    """What another system calls the agency, and whether its reports there become cases here."""
    remote_id = row.match("remote_id", _REMOTE_ID, "a name without blanks") if row.maybe("remote_id") else ""
    intake = row.maybe("intake") not in ("", "0")
    if intake and row.maybe("intake") != "1":
        row.fail(f"intake {row.maybe('intake')!r} is none of 0, 1")
    if not remote_id and (gateway == "traffy" or intake):
        row.fail("remote_id is empty: the org_id of Traffy is needed")
    return remote_id, intake


def _check_chain(row: Row, code: str, parents: dict[str, str]) -> None:
    """Every parent is an agency, and going up ends."""
    seen = {code}
    while parent := parents[code]:
        if parent not in parents:
            row.fail(f"unknown agency {parent!r} in parent")
        if parent in seen:
            row.fail(f"parent {row.maybe('parent')!r} runs in a circle")
        seen.add(parent)
        code = parent


def _routing(folder: Path, areas: Collection[str], agencies: Collection[str]) -> tuple[RoutingRow, ...]:
    rules, positions = list[RoutingRow](), Once("position")
    for row in rows_of(folder, "routing.csv"):
        rule = _rule(row, areas, agencies)
        positions.add(row, rule.position)
        rules.append(rule)
    return tuple(sorted(rules, key=lambda rule: rule.position))


def _rule(row: Row, areas: Collection[str], agencies: Collection[str]) -> RoutingRow:
    lead = row.known("lead", agencies, "agency")
    return RoutingRow(
        position=row.whole("position", 1, 1_000_000),
        area=row.known("area", {EVERYWHERE, *areas}, "area"),
        category=row.known("category", {EVERYWHERE, *CATEGORY_CODES}, "category"),
        lead=lead,
        helpers=_helpers(row, agencies, lead),
        reason_th=row.text("reason_th"),
        reason_en=row.text("reason_en"),
        mandate=row.choice("mandate", (EVERYWHERE, *MANDATES)) if row.maybe("mandate") else EVERYWHERE,
        integrator=row.known("integrator", {EVERYWHERE, *agencies}, "agency")
        if row.maybe("integrator")
        else EVERYWHERE,
    )


def _helpers(row: Row, agencies: Collection[str], lead: str) -> tuple[Helper, ...]:
    helpers, codes = list[Helper](), {lead}
    for piece in row.parts("helpers"):
        code, _, task = (part.strip() for part in piece.partition(":"))
        if not task:
            row.fail(f"helper {piece!r} must be written as CODE: task")
        if code not in agencies:
            row.fail(f"unknown agency {code!r} in helpers")
        if code in codes:
            row.fail(f"helper {code!r} is named twice or leads already")
        codes.add(code)
        helpers.append(Helper(code, task))
    return tuple(helpers)


def _networks(folder: Path, areas: Collection[str], agencies: Collection[str]) -> tuple[NetworkRow, ...]:
    networks, codes = list[NetworkRow](), Once("code")
    for row in rows_of(folder, "networks.csv"):
        network = _network(row, areas, agencies)
        codes.add(row, network.code)
        networks.append(network)
    return tuple(networks)


def _network(row: Row, areas: Collection[str], agencies: Collection[str]) -> NetworkRow:
    return NetworkRow(
        code=row.agency_code(),
        name_th=row.text("name_th"),
        name_en=row.text("name_en"),
        goal_th=row.text("goal_th"),
        goal_en=row.text("goal_en"),
        categories=row.known_parts("categories", CATEGORY_CODES, "category", star=True),
        areas=row.known_parts("areas", areas, "area", star=True),
        integrator=row.known("integrator", agencies, "agency"),
        conditions_th=row.text("conditions_th"),
        conditions_en=row.text("conditions_en"),
        level=row.choice("level", PARTICIPATION_LEVELS),
        kind=row.choice("kind", NETWORK_KINDS),
        integration=row.choice("integration", INTEGRATIONS) if row.maybe("integration") else "state",
        **_charter(row),
    )


def _charter(row: Row) -> dict[str, Any]:
    """How the network decides; an empty or absent cell leaves the rule at its default."""
    read: dict[str, Callable[[str], float]] = {
        "consensus": lambda column: row.number_in(column, 0.5, 1),
        "quorum": lambda column: row.number_in(column, 0, 1),
        "quorum_least": lambda column: row.whole(column, 1, 100_000),
        "rounds": lambda column: row.whole(column, 1, 5),
        "days": lambda column: row.whole(column, 1, 60),
    }
    return {column: reader(column) for column, reader in read.items() if row.maybe(column)}


def _holidays(folder: Path) -> tuple[HolidayRow, ...]:
    holidays, days = list[HolidayRow](), Once("date")
    for row in rows_of(folder, "holidays.csv"):
        holiday = HolidayRow(row.day("date"), row.choice("change", ("+", "-")) == "+", row.text("name_th"))
        days.add(row, holiday.date)
        holidays.append(holiday)
    return tuple(holidays)


def _check_city(
    city: City, areas: Sequence[AreaRow], agencies: Collection[str], networks: Collection[str]
) -> None:
    """What city.toml says about the other files."""
    levels = {area.code: area.level for area in areas}
    faults = [
        (
            levels.get(city.province_code) != "province",
            f"province_code {city.province_code!r} is no province of areas.csv",
        ),
        (
            levels.get(city.district_code) != "district",
            f"district_code {city.district_code!r} is no district of areas.csv",
        ),
        (city.integrator not in agencies, f"unknown agency {city.integrator!r} in integrator"),
    ]
    for person in city.demo_people:
        faults.append(
            (bool(person.agency) and person.agency not in agencies, f"unknown agency {person.agency!r}")
        )
        faults.append(
            (bool(person.network) and person.network not in networks, f"unknown network {person.network!r}")
        )
    for found, reason in faults:
        if found:
            raise CityFolderError(SETTINGS, None, reason)
