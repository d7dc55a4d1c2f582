"""An official's work: her board, the list with its filters, deeds on several cases at once, and the list as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console import said, sheets
from bot.web.console.rows import rows_of
from bot.web.console.visit import Visit, back_to, page, visiting
from handlers import web_turn
from handlers.flows import grouping
from handlers.rules.codes import find_code
from handlers.services import desks
from handlers.services.morning import shown as capped
from store.models import Case
from store.queries import board, doors
from store.queries.board import Wanted
from store.queries.desk import LISTS, MOST_COUNTED
from store.words import OPEN, Status

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

COLUMNS = ("new", "mine", "waiting", "overdue")
A_COLUMN, A_PAGE = 6, 30
STATUSES = {
    "open": tuple(OPEN),
    "late_steps": (Status.DONE, Status.REOPENED),
    "over": (Status.CLOSED, Status.REJECTED, Status.MERGED),
}
"""Groups of statuses that a filter knows beside each single one."""


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/")
    @access.only(access.SIGNED_IN)
    def work() -> AnyResponse:
        """Her board; whoever is no official is led to where her own work is."""
        with visiting(wiring) as visit:
            if access.OFFICIAL not in visit.groups:
                return redirect("/console/home", 303)
            return page(visit, "board", **_board(visit))

    @routes.get("/cases")
    @access.only(access.OFFICIAL)
    def cases() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "cases", **_listed(visit))

    @routes.get("/cases.<kind>")
    @access.only(access.OFFICIAL)
    def file(kind: str) -> Response:
        with visiting(wiring) as visit:
            found = rows_of(visit, _all(visit), 2000)
            t = visit.t["sheet"]
            columns = (
                "code",
                "title",
                "status_name",
                "urgent",
                "text",
                "place",
                "lead",
                "opened",
                "due",
                "people",
            )
            rows = [[getattr(row, name) for name in columns] for row in found]
            return sheets.download(kind, "cases", [t[name] for name in columns], rows)

    @routes.post("/cases/bulk")
    @access.only(access.OFFICIAL)
    def bulk() -> AnyResponse:
        with visiting(wiring, write=True) as visit:
            data = {"do": "group.do", "how": request.form.get("how", ""), "cases": ".".join(_chosen())}
            text = request.form.get("text", "")
            outcome = web_turn.press(visit.talk, visit.person, visit.lang, data, text)
            doors.say(visit.unit, visit.session.id, said.shown(outcome))
        return back_to(request.form.get("back", ""), "/console/cases")


def _chosen() -> list[str]:
    return [number for number in request.form.getlist("case") if number.isascii() and number.isdigit()]


# --- the board


def _board(visit: Visit) -> dict[str, Any]:
    talk = visit.talk
    desk = desks.desk_of(talk, visit.person, talk.agencies)
    counts = desks.counts(talk, desk)
    columns = [
        (name, capped(counts[name]), rows_of(visit, desks.page(talk, desk, name, 0, A_COLUMN), 90))
        for name in COLUMNS
    ]
    others = [(name, capped(counts[name])) for name in LISTS if name not in COLUMNS]
    agencies = [talk.book.agency_name(code, visit.lang) for code in talk.agencies]
    return {"columns": columns, "others": others, "agencies": agencies}


# --- the list


@dataclass(frozen=True)
class Asked:
    """The filters of an address, those that fit, and the ready list that was asked for ("" = by filters)."""

    wanted: Wanted
    chosen: dict[str, str]
    desk: str = ""
    number: int = 0


def asked_for(visit: Visit) -> Asked:
    """Reads the address; what can't be is left out, so that a hand-made address never shows more than its reader may see."""
    talk, args = visit.talk, request.args
    book = talk.book
    mine = tuple(talk.agencies)
    everything = book.data.city.integrator in talk.coordinates
    lead = args.get("lead", "")
    chosen = {
        "lead": lead if lead in mine or (everything and (lead in book.agencies or lead == "*")) else "",
        "status": args.get("status", "open"),
        "category": _one_of(args.get("category", ""), book.categories),
        "area": _one_of(args.get("area", ""), book.areas),
        "network": _one_of(args.get("network", ""), book.networks),
        "who": _one_of(args.get("who", ""), ("me", "nobody")),
        "q": args.get("q", "").replace("\x00", "").strip()[:100],
    }
    if chosen["status"] not in (*STATUSES, *Status, "all"):
        chosen["status"] = "open"
    wanted = Wanted(
        leads=None if chosen["lead"] == "*" else (chosen["lead"],) if chosen["lead"] else mine,
        statuses=_statuses(chosen["status"]),
        category=chosen["category"],
        area=chosen["area"],
        network=chosen["network"],
        hands=(visit.person.id,) if chosen["who"] == "me" else (),
        nobodys=chosen["who"] == "nobody",
        words="" if find_code(chosen["q"]) else chosen["q"],
        code=find_code(chosen["q"]) or "",
    )
    told = args.get("page", "")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 0
    return Asked(wanted, chosen, _one_of(args.get("list", ""), LISTS), number)


def _one_of(value: str, known: Any) -> str:
    return value if value in known else ""


def _statuses(name: str) -> tuple[str, ...]:
    return () if name == "all" else STATUSES.get(name, (name,))


def _listed(visit: Visit) -> dict[str, Any]:
    talk, asked = visit.talk, asked_for(visit)
    start = asked.number * A_PAGE
    if asked.desk:
        desk = desks.desk_of(talk, visit.person, talk.agencies)
        total = desks.counts(talk, desk)[asked.desk]
        found, label = desks.page(talk, desk, asked.desk, start, A_PAGE), capped(total)
    else:
        found, total = board.page(visit.unit, asked.wanted, start, A_PAGE)
        label = str(total) if total < board.MOST_COUNTED else f"{total}+"
    query = {**asked.chosen, "list": asked.desk}
    return {
        "rows": rows_of(visit, found),
        "total": label,
        "chosen": asked.chosen,
        "desk": asked.desk,
        "number": asked.number,
        "more": start + A_PAGE < total,
        "query": {key: value for key, value in query.items() if value},
        "choices": _choices(visit),
        "deeds": grouping.DEEDS,
        "desks": LISTS,
    }


def _all(visit: Visit) -> list[Case]:
    """Everything that fits, as far as a file goes."""
    asked = asked_for(visit)
    if asked.desk:
        desk = desks.desk_of(visit.talk, visit.person, visit.talk.agencies)
        return desks.page(visit.talk, desk, asked.desk, 0, MOST_COUNTED)
    return board.page(visit.unit, asked.wanted, 0, board.MOST_EXPORTED)[0]


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, words)."""
    book, lang, t = visit.talk.book, visit.lang, visit.t
    everything = book.data.city.integrator in visit.talk.coordinates
    leads = [*book.agencies] if everything else visit.talk.agencies
    stars = [("*", t["filter"]["everybody"])] if everything else []
    return {
        "status": [
            *((name, t["filter"][name]) for name in (*STATUSES, "all")),
            *((status.value, visit.talk.say(f"status.{status.value}")) for status in Status),
        ],
        "category": [(c.code, book.plain_name(c.code, lang)) for c in book.data.categories],
        "area": [(a.code, book.name(a, lang)) for a in book.data.inside],
        "network": [(n.code, book.name(n, lang)) for n in book.networks.values()],
        "lead": [*stars, *((code, book.agency_name(code, lang)) for code in leads)],
        "who": [("me", t["filter"]["me"]), ("nobody", t["filter"]["nobody"])],
    }
