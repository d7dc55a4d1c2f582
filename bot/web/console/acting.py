"""Pressing a button and answering a question, with pictures; what came of it is shown by the page that follows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Blueprint, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console import said
from bot.web.console.visit import back_to, visiting, words
from handlers import web_turn
from handlers.rules.codes import find_code
from handlers.talk import Outcome
from store.queries import doors as rows
from store.queries import photos

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from bot.web.console.visit import Visit

MOST_PICTURES = 5
_OWN = ("csrf", "back", "data", "text", "photos")
"""Fields of a form that are no keys of its button."""


class BadPicture(ValueError):
    """An uploaded file can't be opened as a picture."""


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.post("/press")
    @access.only(access.SIGNED_IN)
    def press() -> AnyResponse:
        """A button of a card (``data``), or a form whose fields are the button's keys."""
        data = dict(parse_qsl(request.form.get("data", ""), keep_blank_values=True))
        data |= {key: value for key, value in request.form.items() if key not in _OWN and value != ""}
        return _turn(wiring, data)

    @routes.post("/answer")
    @access.only(access.SIGNED_IN)
    def answer() -> AnyResponse:
        return _turn(wiring, None)


def _turn(wiring: Wiring, data: dict[str, str] | None) -> AnyResponse:
    back = request.form.get("back", "")
    try:
        pictures = _kept(wiring, request.files.getlist("photos"))
    except BadPicture:
        with visiting(wiring) as visit:
            told = visit.t["refused"]["bad_picture"]
        words(wiring, told, bad=True)
        return back_to(back)
    text = request.form.get("text", "")
    with visiting(wiring, write=True) as visit:
        outcome = _decided(visit, data, text, pictures)
        told_now = said.shown(outcome, find_code(back) or "")
        if outcome.secret:
            told_now = [{"text": visit.t["refused"]["only_chat"], "buttons": []}]
        rows.say(visit.unit, visit.session.id, told_now)
        unused = [token for token in pictures if photos.by_token(visit.unit, token) is None]
    for token in unused:
        wiring.files.remove(token)
    return back_to(back)


def _decided(visit: Visit, data: dict[str, str] | None, text: str, pictures: tuple[str, ...]) -> Outcome:
    if data is None:
        return web_turn.answer(visit.talk, visit.person, visit.lang, text, pictures)
    return web_turn.press(visit.talk, visit.person, visit.lang, data, text, pictures)


def _kept(wiring: Wiring, uploads: Iterable[FileStorage]) -> tuple[str, ...]:
    """The pictures, stripped and kept before anything is decided: a row must never promise what is not there."""
    tokens: list[str] = []
    for upload in list(uploads)[:MOST_PICTURES]:
        content = upload.read()
        if not content:
            continue
        token = secrets.token_urlsafe(24)
        try:
            wiring.files.keep(token, content)
        except ValueError:
            for kept in tokens:
                wiring.files.remove(kept)
            raise BadPicture from None
        tokens.append(token)
    return tuple(tokens)
