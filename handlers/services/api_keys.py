"""Keys with which other systems write: printed once, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from store import Unit
from store.models import ApiKey
from store.queries import api_keys as rows

PREFIX = "saan_"


def new(unit: Unit, name: str, now: datetime, *, by_token: bool = False) -> str:
    """A key for that system; nobody can tell it again."""
    key = PREFIX + secrets.token_urlsafe(32)
    unit.add(ApiKey(name=name, key_hash=hashed(key), by_token=by_token, created_at=now))
    unit.flush()
    return key


def hashed(key: str) -> str:
    """Plain SHA-256 will do: a key is 256 random bits, which nobody can try through."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def find(unit: Unit, key: str) -> ApiKey | None:
    """Whose key it is; None for one that is not in force."""
    return rows.by_hash(unit, hashed(key)) if key else None


def end(unit: Unit, key_id: int, now: datetime) -> bool:
    """The key opens nothing from now on; False when there is none in force of that number."""
    row = rows.locked(unit, key_id)
    if row is None:
        return False
    row.ended_at = now
    return True
