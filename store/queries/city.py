"""The city's rows to and from plain values."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import delete, func, select, update

from store.city_data import (
    COMMITTED,
    AgencyRow,
    AreaRow,
    Box,
    CategoryRow,
    CharterRow,
    City,
    CityData,
    DemoPerson,
    DemoPlace,
    Emergency,
    FaqRow,
    Group,
    Helper,
    HolidayRow,
    Hours,
    NetworkRow,
    PlaceRow,
    RoutingRow,
    ServiceCodeRow,
    TemplateRow,
    TextRow,
)
from store.models import (
    Agency,
    Area,
    Category,
    Charter,
    CityText,
    Faq,
    Holiday,
    Landmark,
    Network,
    RoutingVersion,
    ServiceCode,
    Template,
)
from store.models import City as CityTable
from store.models import RoutingRow as RoutingTable
from store.unit import Unit

_ROW = 1
_OFFSET = select(CityTable.clock_offset).where(CityTable.id == _ROW)
"""Asked with every event, so it is put together once."""


def version(unit: Unit) -> int | None:
    """Counts loads of the city folder; None when no city is loaded."""
    return unit.session.execute(select(CityTable.version).where(CityTable.id == _ROW)).scalar()


def clock_offset(unit: Unit) -> float:
    """Seconds by which the city clock runs ahead of the machine."""
    return unit.session.execute(_OFFSET).scalar() or 0.0


def set_clock_offset(unit: Unit, seconds: float) -> None:
    unit.session.execute(update(CityTable).where(CityTable.id == _ROW).values(clock_offset=seconds))


def load(unit: Unit) -> CityData | None:
    """The whole city; None when none is loaded."""
    row = unit.get(CityTable, _ROW)
    if row is None:
        return None
    session = unit.session
    return CityData(
        city=_city(row.data),
        areas=tuple(_area(a) for a in session.scalars(select(Area).order_by(Area.position))),
        places=tuple(_place(p) for p in session.scalars(select(Landmark).order_by(Landmark.id))),
        categories=tuple(_category(c) for c in session.scalars(select(Category).order_by(Category.position))),
        agencies=tuple(_agency(a) for a in session.scalars(select(Agency).order_by(Agency.position))),
        routing=tuple(
            _rule(r) for r in session.scalars(select(RoutingTable).order_by(RoutingTable.position))
        ),
        networks=tuple(_network(n) for n in session.scalars(select(Network).order_by(Network.position))),
        holidays=tuple(
            HolidayRow(h.day, h.change == "+", h.name_th)
            for h in session.scalars(select(Holiday).order_by(Holiday.day))
        ),
        templates=tuple(_ready_answer(t) for t in session.scalars(select(Template).order_by(Template.id))),
        service_codes=tuple(
            ServiceCodeRow(s.agency, s.category, s.service_code)
            for s in session.scalars(select(ServiceCode).order_by(ServiceCode.id))
        ),
        faq=tuple(_faq(f) for f in session.scalars(select(Faq).order_by(Faq.position))),
        routing_version=session.scalar(select(func.max(RoutingVersion.id))) or 0,
        charters=tuple(_charter(c) for c in newest_charters(unit)),
        texts=tuple(
            TextRow(t.key, t.th, t.en) for t in session.scalars(select(CityText).order_by(CityText.key))
        ),
    )


def newest_charters(unit: Unit) -> list[Charter]:
    """The charter in force of every network that has one."""
    newest = select(Charter.network, func.max(Charter.version).label("version")).group_by(Charter.network)
    last = newest.subquery()
    query = select(Charter).join(
        last, (Charter.network == last.c.network) & (Charter.version == last.c.version)
    )
    return list(unit.session.scalars(query.order_by(Charter.network)))


_TABLES = (
    Landmark,
    ServiceCode,
    RoutingTable,
    Holiday,
    Faq,
    Area,
    Category,
    Agency,
    Template,
    CityText,
)
"""Written anew with every city."""


def save(unit: Unit, data: CityData) -> bool:
    """Replace the city by ``data``; False when it was the same already. Cases keep their codes.

    Networks founded in the chat stay, and a charter whose words have changed becomes a new version.
    """
    data = replace(data, charters=tuple(sorted(data.charters, key=lambda row: row.network)))
    before = load(unit)
    if before is not None and _of_folder(before, data) == data:
        return False
    for table in _TABLES:
        unit.session.execute(delete(table))
    codes = [network.code for network in data.networks]
    unit.session.execute(delete(Network).where(Network.founded.is_(False) | Network.code.in_(codes)))
    row = unit.get(CityTable, _ROW)
    if row is None:
        row = unit.add(CityTable(id=_ROW, version=0))
    city = data.city
    row.code, row.prefix, row.name_th, row.name_en = city.code, city.prefix, city.name_th, city.name_en
    row.data = json.loads(json.dumps(asdict(city), default=_plain))
    row.version += 1
    unit.session.add_all(_rows(data))
    for charter in data.charters:
        add_charter(unit, charter, datetime.now(UTC))
    return True


def _of_folder(stored: CityData, data: CityData) -> CityData:
    """What is stored without what did not come from a folder."""
    named = {row.network for row in data.charters}
    return replace(
        stored,
        networks=tuple(row for row in stored.networks if not row.founded),
        charters=tuple(row for row in stored.charters if row.network in named),
    )


def add_charter(unit: Unit, row: CharterRow, now: datetime) -> bool:
    """A new version of a network's charter; False when the one in force says the same."""
    newest = next((c for c in newest_charters(unit) if c.network == row.network), None)
    if newest is not None and _charter(newest) == row:
        return False
    commitments = {kind: {"th": list(thai), "en": list(english)} for kind, thai, english in row.commitments}
    unit.add(
        Charter(
            network=row.network,
            version=newest.version + 1 if newest else 1,
            text_th=row.text_th,
            text_en=row.text_en,
            commitments=commitments,
            made_at=now,
        )
    )
    return True


def found(unit: Unit, row: NetworkRow) -> None:
    """Add a network that is not of the folder; every process reads the city again."""
    position = unit.session.scalar(select(func.count()).select_from(Network)) or 0
    unit.add(Network(position=1000 + position, **_lists(asdict(row))))
    unit.change(update(CityTable).where(CityTable.id == _ROW).values(version=CityTable.version + 1))


def touch(unit: Unit) -> None:
    """Something of the city changed: every process reads it again."""
    unit.change(update(CityTable).where(CityTable.id == _ROW).values(version=CityTable.version + 1))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value.isoformat()


def _rows(data: CityData) -> list[Any]:
    rows: list[Any] = [Area(position=i, **_lists(asdict(a))) for i, a in enumerate(data.areas)]
    rows += [Landmark(**_lists(asdict(p))) for p in data.places]
    rows += [Category(position=i, **_lists(asdict(c))) for i, c in enumerate(data.categories)]
    rows += [_agency_table(i, a) for i, a in enumerate(data.agencies)]
    rows += [
        RoutingTable(**{**asdict(r), "helpers": [list(helper) for helper in r.helpers]}) for r in data.routing
    ]
    rows += [Network(position=i, **_lists(asdict(n))) for i, n in enumerate(data.networks)]
    rows += [Template(**asdict(t)) for t in data.templates]
    rows += [CityText(**asdict(t)) for t in data.texts]
    rows += [ServiceCode(**asdict(s)) for s in data.service_codes]
    rows += [Faq(position=i, **_lists(asdict(f))) for i, f in enumerate(data.faq)]
    rows += [Holiday(day=h.date, change="+" if h.closed else "-", name_th=h.name_th) for h in data.holidays]
    return rows


def _lists(values: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def _agency_table(position: int, agency: AgencyRow) -> Agency:
    values = _lists(asdict(agency))
    hours = values.pop("hours")
    return Agency(
        position=position,
        opens=hours["open"].isoformat(),
        closes=hours["close"].isoformat(),
        days=[str(day) for day in sorted(hours["weekdays"])],
        **values,
    )


def _hours(values: dict[str, Any]) -> Hours:
    return Hours(
        time.fromisoformat(values["open"]), time.fromisoformat(values["close"]), frozenset(values["weekdays"])
    )


def _city(data: dict[str, Any]) -> City:
    values = dict(data)
    values["thailand"] = Box(**values["thailand"])
    values["hours"] = _hours(values["hours"])
    values["quiet_from"] = time.fromisoformat(values["quiet_from"])
    values["quiet_to"] = time.fromisoformat(values["quiet_to"])
    values["emergency"] = tuple(Emergency(**e) for e in values["emergency"])
    values["groups"] = tuple(Group(**g) for g in values["groups"])
    values["demo_people"] = tuple(DemoPerson(**p) for p in values["demo_people"])
    values["demo_places"] = tuple(DemoPlace(**p) for p in values["demo_places"])
    return City(**values)


def _area(a: Area) -> AreaRow:
    return AreaRow(
        a.code,
        a.name_th,
        a.name_en,
        a.level,
        a.parent,
        a.lat,
        a.lon,
        a.radius_m,
        a.inside,
        tuple(a.aliases),
        tuple(tuple((lat, lon) for lat, lon in ring) for ring in a.shape),
    )


def _place(p: Landmark) -> PlaceRow:
    return PlaceRow(p.name, p.kind, p.area, p.lat, p.lon, tuple(p.aliases))


def _category(c: Category) -> CategoryRow:
    return CategoryRow(
        c.code,
        c.group,
        c.name_th,
        c.name_en,
        c.mandate,
        c.ack_hours,
        c.finish_hours,
        c.urgent_ack_hours,
        c.emoji,
        tuple(c.keywords),
        c.plan_hours,
        c.urgent_plan_hours,
        c.urgent_finish_hours,
    )


def _agency(a: Agency) -> AgencyRow:
    hours = Hours(
        time.fromisoformat(a.opens), time.fromisoformat(a.closes), frozenset(int(day) for day in a.days)
    )
    return AgencyRow(
        a.code,
        a.name_th,
        a.name_en,
        a.short_th,
        a.sector,
        tuple(a.powers),
        tuple(a.areas),
        a.gateway,
        a.phone,
        a.email,
        hours,
        a.parent,
        a.head_title_th,
        a.endpoint,
        a.secret,
        a.remote_id,
        a.intake,
    )


def _rule(r: RoutingTable) -> RoutingRow:
    helpers = tuple(Helper(code, task) for code, task in r.helpers)
    return RoutingRow(
        r.position, r.area, r.category, r.lead, helpers, r.reason_th, r.reason_en, r.mandate, r.integrator
    )


def _faq(f: Faq) -> FaqRow:
    return FaqRow(f.code, tuple(f.questions), f.answer_th, f.answer_en, f.agency, f.link)


def _ready_answer(t: Template) -> TemplateRow:
    return TemplateRow(t.agency, t.code, t.name_th, t.name_en, t.text_th, t.text_en)


def _network(n: Network) -> NetworkRow:
    return NetworkRow(
        n.code,
        n.name_th,
        n.name_en,
        n.goal_th,
        n.goal_en,
        tuple(n.categories),
        tuple(n.areas),
        n.integrator,
        n.conditions_th,
        n.conditions_en,
        n.level,
        n.kind,
        integration=n.integration,
        consensus=n.consensus,
        quorum=n.quorum,
        quorum_least=n.quorum_least,
        rounds=n.rounds,
        days=n.days,
        structure=n.structure,
        founded=n.founded,
    )


def _charter(c: Charter) -> CharterRow:
    kinds = ((kind, c.commitments[kind]) for kind in COMMITTED if kind in c.commitments)
    commitments = tuple((kind, tuple(said["th"]), tuple(said["en"])) for kind, said in kinds)
    return CharterRow(c.network, c.text_th, c.text_en, commitments)
