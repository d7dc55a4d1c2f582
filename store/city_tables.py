"""The city's tables as CSV, one at a time: written as a folder has them, read back among the others, and compared.

What is written reads back to the very same values, so that a table can be downloaded, edited and sent in again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from store.city_cells import CityFolderError
from store.city_data import COMMITTED, AgencyRow, City, CityData, NetworkRow
from store.city_files import text_of
from store.city_folder import read_tables

MOST_FAULTS = 20
_MARK = "\ufeff"

Cells = list[str]


@dataclass(frozen=True)
class Table:
    """One file: its columns, those that name a row, and its rows in the city's order."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    rows: Callable[[CityData], Iterable[Sequence[Any]]]


@dataclass(frozen=True)
class Change:
    """One row that comes, goes or changes; ``cells``: (column, before, after) of what differs."""

    kind: str
    """"added", "removed" or "changed"."""
    key: str
    cells: tuple[tuple[str, str, str], ...]


class CityFaults(ValueError):
    """Everything that is wrong with a table that was sent in, by row."""

    def __init__(self, faults: list[CityFolderError]) -> None:
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


def _own(data: CityData) -> tuple[NetworkRow, ...]:
    """Networks of the folder; those founded in the chat are not in its tables."""
    return tuple(row for row in data.networks if not row.founded)


def _agency(a: AgencyRow) -> Sequence[Any]:
    closes = "24:00" if a.hours.close == time(0) else f"{a.hours.close:%H:%M}"
    days = tuple(str(day) for day in sorted(a.hours.weekdays))
    hours = (f"{a.hours.open:%H:%M}", closes, days)
    who = (a.code, a.name_th, a.name_en, a.short_th, a.sector, a.powers, a.areas, a.gateway, a.phone, a.email)
    return (*who, *hours, a.parent, a.head_title_th, a.endpoint, a.secret, a.remote_id, a.intake)


def _charters(data: CityData) -> Iterable[Sequence[Any]]:
    own = {row.code: row for row in _own(data)}
    for charter in data.charters:
        if charter.network in own:
            said = {kind: (thai, english) for kind, thai, english in charter.commitments}
            cells = [cell for kind in COMMITTED for cell in said.get(kind, ((), ()))]
            yield (charter.network, own[charter.network].structure, charter.text_th, charter.text_en, *cells)


def _network(n: NetworkRow) -> Sequence[Any]:
    who = (n.code, n.name_th, n.name_en, n.goal_th, n.goal_en, n.categories, n.areas, n.integrator)
    rules = (n.integration, n.consensus, n.quorum, n.quorum_least, n.rounds, n.days)
    return (*who, n.conditions_th, n.conditions_en, n.level, n.kind, *rules)


def _table(columns: str, keys: str, rows: Callable[[CityData], Iterable[Sequence[Any]]]) -> Table:
    return Table(tuple(columns.split()), tuple(keys.split()), rows)


TABLES: dict[str, Table] = {
    "areas.csv": _table(
        "code name_th name_en level parent lat lon radius_m inside aliases",
        "code",
        lambda d: (
            (a.code, a.name_th, a.name_en, a.level, a.parent, a.lat, a.lon, a.radius_m, a.inside, a.aliases)
            for a in d.areas
        ),
    ),
    "places.csv": _table(
        "name kind area lat lon aliases",
        "name area",
        lambda d: ((p.name, p.kind, p.area, p.lat, p.lon, p.aliases) for p in d.places),
    ),
    "categories.csv": _table(
        "code group name_th name_en mandate ack_hours finish_hours urgent_ack_hours emoji keywords"
        " plan_hours urgent_plan_hours urgent_finish_hours",
        "code",
        lambda d: (
            (
                c.code,
                c.group,
                c.name_th,
                c.name_en,
                c.mandate,
                c.ack_hours,
                c.finish_hours,
                c.urgent_ack_hours,
            )
            + (
                c.emoji,
                c.keywords,
                *(v or "" for v in (c.plan_hours, c.urgent_plan_hours, c.urgent_finish_hours)),
            )
            for c in d.categories
        ),
    ),
    "agencies.csv": _table(
        "code name_th name_en short_th sector powers areas gateway phone email open close days parent"
        " head_title_th endpoint secret remote_id intake",
        "code",
        lambda d: (_agency(a) for a in d.agencies),
    ),
    "routing.csv": _table(
        "position area category lead helpers reason_th reason_en mandate integrator",
        "position",
        lambda d: (
            (r.position, r.area, r.category, r.lead, tuple(f"{h.agency}: {h.task_th}" for h in r.helpers))
            + (r.reason_th, r.reason_en, r.mandate, r.integrator)
            for r in d.routing
        ),
    ),
    "networks.csv": _table(
        "code name_th name_en goal_th goal_en categories areas integrator conditions_th conditions_en level kind"
        " integration consensus quorum quorum_least rounds days",
        "code",
        lambda d: (_network(n) for n in _own(d)),
    ),
    "charters.csv": _table(
        "network structure text_th text_en " + " ".join(f"{kind}_th {kind}_en" for kind in COMMITTED),
        "network",
        _charters,
    ),
    "templates.csv": _table(
        "agency code name_th name_en text_th text_en",
        "agency code",
        lambda d: ((t.agency, t.code, t.name_th, t.name_en, t.text_th, t.text_en) for t in d.templates),
    ),
    "holidays.csv": _table(
        "date change name_th",
        "date",
        lambda d: ((h.date.isoformat(), "+" if h.closed else "-", h.name_th) for h in d.holidays),
    ),
    "faq.csv": _table(
        "code questions answer_th answer_en agency link",
        "code",
        lambda d: ((f.code, f.questions, f.answer_th, f.answer_en, f.agency, f.link) for f in d.faq),
    ),
    "open311.csv": _table(
        "agency category service_code",
        "agency category",
        lambda d: ((s.agency, s.category, s.service_code) for s in d.service_codes),
    ),
    "texts.csv": _table("key th en", "key", lambda d: ((t.key, t.th, t.en) for t in d.texts)),
}


# --- writing


def rows_of_table(data: CityData, file: str) -> list[Cells]:
    return [[_cell(value) for value in row] for row in TABLES[file].rows(data)]


def as_csv(file: str, rows: Iterable[Sequence[str]]) -> str:
    """The table with its heading, and the mark by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(TABLES[file].columns)
    writer.writerows(rows)
    return _MARK + text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


# --- reading


def with_table(data: CityData, file: str, content: str) -> CityData:
    """The city with one table replaced; raises ``CityFaults`` with every bad row that can be told."""
    faults = list[CityFolderError]()
    while True:
        try:
            found = _read(data, file, content)
        except CityFolderError as fault:
            faults.append(fault)
            rest = _without_row(content, fault.row) if fault.file == file else None
            if rest is None or len(faults) >= MOST_FAULTS:
                raise CityFaults(faults) from None
            content = rest
            continue
        if faults:
            raise CityFaults(faults)
        return found


def with_city(data: CityData, city: City) -> CityData:
    """The city with other settings; raises ``CityFolderError`` where a table does not agree with them."""
    with TemporaryDirectory() as name:
        return _with_borders(data, read_tables(city, _written(data, Path(name))))


def _read(data: CityData, file: str, content: str) -> CityData:
    with TemporaryDirectory() as name:
        folder = _written(data, Path(name))
        (folder / file).write_bytes(content.encode())
        text_of(folder, file)
        return _with_borders(data, read_tables(data.city, folder))


def _written(data: CityData, folder: Path) -> Path:
    for one in TABLES:
        (folder / one).write_bytes(as_csv(one, rows_of_table(data, one)).encode())
    return folder


def _with_borders(before: CityData, after: CityData) -> CityData:
    """Borders stand in no table: areas keep those they have."""
    shapes = {area.code: area.shape for area in before.areas}
    areas = tuple(replace(area, shape=shapes.get(area.code, ())) for area in after.areas)
    return replace(after, areas=areas)


def _without_row(content: str, number: int | None) -> str | None:
    """The table with that row blanked, so that the rows behind it keep their numbers; None when none can be."""
    if number is None or number < 2:
        return None
    try:
        records = list(csv.reader(io.StringIO(content.removeprefix(_MARK), newline=""), strict=True))
    except csv.Error:
        return None
    if number > len(records) or not any(cell.strip() for cell in records[number - 1]):
        return None
    records[number - 1] = [""]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(records)
    return text.getvalue()


# --- comparing


def changes(before: CityData, after: CityData, file: str) -> list[Change]:
    """Rows of the table that differ, in the order of the new one; rows that go come last."""
    table = TABLES[file]
    old, new = (_by_key(table, rows_of_table(data, file)) for data in (before, after))
    found = [_change(table, key, old.get(key), row) for key, row in new.items() if old.get(key) != row]
    return found + [_change(table, key, row, None) for key, row in old.items() if key not in new]


def _by_key(table: Table, rows: list[Cells]) -> dict[str, Cells]:
    at = [table.columns.index(column) for column in table.keys]
    return {" · ".join(row[i] for i in at): row for row in rows}


def _change(table: Table, key: str, was: Cells | None, now: Cells | None) -> Change:
    kind = "added" if was is None else "removed" if now is None else "changed"
    pairs = zip(
        table.columns, was or [""] * len(table.columns), now or [""] * len(table.columns), strict=True
    )
    return Change(kind, key, tuple((column, a, b) for column, a, b in pairs if a != b))


def of_folder(data: CityData) -> CityData:
    """The city as its tables say it: without what was founded in the chat."""
    own = {row.code for row in _own(data)}
    return replace(
        data, networks=_own(data), charters=tuple(row for row in data.charters if row.network in own)
    )
