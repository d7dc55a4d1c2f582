"""Finds personal data in a message and puts one neutral marker in its place.

Covered: citizen ids, phone and bank account numbers, e-mail, LINE ids, plates, house numbers, names after titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nlp.names import names
from nlp.normalise import fold_alike, lower_alike
from nlp.wording import alternation, table

Span = tuple[int, int]

_GAP = r"[ .\-()]{0,2}"
_CITIZEN = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{12}}(?!\d)", re.ASCII)
_CITIZEN_SHAPE = re.compile(r"\d[ -]\d{4}[ -]\d{5}[ -]\d{2}[ -]\d", re.ASCII)
_MOBILE = rf"0{_GAP}[689](?:{_GAP}\d){{8}}"
_LANDLINE = rf"0{_GAP}[2-7](?:{_GAP}\d){{7}}"
_ABROAD = rf"(?:\+|00)?66{_GAP}(?:\(0\)|0)?{_GAP}(?:[689](?:{_GAP}\d){{8}}|[2-7](?:{_GAP}\d){{7}})"
_PHONE = re.compile(rf"(?<!\d)(?<!\d\.)\(?(?:{_ABROAD}|{_MOBILE}|{_LANDLINE})(?!\d)", re.ASCII)
_NOT_PHONE = re.compile(
    r"\d{1,2}[.\- ]\d{1,2}[.\- ](?:19|20|24|25)\d\d|\d\d[.:]\d\d ?- ?\d\d[.:]\d\d(?!\d)", re.ASCII
)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,6}", re.ASCII)
_ACCOUNT = re.compile(r"(?<!\d)\d{3}[- ]\d[- ]\d{5}[- ]\d(?!\d)", re.ASCII)
# A digit, one or two Thai consonants, digits; or two consonants and three or four digits.
_PLATE = re.compile(
    "(?<![\u0e01-\u0e5b0-9/.])(?:[0-9][\u0e01-\u0e2e]{1,2}[ -]{0,2}[0-9]{1,4}|([\u0e01-\u0e2e]{2})[ -]{0,2}[0-9]{3,4})"
    "(?![0-9/:%-]|\\.[0-9])"
)
_HOUSE = r"\d{1,5}(?: ?[/-] ?\d{1,5})*(?![A-Za-z0-9-])"
_HOUSE_PAIR = r"(?<![\d/])\d{1,4}/\d{1,5}(?![\d/])"
LEAST_NUMBER = 9
"""Digits of the shortest number of a person, phone or account."""
_DIGIT = re.compile("[0-9]")
_LATIN_OR_DIGIT = re.compile("[A-Za-z0-9]")
_BETWEEN = "[ :=.#\\-\u0e01-\u0e4e]{0,10}?"


def has_citizen_checksum(digits: str) -> bool:
    """True for 13 digits whose last is (11 - sum of digit x weight 13..2 modulo 11) modulo 10 (Thai DOPA)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:12], range(13, 1, -1), strict=True))
    return (11 - total % 11) % 10 == int(digits[12])


@cache
def _after(key: str, then: str, between: str) -> re.Pattern[str]:
    return re.compile(f"{alternation(table('pii')[key])}{between}({then})", re.ASCII)


def _said(text: str, key: str, then: str, between: str = _BETWEEN) -> Iterator[Span]:
    """What follows the words of a list, such as a number after "account no."."""
    # Case is folded beforehand: patterns that ignore it are read several times as slowly.
    for match in _after(key, then, between).finditer(lower_alike(text)):
        yield match.span(1)


def _citizens(text: str) -> Iterator[Span]:
    for match in _CITIZEN.finditer(text):
        digits = re.sub(r"\D", "", match[0], flags=re.ASCII)
        if has_citizen_checksum(digits) or _CITIZEN_SHAPE.fullmatch(match[0]):
            yield match.span()
    yield from _said(text, "citizen_words", r"\d(?:[ -]?\d){12}(?!\d)")


@cache
def _spoken_phone() -> re.Pattern[str]:
    word = alternation(table("pii")["number_words"])
    return re.compile(f"{word}(?:[ -]?{word}){{8,9}}")


def _phones(text: str) -> Iterator[Span]:
    for match in _PHONE.finditer(text):
        if not _NOT_PHONE.match(match[0]):
            yield match.span()
    yield from _said(text, "phone_words", r"\d(?:[ .\-]?\d){8,10}(?!\d)")


def _accounts(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _ACCOUNT.finditer(text))
    yield from _said(text, "account_words", r"\d(?:[ -]?\d){8,14}(?!\d)")


def _plates(text: str) -> Iterator[Span]:
    plain = table("pii")["not_plates"]
    yield from (match.span() for match in _PLATE.finditer(text) if match[1] not in plain)
    yield from _said(
        text, "plate_words", "[0-9]{0,2} ?[\u0e01-\u0e2e]{1,3}[ -]{0,2}[0-9]{1,4}|[0-9]{2}[- ][0-9]{4}"
    )
    yield from _said(text, "truck_words", "[0-9]{2}-[0-9]{4}(?![0-9])")


def _houses(text: str) -> Iterator[Span]:
    yield from _said(text, "house_words", _HOUSE, between="[ :.]{0,3}")
    if "/" in text:
        yield from _said(text, "address_before", _HOUSE_PAIR, between=" ?")
    lower = lower_alike(text)
    if _before_village().search(lower):
        yield from (match.span(1) for match in _with_village().finditer(lower))
        yield from (match.span(1) for match in _opening_address().finditer(lower))


@cache
def _before_village() -> re.Pattern[str]:
    """What both patterns below end with, and most messages do not have."""
    return re.compile(rf"\d ?{alternation(table('pii')['address_next'])}")


@cache
def _opening_address() -> re.Pattern[str]:
    """A bare house number where an address begins: "55 village 3"."""
    data = table("pii")
    starts, village = alternation(data["address_starts"]), alternation(data["address_next"])
    return re.compile(rf"{starts} ?(\d{{1,4}}) ?{village}", re.MULTILINE)


@cache
def _with_village() -> re.Pattern[str]:
    return re.compile(rf"({_HOUSE_PAIR}) ?{alternation(table('pii')['address_next'])}")


def _spans(text: str) -> Iterator[Span]:
    yield from names(text)
    yield from (match.span() for match in _spoken_phone().finditer(text))
    if _LATIN_OR_DIGIT.search(text):
        if "@" in text:
            yield from (match.span() for match in _MAIL.finditer(text))
        yield from _said(text, "handle_words", r"@?[A-Za-z0-9][A-Za-z0-9._\-]{2,29}")
    digits = len(_DIGIT.findall(text))
    if digits >= LEAST_NUMBER:
        for find in (_citizens, _accounts, _phones):
            yield from find(text)
    if digits:
        yield from _plates(text)
        yield from _houses(text)


def mask(text: str) -> str:
    """The text with each piece of personal data replaced by one marker that tells neither kind nor length."""
    marker: str = table("pii")["marker"]
    out: list[str] = []
    at = 0
    for start, end in sorted(_spans(fold_alike(text))):
        if start >= at:
            out += (text[at:start], marker)
        at = max(at, end)
    return "".join((*out, text[at:]))
