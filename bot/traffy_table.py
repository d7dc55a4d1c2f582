"""The public table of Traffy Fondue as its rows: CSV or JSON lines, read in bounded memory, every fault by line.

``type`` is a set in braces, ``coords`` is longitude first, times without a zone are UTC, years may be Buddhist.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.commands.common import Fault
from bot.commands.files import MOST_LINE, numbered_lines, record

NEEDED = ("ticket_id", "type", "comment", "timestamp", "state")
MOST_TEXT = 5000
MOST_NAME = 80
BUDDHIST = 543
_DIGITS = str.maketrans("".join(chr(0x0E50 + n) for n in range(10)), "0123456789")
_YEAR = re.compile(r"^(\d{4})(?=-)", re.ASCII)


@dataclass(frozen=True)
class Ticket:
    """One row. ``types`` and ``state`` in Traffy's words; ``moved``: its last sign of life."""

    number: str
    types: tuple[str, ...]
    organization: str
    text: str
    lat: float | None
    lon: float | None
    opened: datetime
    moved: datetime | None
    state: str
    stars: int | None
    reopened: int


class BadRow(ValueError):
    """Why a row can't be read."""


def tickets(path: str) -> Iterator[tuple[int, Ticket | BadRow]]:
    """(line number, ticket or what is wrong with it). Raises ``Fault`` where the file itself can't be read on."""
    seen = False
    for number, row in _rows(path):
        seen = True
        try:
            yield number, _ticket(row)
        except BadRow as bad:
            yield number, bad
    if not seen:
        raise Fault(f"{path}: no rows")


def _rows(path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Rows by the names of the columns, whichever of the two formats it is."""
    for _, line in numbered_lines(path):
        if line.strip():
            return _json_rows(path) if line.lstrip()[0] in "{[" else _csv_rows(path)
    return iter(())


def _json_rows(path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in numbered_lines(path):
        if line.strip():
            yield number, record(line, f"{path} line {number}")


def _csv_rows(path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(MOST_LINE)
    reader = csv.reader((line for _, line in numbered_lines(path)), strict=True)
    columns: list[str] = []
    start = 1
    try:
        for cells in reader:
            if not columns:
                columns = _header(cells, path)
            elif cells:
                extra = {"": cells} if len(cells) != len(columns) else {}
                yield start, {**dict(zip(columns, cells, strict=False)), **extra}
            start = reader.line_num + 1
    except csv.Error as error:
        raise Fault(f"{path} line {start}: {error}") from None


def _header(cells: list[str], path: str) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise Fault(f"{path} line 1: missing columns: {', '.join(missing)}")
    if len(set(columns)) != len(columns):
        raise Fault(f"{path} line 1: a column stands there twice")
    return columns


def _ticket(row: Mapping[str, Any]) -> Ticket:
    if "" in row:
        raise BadRow(f"{len(row[''])} cells where the first line has {len(row) - 1}")
    number = _words(row, "ticket_id").strip()
    if not number or len(number) > MOST_NAME:
        raise BadRow("ticket_id is empty or too long")
    opened, moved = _time(row, "timestamp"), _time(row, "last_activity")
    if opened is None:
        raise BadRow("timestamp is empty")
    lat, lon = _point(row.get("coords"))
    return Ticket(
        number=number,
        types=_types(row.get("type")),
        organization=_words(row, "organization")[:MOST_TEXT],
        text=_words(row, "comment")[:MOST_TEXT],
        lat=lat,
        lon=lon,
        opened=opened,
        moved=moved if moved is None or moved >= opened else None,
        state=_words(row, "state").strip(),
        stars=_number(row, "star", 1, 5),
        reopened=_number(row, "count_reopen", 0, 100_000) or 0,
    )


def _words(row: Mapping[str, Any], name: str) -> str:
    """Text of a cell, without what no database keeps; nothing (and JSON's null) is empty."""
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise BadRow(f"{name} is not text")
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _types(value: Any) -> tuple[str, ...]:
    """The members of ``{a,b}`` (or of a JSON list), each once."""
    if isinstance(value, list):
        parts = [part for part in value if isinstance(part, str)]
    elif value is None or isinstance(value, str):
        parts = (value or "").strip().removeprefix("{").removesuffix("}").split(",")
    else:
        raise BadRow("type is not text")
    return tuple(
        dict.fromkeys(name[:MOST_NAME] for part in parts if (name := part.strip().strip('"').strip()))
    )


def _point(value: Any) -> tuple[float | None, float | None]:
    """(lat, lon) of "lon,lat"."""
    if value in (None, "", []):
        return None, None
    parts = value if isinstance(value, list) else str(value).strip("() ").split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except (TypeError, ValueError):
        raise BadRow("coords are not two numbers") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise BadRow("coords are not longitude,latitude")
    return lat, lon


def _time(row: Mapping[str, Any], name: str) -> datetime | None:
    text = _words(row, name).strip().translate(_DIGITS)
    if not text:
        return None
    text = _YEAR.sub(lambda found: _common_year(int(found[1])), text)
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(f"{name} is not a time: {text[:40]!r}") from None
    if not 2000 <= at.year <= 2100:
        raise BadRow(f"{name} is in the year {at.year}")
    return at


def _common_year(year: int) -> str:
    return f"{year - BUDDHIST if year >= 2400 else year:04d}"


def _number(row: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    text = _words(row, name).strip().translate(_DIGITS)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise BadRow(f"{name} is not a number") from None
    if not low <= value <= high or value != int(value):
        raise BadRow(f"{name} must be a whole number from {low} to {high}")
    return int(value)
