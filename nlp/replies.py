"""What a member means by a few words of her own, where a question waits for a tap; and what things she can lend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.normalise import normalise
from nlp.wording import table

MOST_QUANTITY = 1000
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


def reply_kind(text: str) -> str | None:
    """ "stop", "notyet", "no", "yes", "worry", "offer" or "need"; None when the words tell none of them."""
    said = normalise(text).lower()
    for kind, pieces in table("members/replies")["kinds"].items():
        if any(piece in said for piece in pieces):
            return str(kind)
    return None


@dataclass(frozen=True)
class ResourceKind:
    """A kind of thing people lend."""

    code: str
    th: str
    en: str
    unit: str
    words: tuple[str, ...]
    categories: tuple[str, ...]


@cache
def resource_kinds() -> dict[str, ResourceKind]:
    """All kinds by code, in the order of the data."""
    return {
        code: ResourceKind(
            code, row["th"], row["en"], row["unit"], tuple(row["words"]), tuple(row["categories"])
        )
        for code, row in table("members/resources")["kinds"].items()
    }


@dataclass(frozen=True)
class Offered:
    """A thing and how many of it."""

    kind: str
    quantity: int


def offers_thing(text: str) -> bool:
    """Whether somebody says that she has a thing to lend, and does not ask for one."""
    said, known = normalise(text).lower(), table("members/resources")["offers"]
    if any(piece in said for piece in known["asks"]) or not any(piece in said for piece in known["said"]):
        return False
    return read_resource(text) is not None


def read_resource(text: str) -> Offered | None:
    """The thing a text names first by its longest word, and the first number behind it (else 1); None for none."""
    said = normalise(text).lower()
    hits = [
        (len(word), -said.index(word), kind.code, word)
        for kind in resource_kinds().values()
        for word in kind.words
        if word in said
    ]
    if not hits:
        return None
    _, at, code, word = max(hits)
    number = _NUMBER.search(said, -at + len(word))
    return Offered(code, min(max(int(number[0]), 1), MOST_QUANTITY) if number else 1)
