"""`/open-data` and what hangs on it: tables, data dictionary, feeds, figures for other sites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request

from bot.web import access, public
from bot.web.opendata import exports, feeds, figures
from bot.web.opendata.fields import FIELDS, Writer
from bot.web.opendata.texts import texts
from handlers.house import NoCity
from handlers.messages.texts import sentences
from handlers.services import open_cases
from handlers.services.intake import city_time
from handlers.services.showcase import Viewer
from store.issues import issues
from store.queries import open_cases as rows
from store.queries.open_cases import Wanted

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

_SOON = "public, max-age=60"
EMBED_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def blueprint(wiring: Wiring) -> Blueprint:
    """All routes of the open data. Everybody may; other sites may read and frame what is meant for them."""
    routes = Blueprint("opendata", __name__, template_folder="../templates")
    access.allow(routes, access.PUBLIC)
    counter = figures.Counter()
    _page(routes, wiring, counter)
    _tables(routes, wiring)
    _feeds(routes, wiring)
    _figures(routes, wiring, counter)

    @routes.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", public.POLICY)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return routes


@contextmanager
def viewing(wiring: Wiring) -> Iterator[Viewer]:
    """The city as the visitor may see it now; 503 when no city is loaded."""
    with wiring.store.reading() as unit:
        try:
            book = wiring.house.book(unit)
        except NoCity:
            abort(503)
        yield Viewer(unit, book, city_time(unit, wiring.house.clock()), public.language())


def rendered(wiring: Wiring, name: str, viewer: Viewer, **values: Any) -> str:
    """A page in the visitor's language, with the words of this part as ``d``."""
    city, lang = viewer.book.data.city, viewer.lang
    return render_template(
        f"opendata/{name}.html",
        t=public.texts(lang),
        d=texts(lang),
        lang=lang,
        other=public.LANGUAGES[lang == public.LANGUAGES[0]],
        city=city,
        city_name=figures.city_name(viewer),
        simulator=wiring.settings.simulator,
        open_data=True,
        pages=wiring.house.pages,
        **values,
    )


def _page(routes: Blueprint, wiring: Wiring, counter: figures.Counter) -> None:
    @routes.get("/open-data")
    def overview() -> Response:
        with viewing(wiring) as viewer:
            ends = rows.months(viewer.unit)
            book, hidden = viewer.book, issues().hidden
            page = rendered(
                wiring,
                "overview",
                viewer,
                months=_named(exports.months(*ends, book.zone), viewer.lang) if ends else [],
                fields=FIELDS,
                areas=book.data.inside,
                issues=[row for row in book.data.categories if row.code not in hidden],
                networks=book.data.networks,
                alt=figures.alt(viewer, figures.figures(counter.count(viewer), viewer.lang)),
            )
        return Response(page, content_type="text/html; charset=utf-8", headers={"Cache-Control": _SOON})


def _named(months: list[str], lang: str) -> list[tuple[str, str]]:
    """Each month with its name; Thai years are Buddhist."""
    names = sentences(lang)["time.months"].split("|")
    parts = [(month, int(month[:4]), int(month[5:])) for month in months]
    return [(month, f"{names[m - 1]} {year + (543 if lang == 'th' else 0)}") for month, year, m in parts]


def _tables(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/open-data/cases.<any(csv,json,geojson):form>")
    def cases(form: str) -> Response:
        with viewing(wiring) as viewer:
            month = request.args.get("month", "")
            wanted = exports.month_of(month, viewer.book.zone) if month else Wanted()
        if wanted is None:
            abort(404)
        writer = Writer(viewer.book, wiring.house.pages, viewer.lang)
        pieces = exports.written(wiring.store, writer, wanted, form, viewer.now)
        name = f"cases-{month}.{form}" if month else f"cases.{form}"
        kept = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": _SOON}
        return Response(pieces, content_type=exports.TYPES[form], headers=kept)

    @routes.get("/open-data/dictionary.json")
    def dictionary() -> Any:
        with viewing(wiring) as viewer:
            return Writer(viewer.book, wiring.house.pages).dictionary()


def _feeds(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get(
        "/open-data/feeds/<any(all):what>.<any(atom,rss):form>", defaults={"code": ""}, endpoint="feed_of_all"
    )
    @routes.get("/open-data/feeds/<any(area,issue,network):what>/<code>.<any(atom,rss):form>")
    def feed(what: str, code: str, form: str) -> Response:
        with viewing(wiring) as viewer:
            found = feeds.chosen(viewer.book, what, code, viewer.lang)
            if found is None:
                abort(404)
            wanted, name = found
            address = f"{wiring.house.pages}{request.path}"
            made = feeds.Feed(viewer.book, viewer.lang, wiring.house.pages, address, name, viewer.now)
            body = feeds.WRITERS[form](made, open_cases.newest(viewer.unit, wanted, feeds.ENTRIES))
        return Response(body, content_type=feeds.TYPES[form], headers={"Cache-Control": _SOON})


def _figures(routes: Blueprint, wiring: Wiring, counter: figures.Counter) -> None:
    def framed(body: str, kind: str) -> Response:
        headers = {"Cache-Control": _SOON, "Content-Security-Policy": EMBED_POLICY}
        return Response(body, content_type=f"{kind}; charset=utf-8", headers=headers)

    @routes.get("/embed/figures.svg")
    def picture() -> Response:
        with viewing(wiring) as viewer:
            return framed(figures.svg(viewer, counter.count(viewer)), "image/svg+xml")

    @routes.get("/embed/figures")
    def small_page() -> Response:
        with viewing(wiring) as viewer:
            counted = counter.count(viewer)
            shown, when = figures.figures(counted, viewer.lang), figures.when(viewer, counted)
            return framed(rendered(wiring, "figures", viewer, figures=shown, when=when), "text/html")
