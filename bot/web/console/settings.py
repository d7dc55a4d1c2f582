"""What `city.toml` says as a form: the city's names, its hours, its emergency numbers, its map and open data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console.sheets import NotText, uploaded
from bot.web.console.visit import Visit, back_to, page, visiting, words
from handlers.services import city_desk
from handlers.services.city_desk import SETTINGS
from store import city_settings_text
from store.city_settings_text import Document, Section

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

FORMS = ("city", "hours", "quiet", "emergency", "groups", "map", "open_data")
"""Sections that the form shows; the others stay as they are."""
LONG = ("privacy_contact_th", "privacy_contact_en")
EMPTY_ROWS = 2
"""Further emergency numbers that can be written at once."""


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/settings")
    @access.only(access.ADMINISTRATOR)
    def settings() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "settings", **_shown(visit))

    @routes.get("/settings/download")
    @access.only(access.ADMINISTRATOR)
    def settings_file() -> Response:
        with visiting(wiring) as visit:
            text = city_settings_text.as_toml(city_settings_text.document(visit.talk.book.data.city))
        headers = {"Content-Disposition": f'attachment; filename="{SETTINGS}"'}
        return Response(text.encode(), content_type="application/toml; charset=utf-8", headers=headers)

    @routes.post("/settings")
    @access.only(access.ADMINISTRATOR)
    def change_settings() -> AnyResponse:
        with visiting(wiring, write=True) as visit:
            found = city_settings_text.document(visit.talk.book.data.city)
            text = city_settings_text.as_toml(_typed(found))
            upload = city_desk.keep(visit.talk, visit.person, SETTINGS, text)
            return redirect(f"/console/city/uploads/{upload.id}", 303)

    @routes.post("/settings/upload")
    @access.only(access.ADMINISTRATOR)
    def send_settings() -> AnyResponse:
        try:
            text = uploaded("table")
        except NotText as why:
            with visiting(wiring) as visit:
                told = visit.t["city"][str(why)]
            words(wiring, told, bad=True)
            return back_to("/console/settings")
        with visiting(wiring, write=True) as visit:
            upload = city_desk.keep(visit.talk, visit.person, SETTINGS, text)
            return redirect(f"/console/city/uploads/{upload.id}", 303)


def _shown(visit: Visit) -> dict[str, Any]:
    found = city_settings_text.document(visit.talk.book.data.city)
    book = visit.talk.book
    agencies = [(one.code, book.agency_name(one.code, visit.lang)) for one in book.data.agencies]
    return {
        "sections": [(name, _lines(name, found[name])) for name in FORMS],
        "agencies": agencies,
        "long": LONG,
    }


def _lines(name: str, section: Section | list[Section] | dict[str, Section]) -> list[tuple[str, Section]]:
    """What stands together: a heading of its own ("" where the section has none) and its cells by address."""
    if isinstance(section, list):
        blank: list[Section] = [{"number": "", "label_th": "", "label_en": ""} for _ in range(EMPTY_ROWS)]
        rows = [*section, *blank]
        return [
            (str(n + 1), {f"{name}/{n}/{key}": cell for key, cell in row.items()})
            for n, row in enumerate(rows)
        ]
    if name == "groups":
        return [
            (str(code), {f"{name}/{code}/{key}": cell for key, cell in one.items()})
            for code, one in section.items()
            if isinstance(one, dict)
        ]
    cells = (
        {"jurisdiction": "", "licence": "", "licence_url": ""} | section if name == "open_data" else section
    )
    return [("", {f"{name}/{key}": str(cell) for key, cell in cells.items()})]


def _typed(found: Document) -> Document:
    """The document with what the form says; cells that no form shows stay."""
    typed: Document = dict(found)
    for name in FORMS:
        lines = _lines(name, found[name])
        filled = [(head, {path: _cell(path, was) for path, was in cells.items()}) for head, cells in lines]
        rows = [
            (head, {path.rpartition("/")[2]: cell for path, cell in cells.items()}) for head, cells in filled
        ]
        if isinstance(found[name], list):
            typed[name] = [row for _, row in rows]
        else:
            typed[name] = dict(rows) if name == "groups" else rows[0][1]
    return typed


def _cell(path: str, was: str) -> str:
    return request.form.get(path, was).replace("\x00", "").replace("\r\n", "\n").strip()
