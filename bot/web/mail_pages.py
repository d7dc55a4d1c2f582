"""`/mail/<token>`: the page behind a link in a mail. Looking changes nothing; only the button does, once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.web import access
from bot.web.public import POLICY, language, texts
from handlers.flows import by_mail
from handlers.flows.by_mail import Came
from handlers.house import NoCity
from handlers.messages.texts import say
from handlers.rules import handover
from handlers.services import digest_mail, letters, mail_links
from handlers.services.mail_links import Held, LinkState
from handlers.talk import Scene
from store import Unit
from store.models import Case, MailLink
from store.queries import city

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

MOST_BYTES = 20 * 1024 * 1024
_POLICY = POLICY.replace("form-action 'none'", "form-action 'self'")
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class NotAPicture(ValueError):
    """The uploaded file can't be opened."""


def blueprint(wiring: Wiring) -> Blueprint:
    """The page and its button."""
    routes = Blueprint("mail", __name__)
    access.allow(routes, access.LINK)

    @routes.get("/mail/<token>")
    def look(token: str) -> Response:
        with wiring.store.reading() as unit, _scene(wiring, unit) as scene:
            return _shown(scene, mail_links.look(scene, token), token)

    @routes.post("/mail/<token>")
    def act(token: str) -> Response:
        request.max_content_length = MOST_BYTES
        try:
            return _acted(wiring, token)
        except NotAPicture:
            return _again(wiring, token, "bad_picture", 400)
        except RequestEntityTooLarge:
            return _again(wiring, token, "big_picture", 413)

    @routes.get("/mail/news/<token>")
    def leaving(token: str) -> Response:
        with wiring.store.reading() as unit, _scene(wiring, unit) as scene:
            known = digest_mail.knows(scene, token)
            return _page("news", 200 if known else 404, scene=scene, state="ask" if known else "gone")

    @routes.post("/mail/news/<token>")
    def leave(token: str) -> Response:
        """The page's button, or a mail program's one click (RFC 8058), which asks nobody and follows no redirect."""
        with wiring.store.writing() as unit, _scene(wiring, unit) as scene:
            ended = digest_mail.stop(scene, token)
            return _page("news", 200 if ended else 404, scene=scene, state="ended" if ended else "gone")

    @routes.after_request
    def guard(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    return routes


@contextmanager
def _scene(wiring: Wiring, unit: Unit) -> Iterator[Scene]:
    """The city now; 503 when there is none."""
    machine = wiring.house.clock()
    now = datetime.fromtimestamp(machine, UTC) + timedelta(seconds=city.clock_offset(unit))
    scene = Scene(wiring.house, unit, now, machine)
    try:
        scene.book  # noqa: B018
    except NoCity:
        abort(503)
    yield scene


# --- looking


def _shown(
    scene: Scene, held: Held, token: str, fault: str = "", code: int = 200, given: tuple[str, str] = ("", "")
) -> Response:
    if held.state != LinkState.GOOD or held.link is None or held.case is None:
        return _off(scene, held.state)
    lang, link, case = language(), held.link, held.case
    kind = "helped" if link.do == "done" and case.lead != link.agency else link.do
    return _page(
        "form",
        code,
        scene=scene,
        kind=kind,
        token=token,
        fault=fault,
        case=case,
        agency=scene.book.agency_name(link.agency, lang),
        title=scene.book.category_name(case.category, lang),
        facts=letters.facts(scene, case, lang),
        photos=[address.removeprefix(scene.house.pages) for address in letters.photo_addresses(scene, case)],
        reasons=[(name, say(lang, f"decline.{name}")) for name in handover.REASONS],
        given_text=given[0],
        given_why=given[1],
    )


def _off(scene: Scene, state: LinkState) -> Response:
    """Used, too old, moved on or unknown: said kindly, and whom to call."""
    code = 404 if state == LinkState.UNKNOWN else 410
    return _page("off", code, scene=scene, state=state.value)


def _again(wiring: Wiring, token: str, fault: str, code: int) -> Response:
    with wiring.store.reading() as unit, _scene(wiring, unit) as scene:
        return _shown(scene, mail_links.look(scene, token), token, fault, code)


# --- acting


@dataclass(frozen=True)
class Next:
    """A fresh link on the page that follows."""

    label: str
    path: str


def _acted(wiring: Wiring, token: str) -> Response:
    with wiring.store.reading() as unit, _scene(wiring, unit) as scene:
        held = mail_links.look(scene, token)
        if held.state != LinkState.GOOD:
            return _off(scene, held.state)
    photos, text, why = _kept(wiring), _text(), request.form.get("why", "")
    with wiring.store.writing() as unit, _scene(wiring, unit) as scene:
        held, came = by_mail.by_link(scene, token, text, why, tuple(photos))
        if came in by_mail.CHANGED and held.link is not None and held.case is not None:
            return _thanks(scene, held.case, held.link, came)
        if came == Came.LATE:
            state = LinkState.MOVED if held.state == LinkState.GOOD else held.state
            return _drop(wiring, photos, _off(scene, state))
        return _drop(wiring, photos, _shown(scene, held, token, came.value, 400, (text, why)))


def _text() -> str:
    return request.form.get("text", "").replace("\x00", "").replace("\r\n", "\n").strip()


def _kept(wiring: Wiring) -> list[str]:
    """The uploaded picture, stripped and kept, before anything is decided: a row must never promise what is not there."""
    upload = request.files.get("photo")
    content = upload.read() if upload is not None else b""
    if not content:
        return []
    token = secrets.token_urlsafe(24)
    try:
        wiring.files.keep(token, content)
    except ValueError:
        raise NotAPicture from None
    return [token]


def _drop(wiring: Wiring, photos: list[str], response: Response) -> Response:
    """Nothing came of it, so its pictures are not kept."""
    for token in photos:
        wiring.files.remove(token)
    return response


def _thanks(scene: Scene, case: Case, link: MailLink, came: Came) -> Response:
    agency = scene.book.agencies[link.agency]
    following = []
    if came in (Came.NOTED, Came.ASKED):
        for do in letters.acts_for(case, agency.code):
            word = mail_links.token(scene.house, mail_links.mint(scene, case, agency, do))
            following.append(Next(letters.label(case, agency.code, do, language()), f"/mail/{word}"))
    return _page("thanks", 200, scene=scene, came=came.value, case=case, following=following)


def _page(name: str, code: int, scene: Scene, **values: Any) -> Response:
    lang, row = language(), scene.book.data.city
    body = render_template(
        f"mail/{name}.html",
        t=texts(lang),
        lang=lang,
        other=None,
        city=row,
        city_name=row.name_en if lang == "en" else row.name_th,
        **values,
    )
    return Response(body, code, content_type="text/html; charset=utf-8")
