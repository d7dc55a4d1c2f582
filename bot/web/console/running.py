"""Whether everything runs: messages in and out with their quota, who looked at what, and the machine itself."""

from __future__ import annotations

import logging
import os
import shutil
from calendar import monthrange
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console.visit import Visit, back_to, page, visiting, words
from bot.web.health import checks
from handlers.rules.codes import find_code
from handlers.services import reports
from handlers.services.intake import city_time
from store.queries import audit, city, inbox, job_runs, outbox, people

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

log = logging.getLogger(__name__)

MOST_SHOWN, MOST_EXPORTED = 100, 5000
_MEMORY = Path("/proc/meminfo")


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/messages")
    @access.only(access.ADMINISTRATOR)
    def messages() -> Response:
        allowed, used = _quota(wiring)
        with visiting(wiring) as visit:
            return page(visit, "messages", **_messages(visit, allowed, used))

    @routes.post("/messages/retry")
    @access.only(access.ADMINISTRATOR)
    def retry() -> AnyResponse:
        with visiting(wiring, write=True) as visit:
            inwards = request.form.get("which") == "in"
            n = (
                inbox.release_parked(visit.unit)
                if inwards
                else outbox.release_safe(visit.unit, visit.talk.machine)
            )
            told = visit.t["messages"]["retried"].format(n=n)
        wiring.wake()
        words(wiring, told)
        return back_to("/console/messages")

    @routes.get("/audit")
    @access.only(access.ADMINISTRATOR)
    def looked() -> Response:
        with visiting(wiring) as visit:
            code = find_code(request.args.get("case", "")) or ""
            return page(visit, "audit", rows=looks(visit, code, MOST_SHOWN), code=code)

    @routes.get("/health")
    @access.only(access.ADMINISTRATOR)
    def health() -> Response:
        found = checks(wiring)
        with visiting(wiring) as visit:
            return page(visit, "health", **_health(visit, found))


# --- messages


def _quota(wiring: Wiring) -> tuple[int | None, int | None]:
    """What LINE says; nothing when it does not answer, for a page must not hang on it. No transaction is open."""
    try:
        return wiring.messenger.quota()
    except Exception as error:  # whatever the client raises: the page says that LINE could not be asked
        log.warning("LINE's quota could not be read: %s", type(error).__name__)
        return None, None


def _messages(visit: Visit, allowed: int | None, used: int | None) -> dict[str, Any]:
    quota = _month(visit, allowed, used)
    return {
        "inbox": inbox.counts(visit.unit),
        "outbox": outbox.counts(visit.unit),
        "stuck_in": stuck_in(visit, MOST_SHOWN),
        "stuck_out": stuck_out(visit, MOST_SHOWN),
        "quota": quota,
        "expected": expected(quota["used"], quota["planned"], _here(visit)),
    }


def _here(visit: Visit) -> datetime:
    """Machine time where the city is."""
    return datetime.fromtimestamp(visit.talk.machine, UTC).astimezone(visit.talk.book.zone)


def _month(visit: Visit, allowed: int | None, used: int | None) -> dict[str, Any]:
    month = _here(visit).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return reports.quota(visit.unit, allowed, used, month.timestamp())


def stuck_in(visit: Visit, most: int) -> list[tuple[str, str, str]]:
    """Parked events: when they came, of which kind, why."""
    return [
        (visit.machine(row.received_at), row.kind, row.reason or "") for row in inbox.stuck(visit.unit, most)
    ]


def stuck_out(visit: Visit, most: int) -> list[tuple[str, str, str, str]]:
    """Parked messages: since when, which way, what for, why."""
    return [
        (visit.machine(row.created_real), row.channel, row.purpose, row.reason or "")
        for row in outbox.stuck(visit.unit, most)
    ]


def purposes(visit: Visit) -> list[tuple[str, int]]:
    """What this month's counted messages were for."""
    found = _month(visit, None, None)["pushes_this_month"]
    return [(visit.t["messages"].get(f"purpose_{name}", name), n) for name, n in found.items()]


def jobs(visit: Visit) -> list[tuple[str, str, int]]:
    """Jobs of the clock: name, when last, how much."""
    return [(run.name, visit.machine(run.real), run.count) for run in job_runs.all_runs(visit.unit)]


def expected(used: int, planned: int, here: datetime) -> int:
    """Messages by the end of the month if every day is like those so far: used × days of the month ÷ days gone, plus
    what already waits. A day that is not over counts by its hours."""
    gone = here.day - 1 + (here.hour + here.minute / 60) / 24
    days = monthrange(here.year, here.month)[1]
    return round(used * days / max(gone, 0.5)) + planned


# --- audit


def looks(visit: Visit, code: str, most: int) -> list[tuple[str, str, str, str, str]]:
    found = audit.listing(visit.unit, case_code=code or None, limit=most)
    names = {
        p.id: p.name for p in people.by_ids(visit.unit, {row.person_id for row in found if row.person_id})
    }
    t = visit.t["audit"]
    return [
        (
            visit.when(row.at),
            names.get(row.person_id or 0, "") or row.actor,
            visit.talk.book.agency_name(row.actor, visit.lang),
            t.get(f"what_{row.what}", row.what),
            row.case_code or "",
        )
        for row in found
    ]


# --- the machine


def _health(visit: Visit, found: dict[str, bool]) -> dict[str, Any]:
    wiring, unit, machine = visit.wiring, visit.unit, visit.talk.machine
    settings = wiring.settings
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else Path.cwd()).free
    first_in, first_out = inbox.oldest_waiting(unit), outbox.oldest_waiting(unit, city_time(unit, machine))
    return {
        "checks": found,
        "figures": [
            ("oldest_in", f"{max(machine - first_in, 0):.0f}" if first_in else "0"),
            ("oldest_out", f"{max(machine - first_out, 0):.0f}" if first_out else "0"),
            ("disk", f"{free / 1e9:.1f}"),
            ("memory", _free_memory()),
            ("load", " ".join(f"{one:.1f}" for one in os.getloadavg())),
            ("version", str(city.version(unit))),
        ],
        "settings": [
            ("line", "simulated" if settings.simulator else "on"),
            ("mail", "on" if settings.mail else "off"),
            ("replies", "on" if settings.imap_url else "off"),
            ("traffy", "on" if settings.traffy else "off"),
        ],
        "jobs": jobs(visit),
    }


def _free_memory() -> str:
    """Megabytes that programs can still get; a dash where the system does not tell."""
    try:
        lines = _MEMORY.read_text("ascii").splitlines()
    except OSError:
        return "–"
    return next((f"{int(line.split()[1]) // 1024}" for line in lines if line.startswith("MemAvailable")), "–")
