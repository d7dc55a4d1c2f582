"""What a caller of the API asks for, read from the address and judged."""

from __future__ import annotations

from datetime import datetime

from flask import request

from handlers.city import CityBook
from handlers.messages.texts import LANGUAGES
from handlers.rules import open311 as rules
from handlers.rules.codes import find_code
from handlers.rules.open311 import Refused
from store.queries.open_cases import Wanted
from store.words import Status

USUAL, MOST = 50, 200
TIMES = ("opened_from", "opened_until", "changed_from", "changed_until")
KNOWN = ("status", "category", "network", "area", "lead", *TIMES, "limit", "after", "lang")


class Unfit(ValueError):
    """What was asked can't be answered; says why."""


def wanted(book: CityBook) -> Wanted:
    """The filters; raises ``Unfit`` for one that is unknown or has no sense."""
    unknown = set(request.args) - set(KNOWN)
    if unknown:
        raise Unfit(f"unknown parameter {sorted(unknown)[0][:60]!r}; there are {', '.join(KNOWN)}")
    return Wanted(
        statuses=_list("status", set(Status)),
        categories=_list("category", set(book.categories)),
        network=_one("network", set(book.networks)),
        area=_one("area", set(book.areas)),
        lead=_one("lead", set(book.agencies)),
        opened_from=_time("opened_from"),
        opened_until=_time("opened_until"),
        changed_from=_time("changed_from"),
        changed_until=_time("changed_until"),
    )


def _time(name: str) -> datetime | None:
    if request.args.get(name) == "":
        raise Unfit(f"{name} is empty")
    try:
        return rules.moment(name, request.args.get(name, ""))
    except Refused as error:
        raise Unfit(str(error)) from None


def _list(name: str, known: set[str]) -> tuple[str, ...]:
    """Values with commas between."""
    if name not in request.args:
        return ()
    found = tuple(part.strip() for part in request.args[name].split(","))
    for value in found:
        if value not in known:
            raise Unfit(f"{name} {value[:60]!r} is not known")
    return found


def _one(name: str, known: set[str]) -> str:
    if name not in request.args:
        return ""
    value = request.args[name].strip()
    if value not in known:
        raise Unfit(f"{name} {value[:60]!r} is not known")
    return value


def check_language() -> None:
    """Raises ``Unfit`` for a language that nobody has written the words in."""
    if "lang" in request.args and request.args["lang"] not in LANGUAGES:
        raise Unfit(f"lang must be one of {', '.join(LANGUAGES)}")


def limit() -> int:
    if "limit" not in request.args:
        return USUAL
    text = request.args["limit"]
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise Unfit(f"limit must be a whole number from 1 to {MOST}")
    return int(text)


def after() -> str:
    """The code of the last case of the page before, "" for the first page."""
    if "after" not in request.args:
        return ""
    code = find_code(request.args["after"])
    if code is None or code != request.args["after"]:
        raise Unfit("after is not the code of a case")
    return code
