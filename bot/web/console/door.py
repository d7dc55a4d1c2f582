"""Signing in with a one-time link, signing out here or everywhere, and the language of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access, public
from bot.web.console import visit
from bot.web.console.visit import COOKIE, back_to, scene_of, texts, visiting
from handlers.services import doors
from handlers.services.doors import DoorState
from store.queries import doors as rows

if TYPE_CHECKING:
    from bot.bootstrap import Wiring


def add(routes: Blueprint, wiring: Wiring) -> None:
    _coming(routes, wiring)
    _inside(routes, wiring)


def _coming(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/sign-in")
    @access.public
    def sign_in() -> Response:
        return _plain(wiring, "sign_in")

    @routes.get("/enter/<word>")
    @access.only(access.LINK)
    def look(word: str) -> Response:
        with wiring.store.reading() as unit:
            state, _ = doors.look(scene_of(wiring, unit), word)
        return _plain(wiring, "enter", 200 if state == DoorState.GOOD else 410, state=state.value, word=word)

    @routes.post("/enter/<word>")
    @access.only(access.LINK)
    def enter(word: str) -> AnyResponse:
        # Another site's form may not sign anybody in; old browsers that don't say whence they come still may.
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            abort(403)
        with wiring.store.writing() as unit:
            scene = scene_of(wiring, unit)
            state, key = doors.open_(scene, word)
        if key is None:
            return _plain(wiring, "enter", 410, state=state.value, word=word)
        response = redirect("/console/home", 303)
        secure = wiring.settings.base_url.startswith("https://")
        response.set_cookie(
            COOKIE,
            key.word,
            max_age=int(doors.SESSION_S),
            path="/console",
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def _inside(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/home")
    @access.only(access.SIGNED_IN)
    def home() -> AnyResponse:
        """Where her work is."""
        with visiting(wiring) as found:
            first = next(path for _, path, group in visit.MENU if group in found.groups)
        return redirect(first, 303)

    @routes.post("/sign-out")
    @access.only(access.SIGNED_IN)
    def sign_out() -> AnyResponse:
        with visiting(wiring, write=True) as found:
            doors.leave(found.talk, found.session, everywhere=request.form.get("everywhere") == "1")
        response = redirect("/console/sign-in", 303)
        response.delete_cookie(COOKIE, path="/console")
        return response

    @routes.post("/language")
    @access.only(access.SIGNED_IN)
    def language() -> AnyResponse:
        asked = request.form.get("language", "")
        with visiting(wiring, write=True) as found:
            if asked in public.LANGUAGES:
                rows.speak(found.unit, found.session.id, asked)
        return back_to(request.form.get("back", ""))


def _plain(wiring: Wiring, name: str, code: int = 200, **values: object) -> Response:
    """A page for somebody who is not signed in yet."""
    lang = public.language()
    with wiring.store.reading() as unit:
        city = scene_of(wiring, unit).book.data.city
    body = render_template(
        f"console/{name}.html",
        t=texts(lang),
        lang=lang,
        city_name=city.name_en if lang == "en" else city.name_th,
        menu=(),
        csrf="",
        here="",
        simulator=wiring.settings.simulator,
        **values,
    )
    return Response(body, code, content_type="text/html; charset=utf-8")
