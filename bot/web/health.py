"""For those who watch over the service: alive, ready, and in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from bot.web import access
from bot.worker import HEARTBEAT
from handlers.services.delivery import MONTHLY_LEASE
from handlers.services.intake import city_time
from store import schema
from store.queries import cases, city, inbox, job_runs, leases, outbox

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from store import Unit


def blueprint(wiring: Wiring) -> Blueprint:
    """`/healthz`, `/readyz` and `/metrics`."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    @access.operator
    def healthz() -> Response:
        return jsonify(status="ok")

    @routes.get("/readyz")
    @access.operator
    def readyz() -> tuple[Response, int]:
        found = checks(wiring)
        ready = all(found.values())
        return jsonify(status="ready" if ready else "not ready", checks=found), 200 if ready else 503

    @routes.get("/metrics")
    @access.operator
    def metrics() -> Response:
        with wiring.store.reading() as unit:
            text = "".join(f"{line}\n" for line in numbers(unit, wiring.house.clock()))
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    return routes


def checks(wiring: Wiring) -> dict[str, bool]:
    """Each thing the service needs, and whether it is there."""
    found = dict.fromkeys(("database", "schema", "city", "worker"), False)
    try:
        found["schema"] = schema.is_newest(wiring.store)
        found["database"] = True
        if found["schema"]:
            with wiring.store.reading() as unit:
                found["city"] = city.version(unit) is not None
                found["worker"] = bool(leases.alive(unit, HEARTBEAT, wiring.house.clock()))
    except Exception:  # whatever the driver raises: not ready is the whole answer
        return found
    return found


def numbers(unit: Unit, now: float) -> Iterator[str]:
    """Lines of the Prometheus text format; ``now`` is machine time in seconds."""
    yield from _family("saan_inbox_events", "Webhook events by state", "state", inbox.counts(unit))
    yield from _family("saan_outbox_messages", "Messages by state", "state", outbox.counts(unit))
    yield from _family("saan_cases", "Cases by status", "status", cases.status_counts(unit))
    yield from _family(
        "saan_counted_messages_total",
        "Messages that LINE counts, by purpose",
        "purpose",
        outbox.counted_by_purpose(unit),
        kind="counter",
    )
    runs = {run.name: round(now - run.real, 1) for run in job_runs.all_runs(unit)}
    yield from _family("saan_job_age_seconds", "Time since a job of the clock ran", "job", runs)
    oldest = inbox.oldest_waiting(unit)
    yield from _single("saan_inbox_oldest_seconds", "Age of the oldest undecided event", _age(oldest, now))
    oldest = outbox.oldest_waiting(unit, city_time(unit, now))
    yield from _single("saan_outbox_oldest_seconds", "Age of the oldest due message", _age(oldest, now))
    workers = len(leases.alive(unit, HEARTBEAT, now))
    yield from _single("saan_workers", "Workers that show a sign of life", workers)
    limited = (leases.until(unit, MONTHLY_LEASE) or 0.0) > now
    yield from _single("saan_line_monthly_limit_reached", "LINE refuses pushes this month", int(limited))


def _age(since: float | None, now: float) -> float:
    return 0.0 if since is None else round(max(now - since, 0.0), 1)


def _family(
    name: str, about: str, label: str, values: dict[str, int] | dict[str, float], kind: str = "gauge"
) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
    for key, value in sorted(values.items()):
        yield f'{name}{{{label}="{key}"}} {value}'


def _single(name: str, about: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"
