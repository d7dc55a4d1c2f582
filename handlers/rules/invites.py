"""Invite codes: their shape, how they are read from what people type, and how guessing is slowed."""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
DAYS = 7
TRIES_AN_HOUR = 5

_SHAPE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"), "-")


def new_code() -> str:
    """A fresh code, 8 letters without I, O, 0 and 1 (40 bits)."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(text: str) -> str | None:
    """The code if the whole message is one, however it was typed (small letters, spaces, long dashes)."""
    folded = text.strip().upper().translate(_DASHES).replace(" ", "")
    return folded if _SHAPE.fullmatch(folded) else None


def hashed(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()
