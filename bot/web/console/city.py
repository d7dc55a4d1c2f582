"""The city's data: tables to download, edit row by row or as a file, with a look at what would change before a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console import faults, sheets, texts
from bot.web.console.sheets import NotText, uploaded
from bot.web.console.visit import Visit, back_to, page, visiting, words
from handlers.rules.city_check import Finding
from handlers.services import city_desk, routing
from handlers.services.city_desk import CityRefused
from handlers.services.routing import LOOK_BACK
from store import city_tables
from store.city_tables import TABLES, CityFaults
from store.models import CityUpload

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

MOST_SHOWN = 200
"""Changed rows that are written out; of more the number is said."""
NEW = "new"


def add(routes: Blueprint, wiring: Wiring) -> None:
    _tables(routes, wiring)
    _uploads(routes, wiring)
    _proposals(routes, wiring)

    @routes.get("/routing")
    @access.only(access.ADMINISTRATOR)
    def try_routing() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "routing", **_routing(visit))


def _tables(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/city")
    @access.only(access.ADMINISTRATOR)
    def city() -> Response:
        with visiting(wiring) as visit:
            tables = [
                (file, _name(file), len(city_tables.rows_of_table(visit.talk.book.data, file)))
                for file in TABLES
            ]
            return page(visit, "city", tables=tables)

    @routes.get("/city/<file>")
    @access.only(access.ADMINISTRATOR)
    def table(file: str) -> Response:
        _known(file)
        with visiting(wiring) as visit:
            rows = city_tables.rows_of_table(visit.talk.book.data, file)
            return page(visit, "table", file=file, name=_name(file), columns=TABLES[file].columns, rows=rows)

    @routes.get("/city/<file>/download")
    @access.only(access.ADMINISTRATOR)
    def download(file: str) -> Response:
        _known(file)
        with visiting(wiring) as visit:
            rows = city_tables.rows_of_table(visit.talk.book.data, file)
            if request.args.get("as") == "xlsx":
                return sheets.download("xlsx", _name(file), TABLES[file].columns, rows)
            text = city_tables.as_csv(file, rows)
        headers = {"Content-Disposition": f'attachment; filename="{file}"'}
        return Response(text.encode(), content_type="text/csv; charset=utf-8", headers=headers)

    @routes.get("/city/<file>/<number>")
    @access.only(access.ADMINISTRATOR)
    def row(file: str, number: str) -> AnyResponse:
        _known(file)
        with visiting(wiring) as visit:
            rows, columns = city_tables.rows_of_table(visit.talk.book.data, file), TABLES[file].columns
            at = _at(number, len(rows))
            if at is None:
                abort(404)
            cells = rows[at] if at < len(rows) else [""] * len(columns)
            pairs = list(zip(columns, cells, strict=True))
            return page(
                visit, "row", file=file, name=_name(file), number=number, cells=pairs, new=number == NEW
            )


def _uploads(routes: Blueprint, wiring: Wiring) -> None:
    @routes.post("/city/<file>/<number>")
    @access.only(access.ADMINISTRATOR)
    def edit(file: str, number: str) -> AnyResponse:
        """One row as a form: the table with that row as it was typed goes the way of a file."""
        _known(file)
        with visiting(wiring, write=True) as visit:
            rows, columns = city_tables.rows_of_table(visit.talk.book.data, file), TABLES[file].columns
            at = _at(number, len(rows))
            if at is None:
                abort(404)
            typed = [
                request.form.get(f"c-{column}", "").replace("\x00", "").replace("\r\n", "\n")
                for column in columns
            ]
            rows[at : at + 1] = [] if request.form.get("remove") == "1" else [typed]
            upload = city_desk.keep(visit.talk, visit.person, file, city_tables.as_csv(file, rows))
            return redirect(f"/console/city/uploads/{upload.id}", 303)

    @routes.post("/city/<file>")
    @access.only(access.ADMINISTRATOR)
    def upload(file: str) -> AnyResponse:
        _known(file)
        try:
            content = uploaded("table")
        except NotText as why:
            with visiting(wiring) as visit:
                told = visit.t["city"][str(why)]
            words(wiring, told, bad=True)
            return back_to(f"/console/city/{file}")
        with visiting(wiring, write=True) as visit:
            kept = city_desk.keep(visit.talk, visit.person, file, content)
            return redirect(f"/console/city/uploads/{kept.id}", 303)


def _proposals(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/city/uploads/<int:number>")
    @access.only(access.ADMINISTRATOR)
    def proposed(number: int) -> Response:
        with visiting(wiring) as visit:
            found = _hers(visit, number)
            values = _previewed(visit, found)
            return page(visit, "preview", 400 if values["faults"] else 200, **values)

    @routes.post("/city/uploads/<int:number>")
    @access.only(access.ADMINISTRATOR)
    def decide(number: int) -> AnyResponse:
        with visiting(wiring, write=True) as visit:
            found = _hers(visit, number)
            t, back = visit.t["city"], _home(found.file)
            if request.form.get("yes") == "1":
                try:
                    came = city_desk.apply(visit.talk, visit.person, found)
                except (CityFaults, CityRefused):
                    return redirect(f"/console/city/uploads/{number}", 303)
            else:
                city_desk.drop(visit.talk, found)
                came = "dropped"
        wiring.house.forget_book()
        words(wiring, t.get(came, t["stale"]), bad=came not in ("applied", "dropped"))
        return back_to(back)


def _known(file: str) -> None:
    if file not in TABLES:
        abort(404)


def _name(file: str) -> str:
    return "settings" if file == city_desk.SETTINGS else file.removesuffix(".csv")


def _home(file: str) -> str:
    """The page of a table; settings and texts have pages of their own."""
    return {city_desk.SETTINGS: "/console/settings", city_desk.TEXTS: "/console/texts"}.get(
        file, f"/console/city/{file}"
    )


def _at(number: str, rows: int) -> int | None:
    """Where a row stands; one past the last for a new one."""
    if number == NEW:
        return rows
    known = number.isascii() and number.isdigit() and len(number) < 7
    return int(number) if known and int(number) < rows else None


def _hers(visit: Visit, number: int) -> CityUpload:
    found = city_desk.of(visit.talk, visit.person, number) if number < 2**63 else None
    return found or abort(404)


# --- before the yes


def _previewed(visit: Visit, upload: CityUpload) -> dict[str, Any]:
    """What the page shows of an upload: faults, or changes with their effect."""
    name = _name(upload.file)
    values: dict[str, Any] = {
        "number": upload.id,
        "file": upload.file,
        "home": _home(upload.file),
        "name": name,
        "faults": [],
        "changes": [],
    }
    try:
        found = city_desk.preview(visit.talk, upload)
    except CityFaults as wrong:
        t = visit.t["city"]
        said = [
            (
                t["fault_row"].format(file=f.file, row=f.row) if f.row else f.file,
                faults.reason(visit.lang, f.reason),
            )
            for f in wrong.faults
        ]
        return {**values, "faults": said}
    except CityRefused as refused:
        return {**values, "faults": [("", _said(visit, finding)) for finding in refused.findings]}
    warned = [_said(visit, finding) for finding in found.warnings][:10]
    return {
        **values,
        "changes": found.changes[:MOST_SHOWN],
        "total": len(found.changes),
        "warnings": warned,
        "effect": found.effect,
        "phones": texts.on_phones(visit, found.after.texts, [one.key for one in found.changes[:MOST_SHOWN]])
        if upload.file == city_desk.TEXTS
        else [],
    }


def _said(visit: Visit, finding: Finding) -> str:
    """A finding about the whole city in words."""
    words_of = visit.t["finding"][finding.key.removeprefix("city.").replace(".", "_")].format(**finding.data)
    position = finding.data.get("position")
    return f"{visit.t['routing']['row']} {position}: {words_of}" if position else words_of


# --- where a case would go


def _routing(visit: Visit) -> dict[str, Any]:
    talk, book, args = visit.talk, visit.talk.book, request.args
    text, category, area = (args.get(name, "").strip()[:2000] for name in ("text", "category", "area"))
    read = talk.house.understander(visit.unit).understand(text) if text else None
    category = category if category in book.categories else read.category if read else ""
    area = area if area in book.areas else (read.place.area or "") if read and read.place else ""
    urgent = args.get("urgent") == "1" or bool(read and read.urgent)
    found = routing.forecast(book, area or None, category, urgent) if category in book.categories else None
    return {
        "text": text,
        "category": category,
        "area": area,
        "urgent": urgent,
        "read": read,
        "found": found,
        "asked": bool(args),
        "categories": [(c.code, book.plain_name(c.code, visit.lang)) for c in book.data.categories],
        "areas": [(a.code, book.name(a, visit.lang)) for a in book.data.inside],
        "category_name": lambda code: book.plain_name(code, visit.lang),
        "agency": lambda code: book.agency_name(code, visit.lang),
        "record": record(visit),
        "versions": versions(visit)[:10],
    }


def record(visit: Visit) -> list[dict[str, Any]]:
    """How each row of the routing table did in the last 90 days."""
    return routing.statistics(visit.unit, visit.talk.book, visit.talk.now - LOOK_BACK)


def versions(visit: Visit) -> list[dict[str, Any]]:
    """States of the routing rows, the newest first."""
    return [{**row, "when": visit.when(row["at"])} for row in routing.versions(visit.unit)]
