"""An administrator founds a network, and every founder gets an invite code of her own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from bot.web import access
from bot.web.console.visit import Visit, page, visiting
from handlers.messages.texts import LANGUAGES
from handlers.services import founding, people
from store.city_data import EVERYWHERE, NetworkRow
from store.words import RoleName

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

MOST_NAME, MOST_GOAL, MOST_FOUNDERS = 80, 400, 10
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,19}", re.ASCII)


class NotSo(ValueError):
    """The form can't be taken as it is; the value names the words that say why."""


@dataclass(frozen=True)
class Founded:
    """The new network, and who gets which code."""

    row: NetworkRow
    codes: list[tuple[str, str]]


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/founding")
    @access.only(access.ADMINISTRATOR)
    def founding_form() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "founding", **_shown(visit))

    @routes.post("/founding")
    @access.only(access.ADMINISTRATOR)
    def found() -> Response:
        """The codes stand on the page that answers and nowhere else."""
        with visiting(wiring, write=True) as visit:
            try:
                made = _found(visit)
            except NotSo as why:
                fault = visit.t["founding"][str(why)]
                return page(
                    visit, "founding", 400, **{**_shown(visit), "fault": fault, "typed": request.form}
                )
            answer = page(visit, "founding", **{**_shown(visit), "made": made})
        wiring.house.forget_book()
        return answer


def _found(visit: Visit) -> Founded:
    row = _row(visit)
    names = [line.strip()[:MOST_NAME] for line in _field("founders").splitlines() if line.strip()]
    if not 1 <= len(names) <= MOST_FOUNDERS:
        raise NotSo("bad_founders")
    founding.found(visit.unit, row)
    return Founded(row, [(name, _code(visit, row.code, name)) for name in names])


def _code(visit: Visit, network: str, name: str) -> str:
    return people.new_invite(
        visit.unit, visit.talk.now, RoleName.REPRESENTATIVE, network=network, name=name, by=visit.person
    )


def _row(visit: Visit) -> NetworkRow:
    book, code = visit.talk.book, _field("code").upper()
    if not _CODE.fullmatch(code) or code in book.networks:
        raise NotSo("bad_code")
    said = {f"{what}_{lang}": _field(f"{what}_{lang}") for what in ("name", "goal") for lang in LANGUAGES}
    most = {"name": MOST_NAME, "goal": MOST_GOAL}
    if any(not words or len(words) > most[key.partition("_")[0]] for key, words in said.items()):
        raise NotSo("bad_words")
    categories = tuple(one for one in request.form.getlist("category") if one in book.categories)
    inside = {area.code for area in book.data.inside}
    areas = tuple(one for one in request.form.getlist("area") if one in inside or one == EVERYWHERE)
    if not categories or not areas:
        raise NotSo("bad_choice")
    integrator = _field("integrator")
    return NetworkRow(
        code=code,
        name_th=said["name_th"],
        name_en=said["name_en"],
        goal_th=said["goal_th"],
        goal_en=said["goal_en"],
        categories=categories,
        areas=(EVERYWHERE,) if EVERYWHERE in areas else areas,
        integrator=integrator if integrator in book.agencies else book.data.city.integrator,
        conditions_th=founding.conditions("th"),
        conditions_en=founding.conditions("en"),
        level="involve",
        kind="issue" if EVERYWHERE in areas else "area",
        founded=True,
    )


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "").strip()


def _shown(visit: Visit) -> dict[str, Any]:
    book, lang = visit.talk.book, visit.lang
    return {
        "categories": [(c.code, book.plain_name(c.code, lang)) for c in book.data.categories],
        "areas": [(a.code, book.name(a, lang)) for a in book.data.inside],
        "agencies": [(a.code, book.agency_name(a.code, lang)) for a in book.data.agencies],
        "centre": book.data.city.integrator,
        "most": {"name": MOST_NAME, "goal": MOST_GOAL},
        "typed": {},
        "fault": "",
        "made": None,
    }
