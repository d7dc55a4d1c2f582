"""A representative's desk: her networks, members to call, what members think, decisions, activities, rules, terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console import said
from bot.web.console.rows import Row, rows_of
from bot.web.console.visit import Visit, back_to, page, visiting, words
from handlers import dispatch
from handlers.flows import belonging
from handlers.services import network_desk, network_life, tasks
from store.issues import issues
from store.queries import activities, board, charters, decisions, digests, members
from store.queries import networks as rows
from store.queries.board import Wanted
from store.words import OPEN

if TYPE_CHECKING:
    from bot.bootstrap import Wiring


MOST_CASES, MOST_SHOWN, MOST_LISTED = 12, 20, 1000


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/networks")
    @access.only(access.REPRESENTATIVE)
    def networks() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "networks", networks=[_brief(visit, code) for code in visit.talk.represents])

    @routes.get("/networks/<code>")
    @access.only(access.REPRESENTATIVE)
    def network(code: str) -> Response:
        with visiting(wiring) as visit:
            return page(visit, "network", **_shown(visit, hers(visit, code)))

    @routes.post("/networks/<code>/charter")
    @access.only(access.REPRESENTATIVE)
    def charter(code: str) -> AnyResponse:
        """New words of the charter; every member is asked about them."""
        thai, english = (request.form.get(f"text_{lang}", "").strip() for lang in ("th", "en"))
        with visiting(wiring, write=True) as visit:
            told = network_desk.new_charter(visit.talk, hers(visit, code), thai, english)
            t = visit.t["network"]
        words(wiring, t[f"charter_{told}"], bad=told not in ("kept", "same"))
        return back_to(f"/console/networks/{code}")

    @routes.post("/networks/<code>/term")
    @access.only(access.REPRESENTATIVE)
    def term(code: str) -> AnyResponse:
        """Until when a leading member leads; her term ends by itself then."""
        with visiting(wiring, write=True) as visit:
            until = _day(visit, request.form.get("until", ""))
            number = request.form.get("member", "")
            known = number.isascii() and number.isdigit() and len(number) < 18
            done = (
                until is not None
                and known
                and network_desk.set_term(visit.talk, hers(visit, code), int(number), until)
            )
            t = visit.t["network"]
        words(wiring, t["term_kept" if done else "term_bad"], bad=not done)
        return back_to(f"/console/networks/{code}")


def hers(visit: Visit, code: str) -> str:
    """The network's code; 404 for one she does not represent, as if there were none."""
    if code not in visit.talk.represents or code not in visit.talk.book.networks:
        abort(404)
    return code


def _day(visit: Visit, told: str) -> datetime | None:
    try:
        end = datetime.combine(date.fromisoformat(told) + timedelta(days=1), time(0), visit.talk.book.zone)
    except (ValueError, OverflowError):
        return None
    return end if end > visit.talk.now else None


def _brief(visit: Visit, code: str) -> dict[str, Any]:
    row = visit.talk.book.networks[code]
    return {
        "code": code,
        "name": visit.talk.book.name(row, visit.lang),
        "members": rows.size(visit.unit, code),
        "tasks": len(members.tasks(visit.unit, code)),
    }


def _shown(visit: Visit, code: str) -> dict[str, Any]:
    talk, unit = visit.talk, visit.unit
    row = talk.book.networks[code]
    report = network_life.report(unit, talk.book, row, talk.now)
    return {
        "code": code,
        "name": talk.book.name(row, visit.lang),
        "goal": row.goal_en if visit.lang == "en" else row.goal_th,
        "report": report,
        "summary": _of_chat(visit, "network.show", code),
        "opinions": said.shown(_asked(visit, "opinion.sum", code, belonging.opinions_told)),
        "tasks": _tasks(visit, code),
        "polls": [(p.id, p.question, p.state) for p in decisions.of_network(unit, code)][:MOST_SHOWN],
        "activities": [
            (a.id, a.title, visit.when(a.starts_at), a.state) for a in activities.of_network(unit, code)
        ][:MOST_SHOWN],
        "charter": charters.charter(unit, code),
        "leading": network_desk.leading(talk, code),
        "cases": cases_of(visit, code),
        "zone": talk.book.zone,
    }


def _tasks(visit: Visit, code: str) -> list[said.Shown]:
    talk = visit.talk
    return said.shown_cards([tasks.card(talk, task, visit.lang) for task in members.tasks(visit.unit, code)])


def cases_of(visit: Visit, code: str, most: int = MOST_CASES) -> list[tuple[Row, int]]:
    """Open cases of the network that everybody may see, urgent and new ones first, and how many stand behind each."""
    wanted = Wanted(leads=None, statuses=tuple(OPEN), network=code)
    found, _ = board.page(visit.unit, wanted, 0, most)
    seen = [case for case in found if issues().public(case.category or "")]
    behind = digests.endorsed_of(visit.unit, [case.id for case in seen])
    return [(row, behind.get(row.id, 0)) for row in rows_of(visit, seen, 140)]


def _of_chat(visit: Visit, do: str, code: str) -> list[said.Shown]:
    return said.shown(_asked(visit, do, code, dispatch.TAPS[do]))


def _asked(visit: Visit, do: str, code: str, flow: dispatch.Flow) -> Any:
    """What the chat would show her, without a turn of its own: these flows only look."""
    talk = visit.talk
    talk.incoming = replace(talk.incoming, data={"do": do, "network": code})
    return flow(talk)


# --- the same in rows, to take away


def task_rows(visit: Visit, code: str) -> list[tuple[str, str]]:
    return [(one["title"], one["text"]) for one in _tasks(visit, code)]


def decision_rows(visit: Visit, code: str) -> list[tuple[str, str]]:
    t = visit.t["network"]
    return [
        (p.question or t["draft"], t.get(p.state, p.state)) for p in decisions.of_network(visit.unit, code)
    ]


def activity_rows(visit: Visit, code: str) -> list[tuple[str, str, str]]:
    t = visit.t["network"]
    found = activities.of_network(visit.unit, code)
    return [(a.title or t["draft"], visit.when(a.starts_at), t.get(a.state, a.state)) for a in found]


def case_rows(visit: Visit, code: str) -> list[tuple[str, str, str, str, str, str, str, int]]:
    found = cases_of(visit, code, MOST_LISTED)
    return [(r.code, r.title, r.status_name, r.text, r.place, r.lead, r.due, n) for r, n in found]


def leading_rows(visit: Visit, code: str) -> list[tuple[str, str, str]]:
    t = visit.t["network"]
    found = network_desk.leading(visit.talk, code)
    return [(one.name or t["unnamed"], t[f"role_{one.role}"], visit.when(one.last)) for one in found]
