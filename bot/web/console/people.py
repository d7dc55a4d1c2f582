"""Who may do what: everybody with a role, ending one, and codes for new people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console.visit import Visit, back_to, page, visiting, words
from handlers.services import people, staff
from store.models import Role
from store.queries import people as rows
from store.words import AGENCY_ROLES, RoleName

if TYPE_CHECKING:
    from bot.bootstrap import Wiring


class NotSo(ValueError):
    """The form can't be taken as it is; the value names the words that say why."""


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/people")
    @access.only(access.ADMINISTRATOR)
    def everybody() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "people", **shown(visit))

    @routes.post("/people/<int:number>/end")
    @access.only(access.ADMINISTRATOR)
    def end(number: int) -> AnyResponse:
        with visiting(wiring, write=True) as visit:
            t = visit.t["people"]
            role = rows.role_by_id(visit.unit, number) if number < 2**63 else None
            if role is None or not role.runs(visit.talk.now):
                told, bad = t["not_there"], True
            elif _last(visit, role):
                told, bad = t["not_last"], True
            else:
                told, bad = t["ended"].format(n=staff.end_role(visit.talk, role)), False
        words(wiring, told, bad=bad)
        return back_to("/console/people")

    @routes.post("/people/invite")
    @access.only(access.ADMINISTRATOR)
    def invite() -> Response:
        """The code stands on the page that answers and nowhere else."""
        with visiting(wiring, write=True) as visit:
            t = visit.t["people"]
            try:
                name, code = _invited(visit)
            except NotSo as why:
                return page(visit, "people", 400, **{**shown(visit), "fault": t[str(why)]})
            told = t["code"].format(role=visit.talk.say(f"role.{name}"), code=code)
            return page(visit, "people", **{**shown(visit), "code": told})


def _last(visit: Visit, role: Role) -> bool:
    """Whether nobody would be left who can give roles."""
    if role.name != RoleName.ADMINISTRATOR:
        return False
    found = rows.roles_of(visit.unit, (RoleName.ADMINISTRATOR,))
    return sum(one.runs(visit.talk.now) for one in found) < 2


def _invited(visit: Visit) -> tuple[str, str]:
    """Role and code; raises ``NotSo``."""
    form, book = request.form, visit.talk.book
    told = form.get("role", "")
    if told not in list(RoleName):
        raise NotSo("bad_role")
    role, agency, network = RoleName(told), form.get("agency", ""), form.get("network", "")
    if role in AGENCY_ROLES and agency not in book.agencies:
        raise NotSo("needs_agency")
    if role == RoleName.REPRESENTATIVE and network not in book.networks:
        raise NotSo("needs_network")
    code = people.new_invite(
        visit.unit,
        visit.talk.now,
        role,
        agency=agency if role in AGENCY_ROLES else None,
        network=network if role == RoleName.REPRESENTATIVE else None,
        name=form.get("name", "").replace("\x00", "").strip()[:80],
        until=_until(visit, form.get("until", "")),
        by=visit.person,
    )
    return role.value, code


def _until(visit: Visit, told: str) -> datetime | None:
    if not told:
        return None
    try:
        end = datetime.combine(date.fromisoformat(told) + timedelta(days=1), time(0), visit.talk.book.zone)
    except (ValueError, OverflowError):
        raise NotSo("bad_term") from None
    if end <= visit.talk.now:
        raise NotSo("bad_term")
    return end


def shown(visit: Visit) -> dict[str, Any]:
    book, lang = visit.talk.book, visit.lang
    found = [role for role in rows.roles_of(visit.unit, tuple(RoleName)) if role.runs(visit.talk.now)]
    return {
        "roles": [_row(visit, role) for role in found],
        "kinds": [(name.value, visit.talk.say(f"role.{name.value}")) for name in RoleName],
        "agencies": [(a.code, book.agency_name(a.code, lang)) for a in book.data.agencies],
        "networks": [(n.code, book.name(n, lang)) for n in book.networks.values()],
        "code": "",
        "fault": "",
    }


def _row(visit: Visit, role: Role) -> dict[str, Any]:
    book, lang = visit.talk.book, visit.lang
    network = book.networks.get(role.network or "")
    return {
        "id": role.id,
        "name": role.person.name or visit.t["people"]["unnamed"],
        "role": visit.talk.say(f"role.{role.name}"),
        "where": book.name(network, lang) if network else book.agency_name(role.agency, lang),
        "since": visit.when(role.since),
        "until": visit.when(role.until) or visit.t["people"]["forever"],
    }
