"""Keys of other systems, and the requests they made."""

from __future__ import annotations

from sqlalchemy import select

from store.models import ApiKey, ApiRequest
from store.unit import Unit


def by_hash(unit: Unit, key_hash: str) -> ApiKey | None:
    """The key while it is in force."""
    return unit.session.scalar(select(ApiKey).where(ApiKey.key_hash == key_hash, ApiKey.ended_at.is_(None)))


def locked(unit: Unit, key_id: int) -> ApiKey | None:
    """The same row held until the unit ends, so that what one system sends is taken in one after the other."""
    query = select(ApiKey).where(ApiKey.id == key_id, ApiKey.ended_at.is_(None))
    return unit.session.scalar(query.with_for_update())


def listing(unit: Unit) -> list[ApiKey]:
    return list(unit.session.scalars(select(ApiKey).order_by(ApiKey.id)))


def same_request(unit: Unit, key_id: int, fingerprint: str, since: float) -> ApiRequest | None:
    """What that system sent with exactly these words since then."""
    query = select(ApiRequest).where(
        ApiRequest.key_id == key_id, ApiRequest.fingerprint == fingerprint, ApiRequest.at >= since
    )
    return unit.session.scalar(query.order_by(ApiRequest.id.desc()).limit(1))


def request_of_token(unit: Unit, token_hash: str) -> ApiRequest | None:
    return unit.session.scalar(select(ApiRequest).where(ApiRequest.token_hash == token_hash))


def request_of_case(unit: Unit, case_id: int) -> ApiRequest | None:
    return unit.session.scalar(select(ApiRequest).where(ApiRequest.case_id == case_id))
