"""What the people on the page do: each route acts for one person through the simulator's verbs."""

from __future__ import annotations

import io
import random
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request
from PIL import Image, UnidentifiedImageError
from werkzeug.exceptions import BadRequest, Forbidden

from bot.line.shapes import utf16_units
from bot.web.simulator import pictures
from bot.web.simulator.events import Json

if TYPE_CHECKING:
    from bot.web.simulator.server import LineSimulator

_PHOTO_BYTES = 10 * 1024 * 1024
_PICTURE_TYPES = {"JPEG", "PNG"}


def add(routes: Blueprint, sim: LineSimulator) -> None:
    """Add the acting routes under `/simulator/api/`. All are POST and answer `{"event", "delivered"}`."""

    @routes.before_request
    def only_from_the_page() -> None:
        # A foreign page cannot set this header without asking first, and nobody answers that question.
        if request.method == "POST" and request.headers.get("x-simulator") != "1":
            raise Forbidden("the header X-Simulator is missing")

    for name, act in _ACTS.items():
        routes.add_url_rule(
            f"/simulator/api/{name}",
            f"act_{name}",
            lambda act=act: _done(sim, act(sim, _body())),
            methods=["POST"],
        )

    @routes.post("/simulator/api/photo")
    def photo() -> Response:
        request.max_content_length = _PHOTO_BYTES
        who = {"person": request.args.get("person"), "chat": request.args.get("chat")}
        return _done(sim, sim.photo(_person(sim, who), _checked(request.get_data()), group=_group(sim, who)))

    @routes.post("/simulator/api/person")
    def person() -> Response:
        user_id = "U" + secrets.token_hex(16)
        sim.person(user_id, _text(_body(), "name", 60), "")
        return jsonify(id=user_id)

    @routes.post("/simulator/api/faults")
    def faults() -> Response:
        _switch(sim, _body())
        sim.ledger.nudge()
        return jsonify(sim.faults.describe())


def _say(sim: LineSimulator, body: Json) -> Json:
    group = _group(sim, body)
    return sim.say(
        _person(sim, body), _text(body, "text", 5000), group, mention_bot=bool(body.get("mention"))
    )


def _tap(sim: LineSimulator, body: Json) -> Json:
    shown = body.get("displayText") or body.get("text")
    params = body.get("params")
    if params is not None and not (
        isinstance(params, dict) and all(isinstance(v, str) for v in params.values())
    ):
        raise BadRequest("params must be an object of strings")
    shown = _text({"shown": shown}, "shown", 300) if shown else None
    return sim.tap(
        _person(sim, body), _text(body, "data", 300), shown, params=params, group=_group(sim, body)
    )


def _switch_menu(sim: LineSimulator, body: Json) -> Json:
    person, alias = _person(sim, body), _text(body, "alias", 32)
    menu = sim.menus.aliases.get(alias)
    if menu is not None:
        sim.menus.link(person, menu)
    status = "SUCCESS" if menu is not None else "RICHMENU_ALIAS_ID_NOTFOUND"
    params = {"newRichMenuAliasId": alias, "status": status}
    return sim.tap(person, _text(body, "data", 300), params=params)


def _sample(sim: LineSimulator, body: Json) -> Json:
    kind = body.get("kind")
    if kind not in pictures.SCENES:
        raise BadRequest("unknown kind of picture")
    drawn = pictures.draw(kind, random.randrange(1_000_000))
    return sim.photo(_person(sim, body), drawn, group=_group(sim, body))


def _locate(sim: LineSimulator, body: Json) -> Json:
    lat, lon = (_number(body, name, bound) for name, bound in (("lat", 90), ("lon", 180)))
    title, address = (str(body.get(name) or "")[:100] for name in ("title", "address"))
    return sim.locate(_person(sim, body), lat, lon, title, address, group=_group(sim, body))


def _sticker(sim: LineSimulator, body: Json) -> Json:
    return sim.sticker(
        _person(sim, body), _text(body, "package", 20), _text(body, "sticker", 20), group=_group(sim, body)
    )


def _follow(sim: LineSimulator, body: Json) -> Json:
    return sim.follow(_person(sim, body))


def _unfollow(sim: LineSimulator, body: Json) -> Json:
    return sim.unfollow(_person(sim, body))


def _unsend(sim: LineSimulator, body: Json) -> Json:
    return sim.unsend(_person(sim, body), _text(body, "message", 40), group=_group(sim, body))


def _redeliver(sim: LineSimulator, body: Json) -> Json:
    known = sim.chats.events.get(_text(body, "event", 40))
    if known is None:
        raise BadRequest("unknown event")
    sim.redeliver(known)
    return known


_ACTS: dict[str, Callable[[LineSimulator, Json], Json]] = {
    "say": _say,
    "tap": _tap,
    "switch-menu": _switch_menu,
    "sample": _sample,
    "location": _locate,
    "sticker": _sticker,
    "follow": _follow,
    "unfollow": _unfollow,
    "unsend": _unsend,
    "redeliver": _redeliver,
}


def _switch(sim: LineSimulator, body: Json) -> None:
    match body.get("fault"):
        case "down":
            sim.faults.down()
        case "fail":
            sim.faults.fail_next(1)
        case "lost_answer":
            sim.faults.fail_next(1, accepted=True)
        case "rate_limit":
            sim.faults.rate_limit(1)
        case "monthly_limit":
            sim.faults.monthly_limit(True)
        case "not_ready":
            sim.faults.content_not_ready(times=3)
        case "none":
            sim.faults.clear()
        case _:
            raise BadRequest("unknown fault")


def _done(sim: LineSimulator, event: Json) -> Response:
    entry = sim.chats.entry(event["webhookEventId"])
    return jsonify(event=event["webhookEventId"], delivered=entry["delivered"] if entry else None)


def _body() -> Json:
    body = request.get_json()
    if not isinstance(body, dict):
        raise BadRequest("a JSON object is expected")
    return body


def _person(sim: LineSimulator, body: Json) -> str:
    person = body.get("person")
    if not isinstance(person, str) or person not in sim.chats.people:
        raise BadRequest("unknown person")
    return person


def _group(sim: LineSimulator, body: Json) -> str | None:
    chat = body.get("chat")
    if chat is None or chat == body.get("person"):
        return None
    if chat not in sim.chats.groups or body.get("person") not in sim.chats.groups[chat].members:
        raise BadRequest("unknown chat")
    return str(chat)


def _text(body: Json, name: str, most: int) -> str:
    value: Any = body.get(name)
    if not isinstance(value, str) or not value.strip() or utf16_units(value) > most:
        raise BadRequest(f"{name} must have 1 to {most} characters")
    return value


def _number(body: Json, name: str, bound: float) -> float:
    value: Any = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -bound <= value <= bound:
        raise BadRequest(f"{name} must be a number of degrees")
    return float(value)


def _checked(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format in _PICTURE_TYPES:
                return content
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        pass
    raise BadRequest("a JPEG or PNG picture is expected")
