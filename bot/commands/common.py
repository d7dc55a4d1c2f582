"""What commands share: faults with exit codes, an opened installation, plain output."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from handlers.city import CityBook
    from store import Unit

BAD_INPUT, FAILED = 2, 1
MOST_LINE = 1_000_000
"""Characters of one line of a file; a message has 5,000 at most."""


class Fault(Exception):
    """Ends a command with one line on stderr. ``code``: 2 for bad use or input, 1 for failure."""

    def __init__(self, message: str, code: int = BAD_INPUT) -> None:
        self.code = code
        super().__init__(message)


def wired() -> Wiring:
    """The installation that the environment describes."""
    from bot import logs
    from bot.bootstrap import Wiring
    from bot.config import Settings

    settings = Settings.read()
    level = "WARNING" if settings.log_level == "INFO" else settings.log_level
    logs.set_up(level, settings.log_format)
    return Wiring(settings)


def opened() -> Wiring:
    """The same, with a database of the newest schema."""
    from store import schema

    wiring = wired()
    if not _database_there(wiring) or not schema.is_newest(wiring.store):
        raise Fault("the database is not up to date: run `saan migrate`", FAILED)
    return wiring


def _database_there(wiring: Wiring) -> bool:
    """A look must not leave an empty file behind."""
    database = wiring.store.engine.url.database
    return not wiring.store.sqlite or database in (None, "", ":memory:") or Path(database or "").exists()


def city_book(wiring: Wiring, unit: Unit) -> CityBook:
    """The city; a fault of its own exit when none is loaded."""
    from handlers.house import NoCity

    try:
        return wiring.house.book(unit)
    except NoCity as error:
        raise Fault(str(error), FAILED) from None


def account() -> str:
    """The operator's account on this machine; empty where it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def print_json(value: Any) -> None:
    """One line of JSON."""
    print(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_table(rows: Iterable[Iterable[object]]) -> None:
    """Columns apart by tabs, so that a spreadsheet or `cut` can take them."""
    for row in rows:
        print("\t".join(" ".join(str(cell).split()) for cell in row))


def json_lines(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    """One object per line, blank lines left out; a bad line is a fault that names it."""
    return (record for _, record in numbered_lines(lines, name))


def numbered_lines(lines: Iterable[str], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The same with the number of each line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(line) > MOST_LINE:
            raise Fault(f"{name} line {number}: longer than {MOST_LINE:,} characters")
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Fault(f"{name} line {number}: not JSON ({error})") from None
        if not isinstance(found, dict):
            raise Fault(f"{name} line {number}: not a JSON object")
        yield number, found


def read_lines(path: str) -> list[str]:
    """The lines of a file in UTF-8 (``-`` is stdin), with or without a byte order mark."""
    try:
        text = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return text.decode("utf-8-sig").split("\n")
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        number = bytes(error.object[: error.start]).count(b"\n") + 1
        raise Fault(f"{path} line {number}: not UTF-8") from None
