"""One case with everything an official needs to act on it: words, thread, pictures, neighbours, things, ready answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Blueprint, abort, jsonify, redirect
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console import said
from bot.web.console.rows import rows_of
from bot.web.console.visit import Visit, page, visiting
from bot.web.public import policy_of_map
from handlers.flows import ready, sorting, teaching, work
from handlers.flows.promise import REASONS as PLAN_REASONS
from handlers.messages.neutral import tap
from handlers.rules import handover, lifecycle
from handlers.rules.codes import find_code
from handlers.services import cards, city_map, clocks, lending, seeing
from handlers.services.showcase import Viewer
from store.models import Case, History
from store.queries import cases as rows
from store.queries import people
from store.words import FIXED, OPEN, RowState

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

WORDED = ("accept", "done", "progress", "ask", "answer", "plan", "decline", "invite", "inside")
"""Deeds that the page offers as forms with their words, dates and pictures at once; the rest are plain buttons."""
MOST_ALIKE = 6


@dataclass(frozen=True)
class Happened:
    """One row of the thread."""

    when: str
    iso: str
    who: str
    what: str
    words: str
    inner: bool
    """Only the agencies see it."""


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/cases/<code>")
    @access.only(access.OFFICIAL)
    def case(code: str) -> AnyResponse:
        with visiting(wiring, write=True) as visit:  # the look at unmasked words is written down with it
            found = rows.by_code(visit.unit, find_code(code) or "")
            if found is None:
                abort(404)
            if not visit.talk.acts_on(found):
                return redirect(f"/cases/{found.code}?lang={visit.lang}", 303)
            original = visit.talk.sees_original(found)
            if original:
                seeing.opened(visit.talk, found, seeing.PAGE)
            answer = page(visit, "case", **_shown(visit, found, original))
            if found.lat is not None:
                answer.headers["Content-Security-Policy"] = policy_of_map(visit.talk.book.data.city)
            return answer

    @routes.get("/cases/<code>/map.json")
    @access.only(access.OFFICIAL)
    def case_map(code: str) -> AnyResponse:
        """Where it is, and similar cases around it that she works on."""
        with visiting(wiring) as visit:
            found = rows.by_code(visit.unit, find_code(code) or "")
            if found is None or not visit.talk.acts_on(found) or found.lat is None:
                abort(404)
            return jsonify(_map(visit, found))


def _shown(visit: Visit, case: Case, original: bool) -> dict[str, Any]:
    talk, lang = visit.talk, visit.lang
    card = cards.for_official(talk, case, lang, most=5000, original=original)
    buttons = [made for button in card.buttons if (made := said.pressable(button))]
    offered = {dict(parse_qsl(b.get("data", ""))).get("do", "").removeprefix("case.") for b in buttons}
    deeds = work.deeds(talk, case) if case.status in lifecycle.BEFORE_DONE else ["inside", "photo"]
    return {
        "case": case,
        "card": card,
        "words": case.text if original else case.public_text,
        "removed": not case.text,
        "status_name": cards.status_of(case, lang),
        "offered": [name for name in WORDED if name in offered or name in deeds],
        "plain": [*_plain(buttons), *_others(visit, case, deeds)],
        "links": [b for b in buttons if "uri" in b],
        "photos": [(p.role, p.token) for p in case.photos if p.state == RowState.DONE],
        "history": [_row(visit, row, original) for row in reversed(case.history) if original or row.public],
        "reports": _reports(visit, case, original),
        "network": talk.book.networks.get(case.network or ""),
        "holder": work.holder(talk, case),
        "alike": rows_of(visit, _alike(visit, case), 100),
        "things": said.shown_cards([lending.card(talk, case, one, lang) for one in lending.near(talk, case)]),
        "ready": _ready(visit, case),
        "reasons": [(name, talk.say(f"decline.{name}")) for name in handover.REASONS],
        "why_later": [(name, talk.say(f"plan.why_{name}")) for name in PLAN_REASONS if name != "other"],
        "agencies": [(a.code, talk.book.agency_name(a.code, lang)) for a in talk.book.data.agencies],
        "assigns": talk.integrates(case) and case.status in OPEN,
        "tiles": (talk.book.data.city.tiles, talk.book.data.city.tiles_by),
        "today": talk.now.astimezone(talk.book.zone).date().isoformat(),
    }


def _plain(buttons: list[said.Shown]) -> list[said.Shown]:
    """Buttons that need no form of their own and stand nowhere else on the page."""
    elsewhere = {f"case.{name}" for name in (*WORDED, "more", "show")} | {"lend.near"}
    return [b for b in buttons if "data" in b and dict(parse_qsl(b["data"])).get("do") not in elsewhere]


def _others(visit: Visit, case: Case, deeds: list[str]) -> list[said.Shown]:
    talk = visit.talk
    names = [name for name in deeds if name not in (*WORDED, "photo", "ready")]
    made = [tap(talk.say(f"button.{name}"), f"case.{name}", case=case.code) for name in names]
    made += [sorting.button(talk, case), *teaching.button(talk, case)]
    return [shown for button in made if (shown := said.pressable(button))]


def _alike(visit: Visit, case: Case) -> list[Case]:
    found = rows.alike(visit.unit, case, MOST_ALIKE * 2)
    return [other for other in found if visit.talk.acts_on(other)][:MOST_ALIKE]


def _map(visit: Visit, case: Case) -> dict[str, Any]:
    """The same shape as the public map has, this case first; a desk sees the exact spot."""
    talk = visit.talk
    viewer = Viewer(visit.unit, talk.book, talk.now, visit.lang)
    shown = [case, *(other for other in _alike(visit, case) if other.lat is not None)]
    kinds = list(dict.fromkeys(one.category or "other" for one in shown))
    return {
        "areas": city_map.areas(viewer),
        "places": city_map.places(viewer),
        "kinds": [talk.book.category_name(code, visit.lang) for code in kinds],
        "points": [
            [one.lat, one.lon, one.code, kinds.index(one.category or "other"), _state(visit, one)]
            for one in shown
        ],
        "cells": [],
    }


def _state(visit: Visit, case: Case) -> int:
    if case.status in FIXED:
        return city_map.DONE
    due = clocks.shown(case)
    return city_map.LATE if due and due.due_at < visit.talk.now else city_map.FINE


def _ready(visit: Visit, case: Case) -> list[tuple[str, str, str]]:
    """Ready answers: key, name, words filled in for this case."""
    if not visit.talk.leads(case) or case.status not in lifecycle.BEFORE_DONE:
        return []
    name = "name_en" if visit.lang == "en" else "name_th"
    usable = ready.usable(visit.talk, case)
    return [
        (ready.key(row), getattr(row, name), ready.words(visit.talk, case, row, visit.lang) or "")
        for row in usable
    ]


def _reports(visit: Visit, case: Case, original: bool) -> list[tuple[str, str]]:
    """What further people wrote: when, and their words; only for those who may read them."""
    if not original:
        return []
    return [(visit.when(report.created_at), report.text) for report in case.reports[1:]]


def _row(visit: Visit, row: History, original: bool) -> Happened:
    talk, lang = visit.talk, visit.lang
    lead = talk.book.agency_name(row.data.get("lead") or row.agency, lang)
    kind = talk.book.plain_name(str(row.data.get("category", "")), lang)
    to = people.by_ids(visit.unit, [row.data["to"]]) if row.data.get("to") else []
    said_so = talk.say(
        f"history.{row.kind}",
        lead=lead,
        category=kind,
        codes=cards.codes_of(row),
        who=to[0].name if to else "",
    )
    if row.data.get("undone"):
        said_so = talk.say("history.taken_back", line=said_so)
    return Happened(
        when=visit.when(row.at),
        iso=row.at.isoformat(),
        who=_who(visit, row),
        what=said_so,
        words=row.text if row.kind != "reported" and original else "",
        inner=not row.public,
    )


def _who(visit: Visit, row: History) -> str:
    """The colleague or the agency that acted; a citizen stays without a name."""
    if row.role not in ("official", "coordinator"):
        return visit.t["case"].get(f"by_{row.role}", "")
    found = people.by_ids(visit.unit, [row.person_id]) if row.person_id else []
    return (found[0].name if found else "") or visit.talk.book.agency_name(row.agency, visit.lang)
