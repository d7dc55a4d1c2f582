"""Files that somebody hands to a command: read line by line in bounded memory, every fault with its line's number."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from bot.commands.common import Fault

MOST_LINE = 1024 * 1024
"""Bytes of one line; more is no row of ours."""
_BOM = b"\xef\xbb\xbf"


def numbered_lines(path: str) -> Iterator[tuple[int, str]]:
    """(number, line with its end) of a text file in UTF-8, ``-`` is stdin; raises ``Fault`` at the first bad line."""
    if path == "-":
        yield from _lines(sys.stdin.buffer, "stdin")
        return
    try:
        with open(path, "rb") as file:
            yield from _lines(file, path)
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}") from None


def _lines(file: BinaryIO, name: str) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise Fault(f"{name} line {number}: longer than {MOST_LINE} bytes")
        if b"\0" in line:
            raise Fault(f"{name} line {number}: not text (it holds NUL)")
        try:
            yield number, (line.removeprefix(_BOM) if number == 1 else line).decode("utf-8")
        except UnicodeDecodeError:
            raise Fault(f"{name} line {number}: not UTF-8") from None


def record(line: str, where: str) -> dict[str, Any]:
    """One JSON object; raises ``Fault``."""
    try:
        found = json.loads(line)
    except RecursionError:
        raise Fault(f"{where}: nested too deeply") from None
    except ValueError as error:
        raise Fault(f"{where}: not JSON ({error})") from None
    if not isinstance(found, dict):
        raise Fault(f"{where}: not a JSON object")
    return found
