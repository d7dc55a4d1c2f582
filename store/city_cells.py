"""One row of a city folder, read cell by cell; every fault names file, row and reason."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, time
from typing import NoReturn

from store.city_data import EVERYWHERE, Hours

AGENCY_CODE = re.compile(r"[A-Z][A-Z-]{0,23}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ENDPOINT = re.compile(r"https://[^\s/@?#]+(/[^\s@?#]*)?", re.ASCII)
SECRET_REFERENCE = re.compile(r"env:SAAN_AGENCY_[A-Z0-9_]{1,60}", re.ASCII)
"""Only names of this kind, so that a folder can't ask for the installation's own keys."""
_PHONE = re.compile(r"\+?[0-9][0-9 -]{1,28}", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = {name: number for number, name in enumerate(_DAY_NAMES, start=1)}
_WEEKDAYS |= {str(number): number for number in _WEEKDAYS.values()}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CONTROLS = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r"}


class CityFolderError(Exception):
    """A fault in a city folder: `file`, `row` as Excel numbers it (None: no one row), `reason` in English."""

    def __init__(self, file: str, row: int | None, reason: str) -> None:
        self.file, self.row, self.reason = file, row, reason
        super().__init__(f"{file}: {reason}" if row is None else f"{file} row {row}: {reason}")


class Row:
    """The named cells of one row, or of one `section` of a settings file.

    Every reader strips the cell and raises CityFolderError on a fault.
    """

    def __init__(self, file: str, number: int | None, cells: Mapping[str, str], section: str = "") -> None:
        self.file, self.number, self._cells, self._section = file, number, cells, section

    def fail(self, reason: str) -> NoReturn:
        """Raise the fault with this row's place."""
        raise CityFolderError(
            self.file, self.number, f"[{self._section}] {reason}" if self._section else reason
        )

    def maybe(self, column: str) -> str:
        """The cell, empty allowed. NFC, because Excel and phones compose Thai vowels differently."""
        cell = unicodedata.normalize("NFC", self._cells.get(column, "")).strip(" \t\r\n\u00a0\u200b\ufeff")
        if not _CONTROLS.isdisjoint(cell):
            self.fail(f"{column} holds a control character")
        return cell

    def text(self, column: str) -> str:
        """The cell, which must not be empty."""
        return self.maybe(column) or self.fail(f"{column} is empty")

    def match(self, column: str, shape: re.Pattern[str], wanted: str) -> str:
        """The cell, which must fit the shape as a whole; `wanted` says the shape in words."""
        cell = self.text(column)
        return cell if shape.fullmatch(cell) else self.fail(f"{column} {cell!r} must be {wanted}")

    def choice(self, column: str, choices: Collection[str]) -> str:
        """The cell, which must be one of the choices."""
        cell = self.text(column)
        return cell if cell in choices else self.fail(f"{column} {cell!r} is none of {', '.join(choices)}")

    def agency_code(self, column: str = "code") -> str:
        """A code of an agency, a network or the city."""
        return self.match(column, AGENCY_CODE, "letters A-Z and dashes")

    def email(self, column: str) -> str:
        """An e-mail address, or empty."""
        return self.match(column, _EMAIL, "an e-mail address") if self.maybe(column) else ""

    def endpoint(self, column: str) -> str:
        """The https address of another system without a secret in it, or empty."""
        cell = self.maybe(column)
        if cell and not _ENDPOINT.fullmatch(cell):
            self.fail(f"{column} must be an https address without user, password or key")
        return cell

    def secret(self, column: str) -> str:
        """Where a secret is found, or empty. The folder is shared and kept in version control, so never the secret."""
        cell = self.maybe(column)
        if cell and not SECRET_REFERENCE.fullmatch(cell):
            self.fail(
                f"{column} must be written as env:SAAN_AGENCY_NAME; the secret itself stands in the environment"
            )
        return cell

    def phone(self, column: str) -> str:
        """A telephone number, or empty; dashes keep a spreadsheet from eating the leading 0."""
        return self.match(column, _PHONE, "a telephone number in digits") if self.maybe(column) else ""

    def number_in(self, column: str, low: float, high: float) -> float:
        """A decimal number from low to high, both included."""
        value = float(self.match(column, _NUMBER, "a number"))
        if not low <= value <= high or math.isinf(value):
            self.fail(f"{column} {value:g} is not between {low:g} and {high:g}")
        return value

    def whole(self, column: str, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        value = self.number_in(column, low, high)
        return int(value) if value.is_integer() else self.fail(f"{column} {value:g} must be a whole number")

    def parts(self, column: str) -> tuple[str, ...]:
        """The pieces between bars, no piece twice; an empty cell has none."""
        pieces = tuple(piece.strip() for piece in self.maybe(column).split("|") if piece.strip())
        twice = {piece for piece in pieces if pieces.count(piece) > 1}
        return self.fail(f"{column} names {min(twice)!r} twice") if twice else pieces

    def known(self, column: str, codes: Collection[str], what: str) -> str:
        """A cell that must be one of the codes; `what` says of which kind."""
        cell = self.text(column)
        return cell if cell in codes else self.fail(f"unknown {what} {cell!r} in {column}")

    def known_parts(
        self, column: str, codes: Collection[str], what: str, star: bool = False
    ) -> tuple[str, ...]:
        """Codes between bars; with `star` the cell may be `*` alone and must not be empty."""
        pieces = self.parts(column)
        if star and pieces == (EVERYWHERE,):
            return pieces
        if star and not pieces:
            self.fail(f"{column} is empty; * means all")
        for piece in pieces:
            if piece not in codes:
                self.fail(f"unknown {what} {piece!r} in {column}")
        return pieces

    def clock(self, column: str, midnight_ends: bool = False) -> time:
        """A time of day like 08:30; with `midnight_ends` 24:00 is read as the 00:00 that ends the day."""
        found = _TIME.fullmatch(self.text(column))
        hour, minute = (int(found[1]), int(found[2])) if found else (99, 99)
        if midnight_ends and (hour, minute) == (24, 0):
            hour = 0
        if hour > 23 or minute > 59:
            self.fail(f"{column} {self.text(column)!r} must be a time like 08:30")
        return time(hour, minute)

    def hours(self, default: Hours | None = None) -> Hours:
        """Opening hours from `open`, `close` and `days`; all three empty = the default."""
        if default is not None and not any(self.maybe(column) for column in ("open", "close", "days")):
            return default
        opens, closes = self.clock("open"), self.clock("close", midnight_ends=True)
        if closes != time(0) and opens >= closes:
            self.fail(f"bad hours: open {opens:%H:%M} is not before close {closes:%H:%M}")
        return Hours(opens, closes, self._weekdays("days"))

    def _weekdays(self, column: str) -> frozenset[int]:
        days: set[int] = set()
        # Word processors turn the hyphen of Mon-Fri into an en dash.
        for piece in self.text(column).lower().replace("\u2013", "-").split("|"):
            first, _, last = piece.strip().partition("-")
            days |= self._range(column, self._weekday(column, first), self._weekday(column, last or first))
        return frozenset(days)

    def _range(self, column: str, first: int, last: int) -> set[int]:
        return set(range(first, last + 1)) or self.fail(f"{column} {self.text(column)!r} runs backwards")

    def _weekday(self, column: str, name: str) -> int:
        return _WEEKDAYS.get(name) or self.fail(
            f"{column} {self.text(column)!r} must be like Mon-Fri, Mon|Wed or 1-5"
        )

    def day(self, column: str) -> date:
        """A calendar day like 2026-12-05, Christian era: two eras in one file cannot be told apart."""
        cell = self.match(column, _DAY, "a day like 2026-12-05")
        try:
            found = date.fromisoformat(cell)
        except ValueError:
            self.fail(f"{column} {cell!r} is no day of the calendar")
        if not 2000 <= found.year < 2400:
            self.fail(
                f"{column} {cell!r}: write the Christian year ({found.year - 543}?), not the Buddhist one"
            )
        return found


class Once:
    """Refuses a value that an earlier row of the same table already has."""

    def __init__(self, what: str) -> None:
        self._what, self._seen = what, dict[str | int | date, int | None]()

    def add(self, row: Row, value: str | int | date) -> None:
        """Remember the value of that row, or fail at the row."""
        if value in self._seen:
            row.fail(f"duplicate {self._what} {str(value)!r}, already in row {self._seen[value]}")
        self._seen[value] = row.number
