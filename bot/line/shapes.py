"""Combinators that check JSON values against published limits.

A check is a function `(value, at, faults) -> None`: it looks at one value found at the path `at` and
appends `(path, message)` pairs to `faults`. Checks are built once at import time and hold no state.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

import regex

Faults = list[tuple[str, str]]
Check = Callable[[object, str, Faults], None]

_CLUSTER = regex.compile(r"\X")
_URI_CHARACTERS = regex.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_BROKEN_ESCAPE = regex.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = regex.compile(r"[A-Za-z0-9\-._~%\[\]:]+")


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units, the unit of LINE's long text limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Length in extended grapheme clusters (what a reader calls letters), the unit of LINE's labels."""
    return len(_CLUSTER.findall(text))


def text(low: int, high: int, count: Callable[[str], int] = utf16_units) -> Check:
    """A string of `low` to `high` units as `count` counts them."""

    def check(value: object, at: str, faults: Faults) -> None:
        if not isinstance(value, str):
            faults.append((at, "must be a string"))
        elif low and not value:
            faults.append((at, "May not be empty"))
        elif not _is_unicode(value):
            faults.append((at, "must be valid Unicode"))
        elif not low <= count(value) <= high:
            faults.append((at, f"Length must be between {low} and {high}"))

    return check


def _is_unicode(value: str) -> bool:
    """Without halves of surrogate pairs, which no encoder takes."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def pattern(expression: str, message: str) -> Check:
    """A string that matches `expression` as a whole."""
    compiled = regex.compile(expression)

    def check(value: object, at: str, faults: Faults) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            faults.append((at, message))

    return check


def number(low: float, high: float) -> Check:
    """A finite number between `low` and `high`, both included."""

    def check(value: object, at: str, faults: Faults) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            faults.append((at, "must be a number"))
        elif not low <= value <= high:
            faults.append((at, f"must be between {low:g} and {high:g}"))

    return check


def integer(low: int, high: int, step: int = 1) -> Check:
    """A whole number between `low` and `high`, a multiple of `step`."""

    def check(value: object, at: str, faults: Faults) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            faults.append((at, "must be an integer"))
        elif not low <= value <= high or value % step:
            faults.append((at, f"must be between {low} and {high}" + (f" in steps of {step}" * (step > 1))))

    return check


def flag(value: object, at: str, faults: Faults) -> None:
    """A JSON boolean."""
    if not isinstance(value, bool):
        faults.append((at, "must be a boolean"))


def one_of(*choices: str) -> Check:
    """One of the given strings."""

    def check(value: object, at: str, faults: Faults) -> None:
        if value not in choices:
            faults.append((at, f"must be one of [{', '.join(choices)}]"))

    return check


def url(limit: int, schemes: Collection[str]) -> Check:
    """A percent-encoded absolute URI of at most `limit` characters with one of `schemes`."""

    def check(value: object, at: str, faults: Faults) -> None:
        if not isinstance(value, str) or not value:
            faults.append((at, "May not be empty" if value == "" else "must be a string"))
        elif len(value) > limit:
            faults.append((at, f"Length must be between 1 and {limit}"))
        elif not _is_uri(value, schemes):
            faults.append(
                (at, "invalid uri" if ":" not in value else f"invalid uri or scheme not in {sorted(schemes)}")
            )

    return check


def _is_uri(value: str, schemes: Collection[str]) -> bool:
    if not _URI_CHARACTERS.fullmatch(value) or _BROKEN_ESCAPE.search(value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme.lower() not in schemes:
        return False
    return bool(parts.path) if parts.scheme.lower() == "tel" else bool(_HOST.fullmatch(parts.netloc))


def listing(part: Check, low: int, high: int) -> Check:
    """An array of `low` to `high` elements that all pass `part`."""

    def check(value: object, at: str, faults: Faults) -> None:
        if not isinstance(value, list):
            faults.append((at, "must be an array"))
            return
        if not low <= len(value) <= high:
            message = f"Size must be between {low} and {high}" if value else "May not be empty"
            faults.append((at, message))
        for index, element in enumerate(value[: high + 1]):
            part(element, f"{at}[{index}]", faults)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with all `required` fields, maybe `optional` ones, and no others."""
    known = {**(optional or {}), **required}

    def check(value: object, at: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.append((at, "must be an object"))
            return
        faults.extend((_under(at, name), "May not be empty") for name in required if name not in value)
        for name, part in value.items():
            if name in known:
                known[name](part, _under(at, name), faults)
            else:
                faults.append((_under(at, str(name)), "unknown field"))

    return check


def tagged(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of `kinds` it must be."""

    def check(value: object, at: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.append((at, "must be an object"))
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            faults.append((_under(at, "type"), f"must be one of [{', '.join(kinds)}]"))
            return
        kinds[kind](value, at, faults)

    return check


def every(*checks: Check) -> Check:
    """All of `checks`; the later ones run only while the earlier ones found nothing."""

    def check(value: object, at: str, faults: Faults) -> None:
        before = len(faults)
        for one in checks:
            if len(faults) == before:
                one(value, at, faults)

    return check


def anything(value: object, at: str, faults: Faults) -> None:
    """Any value at all: used for `type`, which `tagged` has checked already."""


def _under(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
