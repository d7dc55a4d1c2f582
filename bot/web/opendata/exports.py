"""Whole tables and months of them, written while they are read: memory stays the same however many cases there are."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.web.opendata.fields import FIELDS, Writer
from handlers.services import open_cases
from handlers.services.open_cases import OpenCase
from handlers.services.reports import iso
from store import Store
from store.queries.open_cases import Wanted

CSV, JSON, GEOJSON = "csv", "json", "geojson"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    JSON: "application/json; charset=utf-8",
    GEOJSON: "application/geo+json; charset=utf-8",
}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run as a formula by a spreadsheet."""
_TOGETHER = 200
"""Records that are handed on at once."""


def month_of(text: str, zone: ZoneInfo) -> Wanted | None:
    """The cases of a month like 2026-11, by the city's own midnight; None when it is no month."""
    shape = _MONTH.fullmatch(text)
    if shape is None:
        return None
    year, month = int(shape[1]), int(shape[2])
    first = datetime(year, month, 1, tzinfo=zone)
    return Wanted(opened_from=first, opened_until=following(first))


def following(first: datetime) -> datetime:
    """The first day of the next month."""
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def months(first: datetime, last: datetime, zone: ZoneInfo) -> list[str]:
    """Every month from the last back to the first."""
    found, at = [], first.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at <= last:
        found.append(f"{at:%Y-%m}")
        at = following(at)
    return found[::-1]


def written(store: Store, writer: Writer, wanted: Wanted, form: str, now: datetime) -> Iterator[bytes]:
    """The table in that form, piece by piece."""
    cases = open_cases.everything(store, wanted)
    pieces = {CSV: _csv, JSON: _json, GEOJSON: _geojson}[form](writer, cases, now)
    return (piece.encode() for piece in pieces)


def _csv(writer: Writer, cases: Iterable[OpenCase], _now: datetime) -> Iterator[str]:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")  # without it Excel does not see that this is UTF-8
    table.writerow(FIELDS)
    for number, case in enumerate(cases, 1):
        table.writerow([_cell(value) for value in writer.record(case).values()])
        if number % _TOGETHER == 0:
            yield _emptied(out)
    yield _emptied(out)


def _emptied(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _cell(value: Any) -> Any:
    """Lists with blanks between; words that would be a formula get an apostrophe in front."""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value


def _json(writer: Writer, cases: Iterable[OpenCase], now: datetime) -> Iterator[str]:
    head = {**_about(writer, now), "cases": []}
    yield json.dumps(head, ensure_ascii=False)[:-2]
    yield from _listed(json.dumps(writer.record(case), ensure_ascii=False) for case in cases)
    yield "]}\n"


def _geojson(writer: Writer, cases: Iterable[OpenCase], now: datetime) -> Iterator[str]:
    head = {"type": "FeatureCollection", **_about(writer, now), "features": []}
    yield json.dumps(head, ensure_ascii=False)[:-2]
    yield from _listed(json.dumps(_feature(writer, case), ensure_ascii=False) for case in cases)
    yield "]}\n"


def _feature(writer: Writer, case: OpenCase) -> dict[str, Any]:
    """A case without a point is a feature without a geometry, as RFC 7946 has it."""
    record = writer.record(case)
    lat, lon = record.pop("lat"), record.pop("lon")
    point = None if lat is None or lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": case.code, "geometry": point, "properties": record}


def _about(writer: Writer, now: datetime) -> dict[str, Any]:
    city = writer.book.data.city
    return {
        "publisher": city.name_th,
        "licence": city.licence,
        "licence_url": city.licence_url,
        "dictionary": f"{writer.pages}/open-data/dictionary.json",
        "made": iso(now),
    }


def _listed(records: Iterator[str]) -> Iterator[str]:
    """Entries of a JSON list, many to a piece."""
    waiting: list[str] = []
    first = True
    for record in records:
        waiting.append(record)
        if len(waiting) == _TOGETHER:
            yield ("" if first else ",\n") + ",\n".join(waiting)
            first, waiting = False, []
    if waiting:
        yield ("" if first else ",\n") + ",\n".join(waiting)
