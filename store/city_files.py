"""The files of a city folder: text in UTF-8, and tables whose rows count as Excel counts them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from store.city_cells import CityFolderError, Row

_COLUMNS = {
    "areas.csv": "code name_th name_en level parent lat lon radius_m inside aliases",
    "places.csv": "name kind area lat lon aliases",
    "categories.csv": "code group name_th name_en mandate ack_hours finish_hours urgent_ack_hours emoji"
    " keywords",
    "agencies.csv": "code name_th name_en short_th sector powers areas gateway phone email open close days"
    " parent head_title_th",
    "routing.csv": "position area category lead helpers reason_th reason_en",
    "networks.csv": "code name_th name_en goal_th goal_en categories areas integrator conditions_th"
    " conditions_en level kind",
    "charters.csv": "network structure text_th text_en",
    "holidays.csv": "date change name_th",
    "templates.csv": "agency code name_th name_en text_th text_en",
    "faq.csv": "code questions answer_th answer_en agency link",
    "open311.csv": "agency category service_code",
    "texts.csv": "key th en",
}


def text_of(folder: Path, file: str) -> str:
    """The text of one file, with or without a byte order mark; CityFolderError when absent or not UTF-8."""
    try:
        content = (folder / file).read_bytes().removeprefix(codecs.BOM_UTF8)
    except FileNotFoundError:
        raise CityFolderError(file, None, f"missing in {folder}") from None
    except OSError as error:
        raise CityFolderError(file, None, f"cannot be read: {error.strerror}") from None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise CityFolderError(file, row, "not UTF-8; save it as 'CSV UTF-8'") from None


def rows_of(folder: Path, file: str) -> Iterator[Row]:
    """The rows of a table that are not blank; blank ones count, as they do in Excel."""
    columns: list[str] = []
    for number, cells in _records(file, text_of(folder, file)):
        if not columns:
            columns = _heading(file, cells)
        elif any(cell.strip() for cell in cells):
            yield _row(file, number, columns, cells)
    if not columns:
        raise CityFolderError(file, 1, "empty file")


def _records(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            yield number, cells
    except csv.Error as error:
        raise CityFolderError(file, number + 1, f"not valid CSV: {error}") from None


def _heading(file: str, cells: list[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    missing = [column for column in _COLUMNS[file].split() if column not in columns]
    if missing:
        raise CityFolderError(file, 1, f"missing column {', '.join(missing)}")
    twice = {column for column in columns if column and columns.count(column) > 1}
    if twice:
        raise CityFolderError(file, 1, f"column {min(twice)} stands twice")
    return columns


def _row(file: str, number: int, columns: list[str], cells: list[str]) -> Row:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(columns):
        reason = f"{len(cells)} cells where the heading has {len(columns)}; put text with a comma in quotes"
        raise CityFolderError(file, number, reason)
    return Row(file, number, dict(zip(columns, cells, strict=True)))
