"""Every list of the console as CSV and Excel: what the page shows in rows, under the same headings, to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort

from bot.web import access
from bot.web.console import city, learning, network, people, running, sheets
from bot.web.console.visit import Visit, visiting

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class Listing:
    """``heading``: words of each column as "section.name"; ``rows``: what stands below."""

    heading: str
    rows: Callable[..., Rows]


def _fields(rows: Iterable[dict[str, Any]], names: str) -> Rows:
    return [[row.get(name) for name in names.split()] for row in rows]


def _record(visit: Visit) -> Rows:
    book = visit.talk.book
    for row in city.record(visit):
        better = book.agency_name(row["better"], visit.lang) if row["better"] else ""
        lead = book.agency_name(row["lead"], visit.lang)
        yield row["row"], lead, row["right"], row["wrong"], row["undecided"], better


def _versions(visit: Visit) -> Rows:
    for row in city.versions(visit):
        yield row["version"], row["when"], len(row["changed"]), row["moved"]


def _models(visit: Visit) -> Rows:
    for row in learning.shown(visit)["versions"]:
        yield row["name"], row["about"].get("at") or "", row["about"].get("score") or "", row["used"]


ADMINISTRATORS = {
    "people": Listing(
        "people.name people.role people.where people.since people.until",
        lambda visit: _fields(people.shown(visit)["roles"], "name role where since until"),
    ),
    "corrections": Listing(
        "audit.at learning.text learning.guessed learning.right",
        lambda visit: [row[:4] for row in learning.corrections(visit, running.MOST_EXPORTED)],
    ),
    "models": Listing("learning.version learning.made learning.verdict learning.in_use", _models),
    "record": Listing(
        "routing.row routing.lead routing.right routing.wrong routing.undecided routing.better", _record
    ),
    "versions": Listing("learning.version audit.at city.changed routing.moved", _versions),
    "stuck-in": Listing(
        "messages.at messages.kind messages.reason",
        lambda visit: running.stuck_in(visit, running.MOST_EXPORTED),
    ),
    "stuck-out": Listing(
        "messages.at messages.to messages.purpose messages.reason",
        lambda visit: running.stuck_out(visit, running.MOST_EXPORTED),
    ),
    "quota": Listing("messages.purpose messages.count", running.purposes),
    "audit": Listing(
        "audit.at audit.who audit.agency audit.what audit.case",
        lambda visit: running.looks(visit, "", running.MOST_EXPORTED),
    ),
    "jobs": Listing("health.job health.last health.did", running.jobs),
}
REPRESENTATIVES = {
    "tasks": Listing("network.tasks sheet.text", network.task_rows),
    "decisions": Listing("network.decisions sheet.status_name", network.decision_rows),
    "activities": Listing("network.activities messages.at sheet.status_name", network.activity_rows),
    "cases": Listing(
        "sheet.code sheet.title sheet.status_name sheet.text sheet.place sheet.lead sheet.due network.endorse",
        network.case_rows,
    ),
    "leading": Listing("people.name people.role people.until", network.leading_rows),
}


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/lists/<name>.<kind>")
    @access.only(access.ADMINISTRATOR)
    def administrators_list(name: str, kind: str) -> Response:
        with visiting(wiring) as visit:
            return _download(visit, ADMINISTRATORS.get(name), name, kind)

    @routes.get("/networks/<code>/<name>.<kind>")
    @access.only(access.REPRESENTATIVE)
    def network_list(code: str, name: str, kind: str) -> Response:
        with visiting(wiring) as visit:
            return _download(visit, REPRESENTATIVES.get(name), name, kind, network.hers(visit, code))


def _download(visit: Visit, listing: Listing | None, name: str, kind: str, *more: str) -> Response:
    if listing is None:
        abort(404)
    heading = [
        visit.t[section][word] for section, _, word in (h.partition(".") for h in listing.heading.split())
    ]
    return sheets.download(kind, name, heading, listing.rows(visit, *more))
