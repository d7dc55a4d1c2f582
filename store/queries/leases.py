"""Named rights that one process holds for a while, and signs of life. Times are machine seconds."""

from __future__ import annotations

from sqlalchemy import delete, select, text

from store.models import Lease
from store.unit import Unit

_TAKE = text(
    "INSERT INTO lease (name, holder, until) VALUES (:name, :holder, :until)"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
    " WHERE lease.holder = excluded.holder OR lease.until <= :now"
    " RETURNING name"
)


def take(unit: Unit, name: str, holder: str, now: float, seconds: float) -> bool:
    """Take or renew a lease; False while somebody else's still runs."""
    values = {"name": name, "holder": holder, "now": now, "until": now + seconds}
    return unit.session.execute(_TAKE, values).first() is not None


def drop(unit: Unit, name: str, holder: str) -> None:
    """Give a lease back early."""
    unit.session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))


def until(unit: Unit, name: str) -> float | None:
    """When a lease ends; None when nobody ever took it."""
    return unit.session.execute(select(Lease.until).where(Lease.name == name)).scalar()


def alive(unit: Unit, prefix: str, now: float) -> list[str]:
    """Names of running leases that begin with ``prefix``."""
    running = select(Lease.name).where(Lease.name.startswith(prefix, autoescape=True), Lease.until > now)
    return list(unit.session.scalars(running.order_by(Lease.name)))


def sweep(unit: Unit, prefix: str, before: float) -> None:
    """Forget leases that ended before ``before``."""
    gone = delete(Lease).where(Lease.name.startswith(prefix, autoescape=True), Lease.until < before)
    unit.session.execute(gone)
