"""The simulator's page: phones side by side, fed by one long question "what is new?"."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from bot.web.simulator import page_acts, pictures

if TYPE_CHECKING:
    from bot.web.simulator.server import LineSimulator

_WAIT_SECONDS = 15.0
_ASK_AGAIN_SECONDS = 1.5
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TEXTS = Path(__file__).with_name("texts.json")


class Looks(Protocol):
    """What the page may ask of the installation behind it."""

    def look(self) -> dict[str, Any]: ...

    def tomorrow(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class PageSettings:
    """Whom and what the page shows.

    `people`: mappings with `id` (`U` and 32 hex digits), `name`, `role_label`, maybe `role_label_en` and
    `starters` (example messages offered while the chat is empty; the page's own ones where nothing is told).
    `places`: mappings with `title`, `address`, `lat`, `lon` for the location dialog. `hints`: called for
    every answer; by user id a line to show above that phone. `base_host`: host (and port) of the addresses
    that the bot puts into messages; pictures and links there are fetched from the page's own origin. `city`:
    named in the heading. `inside`: what looks into the installation and moves its clock; without it the page shows
    phones only. `waiters`: how many pages may hold a request open; more of them ask now and then.
    """

    people: Sequence[Mapping[str, Any]] = ()
    places: Sequence[Mapping[str, Any]] = ()
    hints: Callable[[], Mapping[str, str]] = dict
    base_host: str = "127.0.0.1:8000"
    city: str = ""
    inside: Looks | None = None
    waiters: int = 2


@cache
def texts() -> dict[str, dict[str, Any]]:
    """The page's words by language and name."""
    loaded: dict[str, dict[str, Any]] = json.loads(_TEXTS.read_text("utf-8"))
    return loaded


def blueprint(sim: LineSimulator, settings: PageSettings) -> Blueprint:
    """`/simulator` and what it needs; adds the people of `settings` to the simulator."""
    for person in settings.people:
        sim.person(person["id"], person["name"], person.get("role_label", ""))
    routes = Blueprint(
        "simulator_page",
        __name__,
        static_folder="static",
        static_url_path="/simulator/static",
        template_folder="templates",
    )
    news = _News(sim, settings)

    @routes.get("/simulator")
    def page() -> str:
        return render_template("simulator/page.html", t=texts()["th"], city=settings.city)

    @routes.get("/simulator/api/start")
    def start() -> Response:
        return jsonify(
            texts=texts(),
            places=list(settings.places),
            scenes=list(pictures.SCENES),
            inside=settings.inside is not None,
            console=_served("/console"),
            **news.since(0),
        )

    @routes.get("/simulator/api/news")
    def what_is_new() -> Response:
        return jsonify(news.after(request.args.get("boot", ""), request.args.get("after", 0, type=int)))

    @routes.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.path.startswith("/simulator/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    _pictures(routes, sim)
    if settings.inside is not None:
        _inside(routes, settings.inside)
    page_acts.add(routes, sim)
    return routes


def _served(path: str) -> bool:
    """Whether this application has a page there."""
    try:
        current_app.url_map.bind("").match(path, "GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def _inside(routes: Blueprint, inside: Looks) -> None:
    @routes.get("/simulator/api/inside")
    def look() -> Response:
        return jsonify(inside.look())

    @routes.post("/simulator/api/tomorrow")
    def tomorrow() -> Response:
        try:
            return jsonify(inside.tomorrow())
        except RuntimeError as error:
            abort(409, str(error))


def _pictures(routes: Blueprint, sim: LineSimulator) -> None:
    @routes.get("/simulator/api/content/<message_id>")
    def content(message_id: str) -> Response:
        return _picture(sim.media.shown(message_id))

    @routes.get("/simulator/api/menu/<menu_id>")
    def menu(menu_id: str) -> Response:
        return _picture(sim.menus.image(menu_id))

    @routes.get("/simulator/api/sample/<any(hole, lamp, rubbish, flood, tree, fixed):kind>")
    def sample(kind: str) -> Response:
        response = _picture(("image/jpeg", pictures.draw(kind, 0)))
        response.headers["Cache-Control"] = "max-age=86400"
        return response


def _picture(found: tuple[str, bytes] | None) -> Response:
    if found is None or not found[0].startswith("image/"):
        abort(404)
    return Response(found[1], content_type=found[0])


class _News:
    """What the page must know, all of it or what changed after a version."""

    def __init__(self, sim: LineSimulator, settings: PageSettings) -> None:
        self._sim, self._settings = sim, settings
        self._boot = secrets.token_hex(8)
        self._places = threading.BoundedSemaphore(settings.waiters)
        self._people_given = {person["id"]: person for person in settings.people}

    def after(self, boot: str, version: int) -> dict[str, Any]:
        """Wait for news beyond `version`; a page from before a restart (another `boot`) gets everything."""
        if boot != self._boot:
            return self.since(0)
        waited = self._places.acquire(blocking=False)
        if waited:
            try:
                self._sim.ledger.wait(version, _WAIT_SECONDS)
            finally:
                self._places.release()
        return {**self.since(version), "pause": 0 if waited else _ASK_AGAIN_SECONDS}

    def since(self, version: int) -> dict[str, Any]:
        """People, groups, menus as they are, and the entries that changed after `version`."""
        sim = self._sim
        # Asked before the lock is taken: whoever answers may have to look into a database first.
        hints = self._settings.hints()
        with sim.ledger.lock:
            return {
                "boot": self._boot,
                "version": sim.ledger.version,
                "bot": sim.bot_name,
                "host": self._settings.base_host,
                "people": self._people(hints),
                "groups": [vars(group) for group in sim.chats.groups.values()],
                "entries": sim.chats.entries(after=version),
                "typing": sim.chats.typing_now(sim.clock()),
                "menus": {menu: sim.menus.described(menu) for menu in sim.menus.menus},
                "quota": {"limit": sim.outgoing.quota, "used": sim.outgoing.consumption()},
                "faults": sim.faults.describe(),
            }

    def _given(self, user_id: str) -> Mapping[str, Any]:
        return self._people_given.get(user_id, {})

    def _people(self, hints: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                **vars(person),
                "role_label_en": self._given(person.id).get("role_label_en", ""),
                "starters": self._given(person.id).get("starters"),
                "role": self._given(person.id).get("role", ""),
                "hint": hints.get(person.id, ""),
                "menu": self._sim.menus.seen_by(person.id),
            }
            for person in self._sim.chats.people.values()
        ]
