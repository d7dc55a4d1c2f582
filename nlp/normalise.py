"""Brings a message into one spelling: NFC, one kind of digit, dash and space, no invisible characters.

NFKC is never used because it takes the Thai vowel sara am apart.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from nlp.wording import table

MAX_CHARS = 5000
"""LINE's own limit for one text message; longer input is cut at a space."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[ \t]*(?:\r\n|[\r\n\u2028\u2029])[ \t\r\n\u2028\u2029]*")
_BLANKS = re.compile(r"[ \t]{2,}|\t")
_LATIN = re.compile(r"[A-Za-z]")
_THAI = re.compile("[\u0e01-\u0e2e]")
# Anything but what needs no rewriting: plain ASCII but for < & `, line feeds, Thai but for its digits.
_ODD = re.compile("[^ !-%'-;=-_a-~\n\u0e01-\u0e4f\u0e5a\u0e5b]")
_DOUBLED = re.compile("(.)\\1(?:\\1|(?<=[!?,;:~*=_^\u0e46]))", re.DOTALL)
# Three of one letter are drawn out, but where a word in o meets the word for out.
_REPEATS = re.compile(
    r"(?<=[\u0e01-\u0e5b])(?!\u0e2d{3}\u0e01)([\u0e01-\u0e4e])\1{2,}|([!?,;:~*=_^\u0e46])\2+|([.\-])\3{2,}|([A-Za-z])\4{2,}"
)
# What pythainlp's rules act on: marks out of order, doubled vowels, marks without a base.
# It runs two dozen substitutions, so clean text (most of it) skips them.
_MARKS = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
_UNTIDY = re.compile(
    f"[ \n]{_MARKS}|[\u0e4d\u0e45]|[\u0e48-\u0e4b][\u0e31\u0e34-\u0e39\u0e48-\u0e4b]|[\u0e30\u0e32\u0e33][\u0e48-\u0e4b]"
    "|\u0e4c[\u0e31\u0e34-\u0e39]"
)
_UNTIDY_TWICE = re.compile("([\u0e30-\u0e39\u0e40-\u0e44\u0e4c\u0e4e]) *\\1")
_UNTIDY_START = re.compile(_MARKS)


@cache
def _translation() -> dict[int, str | None]:
    data = table("normalise")
    out: dict[int, str | None] = {0xFF01 + n: chr(0x21 + n) for n in range(94)}
    out.update({int(code, 16): None for code in data["zero_width"]})
    out.update({code: None for code in range(0xE0000, 0xE0080)})
    out.update({int(code, 16): " " for code in data["spaces"]})
    for group, plain in (("dashes", "-"), ("quotes", '"'), ("apostrophes", "'")):
        out.update({ord(char): plain for char in data[group]})
    out.update(_digits())
    return out


@cache
def _digits() -> dict[int, str]:
    return {ord(char): str(value) for value, char in enumerate(table("normalise")["thai_digits"])}


@cache
def _alike() -> dict[int, str]:
    data = table("normalise")
    return (
        _digits()
        | {ord(char): "-" for char in data["dashes"]}
        | {int(code, 16): " " for code in data["spaces"]}
    )


def fold_alike(text: str) -> str:
    """The text with Thai digits, long dashes and odd spaces made plain, one to one, so positions stay the same."""
    return text.translate(_alike()) if _ODD.search(text) else text


def lower_alike(text: str) -> str:
    """The text in lower case, letter by letter, so positions stay the same."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(
        low if len(low) == 1 else letter for letter, low in zip(text, map(str.lower, text), strict=True)
    )


def _repeat(match: re.Match[str]) -> str:
    thai, mark, dots, latin = match.groups()
    return thai or mark or (dots if dots == "-" else None) or (latin * 2 if latin else "..")


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[:limit]
    space = max(head.rfind(" "), head.rfind("\n"))
    return head[:space] if space > limit * 4 // 5 else head


def _tidy_thai(text: str) -> str:
    if not (_UNTIDY.search(text) or _UNTIDY_TWICE.search(text) or _UNTIDY_START.match(text)):
        return text
    from pythainlp.util import normalize

    return str(normalize(text))


def normalise(text: str) -> str:
    """The message in one spelling, at most ``MAX_CHARS`` characters; any input is accepted."""
    text = _cut(text, MAX_CHARS * 2)
    text = unicodedata.normalize("NFC", _plain(text) if _ODD.search(text) else text)
    if "\n" in text:
        text = _BREAKS.sub("\n", text)
    if _DOUBLED.search(text):
        text = _REPEATS.sub(_repeat, text)
    text = _tidy_thai(text)
    if "  " in text or "\t" in text:
        text = _BLANKS.sub(" ", text)
    return _cut(text.strip(), MAX_CHARS)


def _plain(text: str) -> str:
    """The text without markup, surrogates and control characters, in plain digits, spaces, dashes and quotes."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = _SURROGATE.sub(" ", html.unescape(text))
    text = unicodedata.normalize("NFC", text).translate(_translation())
    return _BREAKS.sub("\n", _CONTROL.sub(" ", text))


def language(text: str) -> str:
    """``en`` when the message is clearly written in Latin letters, else ``th``."""
    latin = len(_LATIN.findall(text))
    return "en" if latin >= 3 and latin > 3 * len(_THAI.findall(text)) else "th"
