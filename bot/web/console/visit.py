"""One request of the console: who is there, as what, in which language; and the page that answers.

Nobody is let in by what was true at sign-in: session and roles are read anew at every request.
"""

from __future__ import annotations

import hmac
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access, public
from handlers import web_turn
from handlers.house import NoCity
from handlers.messages.times import moment
from handlers.services import doors
from handlers.talk import Scene
from handlers.web_turn import WebTalk
from store import Unit
from store.models import DoorSession, Person
from store.queries import city as city_rows
from store.queries import doors as door_rows

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

COOKIE = "saan_console"
MOST_BYTES = 20 * 1024 * 1024
"""Of a form with pictures or a table."""
_TEXTS = Path(__file__).parents[1] / "texts"

Texts = dict[str, dict[str, str]]


@cache
def texts(lang: str) -> Texts:
    """The console's words by section and name, beside those of all pages."""
    with open(_TEXTS / f"console_{lang}.toml", "rb") as file:
        own: Texts = tomllib.load(file)
    return {**public.texts(lang), **own}


@dataclass(frozen=True)
class Visit:
    """Somebody signed in, inside one unit of work."""

    wiring: Wiring
    talk: WebTalk
    session: DoorSession
    groups: frozenset[str]

    @property
    def lang(self) -> str:
        return self.session.language

    @property
    def t(self) -> Texts:
        return texts(self.lang)

    @property
    def person(self) -> Person:
        return self.session.person

    @property
    def unit(self) -> Unit:
        return self.talk.unit

    def when(self, at: datetime | None) -> str:
        """A moment in words; empty for none."""
        return moment(at, self.talk.now, self.talk.book.zone, self.lang) if at else ""

    def machine(self, at: float | None) -> str:
        """Machine time in words."""
        return self.when(datetime.fromtimestamp(at, UTC)) if at else ""


def scene_of(wiring: Wiring, unit: Unit) -> Scene:
    """The city now; 503 when there is none."""
    machine = wiring.house.clock()
    now = datetime.fromtimestamp(machine, UTC) + timedelta(seconds=city_rows.clock_offset(unit))
    scene = Scene(wiring.house, unit, now, machine)
    try:
        scene.book  # noqa: B018
    except NoCity:
        abort(503)
    return scene


@contextmanager
def visiting(wiring: Wiring, *, write: bool = False) -> Iterator[Visit]:
    """The visit behind the request's cookie; 401 when its session has just ended."""
    with wiring.store.writing() if write else wiring.store.reading() as unit:
        scene = scene_of(wiring, unit)
        session = doors.enter(scene, request.cookies.get(COOKIE, ""))
        if session is None:
            abort(401)
        talk = web_turn.speaking(scene, session.person, session.language)
        yield Visit(wiring, talk, session, doors.groups(scene, session.person))


# --- the guard


def guard(routes: Blueprint, wiring: Wiring) -> None:
    """Before every route: a living session, a fitting role, and on POST the session's own word."""

    @routes.before_request
    def let_in() -> AnyResponse | None:
        role = access.role_of(current_app, request.endpoint or "")
        if role not in access.CONSOLE:
            return None
        try:
            return _checked(wiring, role)
        except RequestEntityTooLarge:
            return refused("too_big", 413)

    @routes.after_request
    def shown(response: Response) -> Response:
        """What the last button answered has been seen."""
        if g.get("shown"):
            with wiring.store.writing() as unit:
                door_rows.say(unit, g.shown, None)
        return response


def _checked(wiring: Wiring, role: str) -> AnyResponse | None:
    with wiring.store.reading() as unit:
        scene = scene_of(wiring, unit)
        session = doors.enter(scene, request.cookies.get(COOKIE, ""))
        if session is None:
            return redirect("/console/sign-in", 303)
        groups = doors.groups(scene, session.person)
        stale = doors.stale(scene, session)
    g.groups, g.csrf, g.lang = groups, session.csrf, session.language
    if role != access.SIGNED_IN and role not in groups:
        return refused("not_yours", 403)
    if request.method == "POST":
        request.max_content_length = MOST_BYTES
        if not hmac.compare_digest(request.form.get("csrf", ""), session.csrf):
            return refused("form_old", 400)
    if stale:
        with wiring.store.writing() as unit:
            door_rows.seen(unit, session.id, scene.machine)
    return None


def refused(why: str, code: int) -> Response:
    """A short kind page: why this did not work and where to go on."""
    lang = g.get("lang") or public.language()
    values = {"why": texts(lang)["refused"][why], "t": texts(lang), "lang": lang}
    body = render_template("console/refused.html", city_name="", menu=(), csrf="", here="", **values)
    return Response(body, code, content_type="text/html; charset=utf-8")


# --- pages

MENU = (
    ("work", "/console/", doors.OFFICIAL),
    ("cases", "/console/cases", doors.OFFICIAL),
    ("networks", "/console/networks", doors.REPRESENTATIVE),
    ("city", "/console/city", doors.ADMINISTRATOR),
    ("routing", "/console/routing", doors.ADMINISTRATOR),
    ("texts", "/console/texts", doors.ADMINISTRATOR),
    ("people", "/console/people", doors.ADMINISTRATOR),
    ("learning", "/console/learning", doors.ADMINISTRATOR),
    ("messages", "/console/messages", doors.ADMINISTRATOR),
    ("audit", "/console/audit", doors.ADMINISTRATOR),
    ("health", "/console/health", doors.ADMINISTRATOR),
)


def page(visit: Visit, template: str, status: int = 200, /, **values: Any) -> Response:
    """A page of the console. What the last button answered is shown once, here."""
    city = visit.talk.book.data.city
    said = visit.session.said
    body = render_template(
        f"console/{template}.html",
        t=visit.t,
        lang=visit.lang,
        city_name=city.name_en if visit.lang == "en" else city.name_th,
        who=visit.person.name or visit.t["page"]["nameless"],
        menu=[(key, path) for key, path, group in MENU if group in visit.groups],
        csrf=visit.session.csrf,
        said=said,
        asks=bool(visit.talk.conversation.asked),
        here=request.path,
        **values,
    )
    if said is not None and not visit.talk.conversation.asked:  # an open question stays in sight
        g.shown = visit.session.id
    return Response(body, status, content_type="text/html; charset=utf-8")


def back_to(given: str, otherwise: str = "/console/") -> AnyResponse:
    """After a button: the page it stood on, never another site."""
    fits = given.startswith("/console/") and "//" not in given and "\\" not in given and given.isprintable()
    return redirect(given if fits else otherwise, 303)


def words(wiring: Wiring, *said: str, bad: bool = False) -> None:
    """Keep sentences for the page that follows."""
    with wiring.store.writing() as unit:
        session = doors.enter(scene_of(wiring, unit), request.cookies.get(COOKIE, ""))
        if session is not None:
            tone = "warn" if bad else "good"
            door_rows.say(unit, session.id, [{"text": one, "tone": tone, "buttons": []} for one in said])
